package org.biobert;

/**
 * The native methods: primitives, arrays, strings, and who listens to a training. Objects of the library
 * are numbers here; nothing checks them. Names and paths are UTF-8; results are in the form that
 * {@link Decoder} reads. The last five parameters of a task are its unit, what to do with invalid text,
 * its markup, its deadline in milliseconds and its cancel switch, the last two 0 for none.
 *
 * <p>{@code JNI_OnLoad} binds them by name and signature.
 */
final class Native {
    /** The library's version, and that of the native methods and of the form of results. */
    static final String HANDSHAKE = "0.1.0/7";

    private Native() {}

    static native byte[] buildInfo();

    static native long engineCreate(
            int threads, byte[] isa, int tokenBudget, long maxDocBytes, long maxBatchBytes, int device, int gpu);

    static native byte[] engineStats(long engine);

    static native void engineFree(long engine);

    static native long modelOpen(
            long engine, byte[] path, int integrity, int loading, int precision, int casing, byte[][] labels);

    static native byte[] modelInfo(long model);

    static native byte[] modelVerify(long model);

    /** Empty where there is none. */
    static native byte[] modelMaskToken(long model);

    static native byte[] modelHeads(long model);

    static native byte[] modelLabels(long model, byte[] head);

    static native void modelFree(long model);

    static native long cancelCreate();

    static native void cancelTrigger(long cancel);

    static native void cancelFree(long cancel);

    static native byte[] ner(
            long model,
            byte[][] heads,
            String[] docs,
            int unit,
            int invalidText,
            int markup,
            long deadline,
            long cancel);

    /** {@code places} has document, start and end of each given entity, or is null: NER finds them. */
    static native byte[] re(
            long model,
            byte[][] heads,
            String[] docs,
            long[] places,
            byte[][] kinds,
            boolean unrelated,
            int unit,
            int invalidText,
            int markup,
            long deadline,
            long cancel);

    /** {@code texts} has each question before its passages, {@code passages} how many each has. */
    static native byte[] qa(
            long model,
            byte[][] heads,
            String[] texts,
            int[] passages,
            int top,
            int maxTokens,
            boolean pool,
            float threshold,
            int unit,
            int invalidText,
            int markup,
            long deadline,
            long cancel);

    /** {@code seconds} has as many texts as {@code docs}, or is null. */
    static native byte[] classify(
            long model,
            byte[][] heads,
            String[] docs,
            String[] seconds,
            int unit,
            int invalidText,
            int markup,
            long deadline,
            long cancel);

    /**
     * A {@code layer} below 0 is the last one; a {@code pooling} of 0 is what the model has; a null
     * {@code prompt} is the model's default one.
     */
    static native byte[] embed(
            long model,
            String[] docs,
            int pooling,
            int layer,
            boolean normalize,
            boolean tokens,
            byte[] prompt,
            int unit,
            int invalidText,
            int markup,
            long deadline,
            long cancel);

    /** A {@code topK} of 0 is the default. */
    static native byte[] fill(
            long model, String[] docs, int topK, int unit, int invalidText, int markup, long deadline, long cancel);

    static native byte[] sentences(
            long engine, String[] docs, int unit, int invalidText, int markup, long deadline, long cancel);

    static native byte[] sections(
            long engine, String[] docs, int unit, int invalidText, int markup, long deadline, long cancel);

    static native byte[] extract(
            long model,
            byte[][] heads,
            String[] docs,
            int judges,
            long[] terms,
            int unit,
            int invalidText,
            int markup,
            long deadline,
            long cancel);

    /** {@code name} is null for the head's own. */
    static native long modelWithHead(long model, long head, byte[] name);

    static native long headOpen(byte[] path);

    static native void headSave(long head, byte[] path);

    static native byte[] headInfo(long head);

    static native void headFree(long head);

    static native long termsOpen(byte[] path);

    static native long termsWithVectors(long terms, byte[] path);

    static native byte[] termsInfo(long terms);

    static native void termsVerify(long terms);

    static native byte[] termsLink(long[] terms, byte[] words, byte[] label);

    static native void termsFree(long terms);

    /** {@code names} are in the order of {@code train.c}; empty ones are defaults. */
    static native long trainerCreate(
            long model,
            int task,
            int unit,
            int preset,
            int headKind,
            long seed,
            boolean refit,
            boolean balanced,
            long maxFeatureBytes,
            byte[][] names);

    /** {@code places} has start, end and assertion of each mark. */
    static native void trainerAddNer(long trainer, int split, String text, long[] places, byte[][] labels);

    /** {@code places} has start, end and assertion of each mark. */
    static native void trainerAddAssertion(long trainer, int split, String text, long[] places, byte[][] labels);

    static native void trainerAddRe(
            long trainer, int split, String text, int firstStart, int firstEnd, int secondStart, int secondEnd, byte[] label);

    /** {@code second} is null if the text is judged by itself. */
    static native void trainerAddClass(long trainer, int split, String text, String second, byte[] label);

    /** A {@code start} below 0: the passage does not contain the answer. */
    static native void trainerAddQa(long trainer, int split, String question, String passage, int start, int end);

    static native void trainerAddFile(long trainer, int split, byte[] path);

    /** {@code listener} is null if nobody listens. */
    static native void trainerFit(long trainer, ProgressListener listener, long cancel);

    static native byte[] trainerReport(long trainer);

    static native byte[] trainerEval(long trainer, long cancel);

    static native long trainerHead(long trainer);

    static native void trainerFree(long trainer);
}
