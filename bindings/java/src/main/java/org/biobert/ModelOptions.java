package org.biobert;

import java.util.List;
import java.util.Objects;

/** Options of opening a {@link Model}. Immutable: each {@code with} method gives a changed copy. */
public final class ModelOptions {
    /** How carefully a bundle is checked. */
    public enum Integrity {
        /** Every byte of every file against its SHA-256. */
        FULL,
        /** Small files so; of the tensor files only length and header. */
        HEADERS
    }

    /** Whether files are mapped or copied. */
    public enum Loading {
        /**
         * Map them: processes share the pages. Overwriting a mapped file in place kills the process by
         * SIGBUS; replace a model by renaming directories.
         */
        MAP,
        /** Read them into memory: safe whatever happens to the files. */
        COPY
    }

    /** The arithmetic of a model. */
    public enum Precision {
        /** 32-bit floating point. */
        F32,
        /** 8-bit integers with exact sums: the same bits on every processor. */
        INT8
    }

    /** What decides whether a WordPiece tokenizer keeps the case of text. */
    public enum Casing {
        /** The vocabulary: for a cased one text is never lower-cased, whatever the checkpoint's files say. */
        VOCABULARY,
        /** The checkpoint's files; where they say nothing, text is lower-cased. */
        FILES
    }

    private static final ModelOptions DEFAULTS =
            new ModelOptions(Integrity.FULL, Loading.MAP, null, Casing.VOCABULARY, new byte[0][]);

    private final Integrity integrity;
    private final Loading loading;
    private final Precision precision;
    private final Casing casing;
    private final byte[][] labels;

    private ModelOptions(
            Integrity integrity, Loading loading, Precision precision, Casing casing, byte[][] labels) {
        this.integrity = integrity;
        this.loading = loading;
        this.precision = precision;
        this.casing = casing;
        this.labels = labels;
    }

    /**
     * Every byte checked, files mapped, the precision of the stored weights: int8 for a bundle, f32 for a
     * checkpoint; the vocabulary decides about case.
     *
     * @return the defaults
     */
    public static ModelOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How carefully a bundle is checked.
     *
     * @param integrity how
     * @return a changed copy
     */
    public ModelOptions withIntegrity(Integrity integrity) {
        return new ModelOptions(Objects.requireNonNull(integrity, "integrity"), loading, precision, casing, labels);
    }

    /**
     * Whether files are mapped or copied.
     *
     * @param loading how
     * @return a changed copy
     */
    public ModelOptions withLoading(Loading loading) {
        return new ModelOptions(integrity, Objects.requireNonNull(loading, "loading"), precision, casing, labels);
    }

    /**
     * The arithmetic.
     *
     * @param precision which
     * @return a changed copy
     */
    public ModelOptions withPrecision(Precision precision) {
        return new ModelOptions(integrity, loading, Objects.requireNonNull(precision, "precision"), casing, labels);
    }

    /**
     * What decides whether text keeps its case.
     *
     * @param casing what
     * @return a changed copy
     */
    public ModelOptions withCasing(Casing casing) {
        return new ModelOptions(integrity, loading, precision, Objects.requireNonNull(casing, "casing"), labels);
    }

    /**
     * Names for the outputs of a checkpoint's head, in their order; none: those that the checkpoint has. A
     * bundle takes none.
     *
     * @param labels the names
     * @return a changed copy
     */
    public ModelOptions withLabels(List<String> labels) {
        return new ModelOptions(integrity, loading, precision, casing, Text.utf8(labels, "a label"));
    }

    /** Opens a native model. The order of the constants above is the header's, from 1. */
    long open(long engine, byte[] path) {
        int arithmetic = precision == null ? 0 : precision.ordinal() + 1;
        return Native.modelOpen(
                engine,
                path,
                integrity.ordinal() + 1,
                loading.ordinal() + 1,
                arithmetic,
                casing.ordinal() + 1,
                labels);
    }
}
