package org.biobert;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** Options of a {@link Trainer}. Immutable: each {@code with} method gives a changed copy. */
public final class TrainerOptions {
    /** How much time a training may take. */
    public enum Preset {
        /** For a first impression: a few epochs, or, with few texts, as many as give 150 steps. */
        FAST,
        /** Ten epochs, or, with few texts, as many as give 600 steps. */
        BEST
    }

    /** The architecture of a head. */
    public enum HeadKind {
        /** One linear layer on the states of the last layer: a baseline, much worse for entities. */
        LINEAR,
        /** A learned mix of the encoder's layers, a norm and a linear layer; for entities also a CRF. */
        MIX,
        /** The same with a hidden layer. The default for relations and classes, only for them. */
        MLP,
        /** The mean over the layers and a bidirectional LSTM. The default for answers, only for them. */
        LSTM,
        /** The same with a CRF. The default for entities, only for them. */
        LSTM_CRF
    }

    private static final TrainerOptions DEFAULTS = new TrainerOptions(new Fields());

    private final Fields fields;

    private TrainerOptions(Fields fields) {
        this.fields = fields;
    }

    /**
     * Offsets in UTF-16 units, preset {@link Preset#BEST}, the kind of head that does best for the task,
     * seed 0, no second training, no more than 32 GiB on disk.
     *
     * @return the defaults
     */
    public static TrainerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * What the offsets of examples count.
     *
     * @param unit the unit
     * @return a changed copy
     */
    public TrainerOptions withUnit(RunOptions.Unit unit) {
        int number = Objects.requireNonNull(unit, "unit").number();
        return with(f -> f.unit = number);
    }

    /**
     * How much time the training may take.
     *
     * @param preset how much
     * @return a changed copy
     */
    public TrainerOptions withPreset(Preset preset) {
        int number = Objects.requireNonNull(preset, "preset").ordinal() + 1;
        return with(f -> f.preset = number);
    }

    /**
     * The architecture of the head.
     *
     * @param headKind what
     * @return a changed copy
     */
    public TrainerOptions withHeadKind(HeadKind headKind) {
        int number = Objects.requireNonNull(headKind, "headKind").ordinal() + 1;
        return with(f -> f.headKind = number);
    }

    /**
     * Random seed. The same seed, data and model give the same head, bit for bit, on every
     * processor.
     *
     * @param seed any number
     * @return a changed copy
     */
    public TrainerOptions withSeed(long seed) {
        return with(f -> f.seed = seed);
    }

    /**
     * Whether to train the head once more in the end, on training and held-out examples together, for the
     * number of epochs that the held-out examples chose.
     *
     * @param refit true if it is
     * @return a changed copy
     */
    public TrainerOptions withRefit(boolean refit) {
        return with(f -> f.refit = refit);
    }

    /**
     * Whether to give rare labels of classes and relations more weight.
     *
     * @param balanced true if they do
     * @return a changed copy
     */
    public TrainerOptions withBalanced(boolean balanced) {
        return with(f -> f.balanced = balanced);
    }

    /**
     * A directory for intermediate results. A training that was killed resumes from there when the same
     * training is started again. It is emptied in the end. Without one, a nameless file in the system's
     * temporary directory is used, and the training cannot resume.
     *
     * @param path the directory
     * @return a changed copy
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     */
    public TrainerOptions withWorkPath(Path path) {
        byte[] name = Text.utf8(path);
        return with(f -> f.workPath = name);
    }

    /**
     * The most that may be kept on disk of what the encoder says, about 1 kB a word for the default model.
     *
     * @param maxFeatureBytes bytes
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public TrainerOptions withMaxFeatureBytes(long maxFeatureBytes) {
        EngineOptions.positive(maxFeatureBytes, "maxFeatureBytes");
        return with(f -> f.maxFeatureBytes = maxFeatureBytes);
    }

    /**
     * Entities: the kind that a plain {@code B} or {@code I} in a file stands for, in place of {@code Entity}.
     *
     * @param entity the kind
     * @return a changed copy
     */
    public TrainerOptions withEntity(String entity) {
        byte[] kind = Text.utf8(entity, "entity");
        return with(f -> f.entity = kind);
    }

    /**
     * Relations: the kinds of the two entities, in place of what the masks say, {@code Chemical} for
     * {@code @CHEMICAL$}.
     *
     * @param first kind of the first
     * @param second kind of the second
     * @return a changed copy
     */
    public TrainerOptions withKinds(String first, String second) {
        byte[] one = Text.utf8(first, "first");
        byte[] other = Text.utf8(second, "second");
        return with(f -> {
            f.firstKind = one;
            f.secondKind = other;
        });
    }

    /**
     * Relations: what replaces the two entities, in place of what a file of masked sentences has, or
     * {@code @ENTITY1$} and {@code @ENTITY2$}.
     *
     * @param first in place of the first
     * @param second in place of the second
     * @return a changed copy
     */
    public TrainerOptions withMasks(String first, String second) {
        byte[] one = Text.utf8(first, "first");
        byte[] other = Text.utf8(second, "second");
        return with(f -> {
            f.firstMask = one;
            f.secondMask = other;
        });
    }

    /**
     * Relations: the label that means "none", in place of one that says so, such as {@code 0} or
     * {@code false}.
     *
     * @param negative the label
     * @return a changed copy
     */
    public TrainerOptions withNegative(String negative) {
        byte[] label = Text.utf8(negative, "negative");
        return with(f -> f.negative = label);
    }

    /**
     * Licence of the weights, for the head's file.
     *
     * @param licence such as {@code CC0-1.0}
     * @return a changed copy
     */
    public TrainerOptions withLicence(String licence) {
        byte[] name = Text.utf8(licence, "licence");
        return with(f -> f.licence = name);
    }

    /**
     * Date of the training, for the head's file, which has none of its own accord.
     *
     * @param date such as {@code 2026-11-21}
     * @return a changed copy
     */
    public TrainerOptions withDate(String date) {
        byte[] day = Text.utf8(date, "date");
        return with(f -> f.date = day);
    }

    /** Makes a native trainer. */
    long create(long model, Task task) {
        Fields f = fields;
        byte[][] names = {
            f.workPath, f.entity, f.firstKind, f.secondKind, f.firstMask, f.secondMask, f.negative, f.licence, f.date
        };
        return Native.trainerCreate(
                model, task.number(), f.unit, f.preset, f.headKind, f.seed, f.refit, f.balanced, f.maxFeatureBytes, names);
    }

    private TrainerOptions with(Consumer<Fields> change) {
        Fields changed = fields.copy();
        change.accept(changed);
        return new TrainerOptions(changed);
    }

    /** Too many for a constructor. They change only before their options are made; 0 and empty are defaults. */
    private static final class Fields implements Cloneable {
        private static final byte[] NONE = {};

        private int unit = RunOptions.Unit.UTF16_UNITS.number();
        private int preset;
        private int headKind;
        private long seed;
        private boolean refit;
        private boolean balanced;
        private long maxFeatureBytes;
        private byte[] workPath = NONE;
        private byte[] entity = NONE;
        private byte[] firstKind = NONE;
        private byte[] secondKind = NONE;
        private byte[] firstMask = NONE;
        private byte[] secondMask = NONE;
        private byte[] negative = NONE;
        private byte[] licence = NONE;
        private byte[] date = NONE;

        Fields copy() {
            try {
                return (Fields) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
