package org.biobert;

import java.util.Objects;

/** Options of embeddings. Immutable: each {@code with} method gives a changed copy. */
public final class EmbedOptions {
    /** How the states of a document become one vector. */
    public enum Pooling {
        /** The mean over its tokens. */
        MEAN,
        /** The state of {@code [CLS]}. */
        CLS,
        /** What the model says itself: mean, linear layer, length 1. Of the last layer only. */
        MODEL
    }

    private static final int LAST_LAYER = -1;
    private static final EmbedOptions DEFAULTS = new EmbedOptions(null, LAST_LAYER, false, false, null);

    /** Null: the model's own if it has that and no layer is chosen, else the mean. */
    private final Pooling pooling;
    private final int layer;
    private final boolean normalize;
    private final boolean tokens;
    /** UTF-8; null: the model's default one. */
    private final byte[] prompt;

    private EmbedOptions(Pooling pooling, int layer, boolean normalize, boolean tokens, byte[] prompt) {
        this.pooling = pooling;
        this.layer = layer;
        this.normalize = normalize;
        this.tokens = tokens;
        this.prompt = prompt;
    }

    /**
     * {@link Pooling#MODEL} if the model has that and no layer is chosen, else {@link Pooling#MEAN}; without
     * tokens.
     *
     * @return the defaults
     */
    public static EmbedOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How the states become one vector.
     *
     * @param pooling how
     * @return a changed copy
     */
    public EmbedOptions withPooling(Pooling pooling) {
        return new EmbedOptions(Objects.requireNonNull(pooling, "pooling"), layer, normalize, tokens, prompt);
    }

    /**
     * Whose states are taken, in place of the last layer's.
     *
     * @param layer 0 is the embeddings
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public EmbedOptions withLayer(int layer) {
        if (layer < 0) {
            throw new IllegalArgumentException("layer is negative");
        }
        return new EmbedOptions(pooling, layer, normalize, tokens, prompt);
    }

    /**
     * Whether vectors are scaled to length 1.
     *
     * @param normalize true if they are
     * @return a changed copy
     */
    public EmbedOptions withNormalize(boolean normalize) {
        return new EmbedOptions(pooling, layer, normalize, tokens, prompt);
    }

    /**
     * Whether every token's place and state is given too.
     *
     * @param tokens true if they are
     * @return a changed copy
     */
    public EmbedOptions withTokens(boolean tokens) {
        return new EmbedOptions(pooling, layer, normalize, tokens, prompt);
    }

    /**
     * The prompt that is put before each text, in place of the model's default one; of {@link Pooling#MODEL}
     * alone.
     *
     * @param name its name; empty for none
     * @return a changed copy
     */
    public EmbedOptions withPrompt(String name) {
        return new EmbedOptions(pooling, layer, normalize, tokens, Text.utf8(name, "name"));
    }

    /** The number of the header, whose order the constants have; 0 without a choice. */
    int pooling() {
        return pooling == null ? 0 : pooling.ordinal() + 1;
    }

    /** Below 0: the last. */
    int layer() {
        return layer;
    }

    boolean normalize() {
        return normalize;
    }

    boolean tokens() {
        return tokens;
    }

    byte[] prompt() {
        return prompt;
    }
}
