package org.biobert;

/** Options of answers. Immutable: each {@code with} method gives a changed copy. */
public final class QaOptions {
    private static final QaOptions DEFAULTS = new QaOptions(0, 0, false, 0);

    private final int top;
    private final int maxTokens;
    private final boolean pool;
    private final float threshold;

    private QaOptions(int top, int maxTokens, boolean pool, float threshold) {
        this.top = top;
        this.maxTokens = maxTokens;
        this.pool = pool;
        this.threshold = threshold;
    }

    /**
     * Up to 5 answers of up to 30 tokens.
     *
     * @return the defaults
     */
    public static QaOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How many answers a question gets at most.
     *
     * @param top 1 or more
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public QaOptions withTop(int top) {
        return new QaOptions((int) EngineOptions.positive(top, "top"), maxTokens, pool, threshold);
    }

    /**
     * How many tokens an answer has at most.
     *
     * @param maxTokens 1 or more
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public QaOptions withMaxTokens(int maxTokens) {
        return new QaOptions(top, (int) EngineOptions.positive(maxTokens, "maxTokens"), pool, threshold);
    }

    /**
     * Whether the passages of a question decide together: each gives its answers probabilities, and an
     * answer has the mean of what the passages give it, whichever way each writes it. Answers are mended
     * (brackets, sentences) and the most probable comes first.
     *
     * @param pool whether they do
     * @return a changed copy
     */
    public QaOptions withPool(boolean pool) {
        return new QaOptions(top, maxTokens, pool, threshold);
    }

    /**
     * With {@link #withPool}: which part of the best answer's probability the others must have. For
     * questions with several answers, such as 0.4.
     *
     * @param threshold from 0, which keeps all, to 1
     * @return a changed copy
     * @throws IllegalArgumentException if it is not
     */
    public QaOptions withThreshold(float threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold is not from 0 to 1");
        }
        return new QaOptions(top, maxTokens, pool, threshold);
    }

    int top() {
        return top;
    }

    int maxTokens() {
        return maxTokens;
    }

    boolean pool() {
        return pool;
    }

    float threshold() {
        return threshold;
    }
}
