package org.biobert;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** Options of a {@link Trainer}. Immutable: each {@code with} method gives a changed copy. */
public final class TrainerOptions {
    /** How much time a training may take. */
    public enum Preset {
        /** A first answer: a few epochs, of few texts as many as make 150 steps. */
        FAST,
        /** Ten epochs, of few texts as many as make 600 steps. */
        BEST
    }

    /** What a head is made of. */
    public enum HeadKind {
        /** One linear layer on the last layer's states: a baseline, much worse for entities. */
        LINEAR,
        /** A learned mix of the encoder's layers, a norm, a linear layer; for entities a CRF. */
        MIX,
        /** The same with a hidden layer: for relations and classes, where it is the default. */
        MLP,
        /** The mean over the layers and an LSTM in both directions: for answers, where it is the default. */
        LSTM,
        /** The same with a CRF: for entities, where it is the default. */
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
     * What the head is made of.
     *
     * @param headKind what
     * @return a changed copy
     */
    public TrainerOptions withHeadKind(HeadKind headKind) {
        int number = Objects.requireNonNull(headKind, "headKind").ordinal() + 1;
        return with(f -> f.headKind = number);
    }

    /**
     * Where chance starts: the same seed, data and model give the same head, bit for bit, on every
     * processor.
     *
     * @param seed any number
     * @return a changed copy
     */
    public TrainerOptions withSeed(long seed) {
        return with(f -> f.seed = seed);
    }

    /**
     * Whether the head is trained once more, on training and held-out data together, for as many epochs as
     * the held-out data chose.
     *
     * @param refit true if it is
     * @return a changed copy
     */
    public TrainerOptions withRefit(boolean refit) {
        return with(f -> f.refit = refit);
    }

    /**
     * Whether, of classes and relations, rare labels count for more, by how rare they are.
     *
     * @param balanced true if they do
     * @return a changed copy
     */
    public TrainerOptions withBalanced(boolean balanced) {
        return with(f -> f.balanced = balanced);
    }

    /**
     * A directory for what is computed on the way: a training that was killed goes on from there when the
     * same one is started again. It is emptied in the end. Without it, it is a file without a name in the
     * system's temporary directory, and there is no going on.
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
     * Entities: the kind that plain {@code B} and {@code I} of a file stand for, in place of {@code Entity}.
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
     * Relations: what stands in for the two entities, in place of what a file of masked sentences has, or
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
