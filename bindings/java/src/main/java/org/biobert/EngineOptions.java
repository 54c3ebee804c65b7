package org.biobert;

/** Options of an {@link Engine}. Immutable: each {@code with} method gives a changed copy. */
public final class EngineOptions {
    private static final EngineOptions DEFAULTS = new EngineOptions(0, "", 0, 0, 0);

    private final int threads;
    private final String isa;
    private final int tokenBudget;
    private final long maxDocBytes;
    private final long maxBatchBytes;

    private EngineOptions(int threads, String isa, int tokenBudget, long maxDocBytes, long maxBatchBytes) {
        this.threads = threads;
        this.isa = isa;
        this.tokenBudget = tokenBudget;
        this.maxDocBytes = maxDocBytes;
        this.maxBatchBytes = maxBatchBytes;
    }

    /**
     * One thread, the best instruction set, documents of 64 MiB and batches of 256 MiB at most.
     *
     * @return the defaults
     */
    public static EngineOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How many threads work on a call.
     *
     * @param threads 1: the caller's own; more are a private pool
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public EngineOptions withThreads(int threads) {
        return new EngineOptions((int) positive(threads, "threads"), isa, tokenBudget, maxDocBytes, maxBatchBytes);
    }

    /**
     * Which instruction set is used, in place of the best there is. Results do not depend on it, but for
     * ONNX models on the general path, whose last bits may differ.
     *
     * @param isa its name, such as {@code avx2}
     * @return a changed copy
     */
    public EngineOptions withIsa(String isa) {
        Text.utf8(isa, "isa");
        return new EngineOptions(threads, isa, tokenBudget, maxDocBytes, maxBatchBytes);
    }

    /**
     * How many tokens are worked on at a time, the bound of scratch memory.
     *
     * @param tokenBudget up to 100,000
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public EngineOptions withTokenBudget(int tokenBudget) {
        return new EngineOptions(
                threads, isa, (int) positive(tokenBudget, "tokenBudget"), maxDocBytes, maxBatchBytes);
    }

    /**
     * The largest document; a larger one gets {@link Status#LIMIT}.
     *
     * @param maxDocBytes bytes, two for each UTF-16 unit; an engine takes less than 1 GiB, so that offsets
     *     in any unit fit into an {@code int}
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public EngineOptions withMaxDocBytes(long maxDocBytes) {
        return new EngineOptions(threads, isa, tokenBudget, positive(maxDocBytes, "maxDocBytes"), maxBatchBytes);
    }

    /**
     * The largest sum of the documents of a call; a larger one makes it fail with {@link Status#LIMIT}.
     *
     * @param maxBatchBytes bytes, two for each UTF-16 unit
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public EngineOptions withMaxBatchBytes(long maxBatchBytes) {
        return new EngineOptions(threads, isa, tokenBudget, maxDocBytes, positive(maxBatchBytes, "maxBatchBytes"));
    }

    /** Makes a native engine. */
    long create() {
        return Native.engineCreate(threads, Text.utf8(isa, "isa"), tokenBudget, maxDocBytes, maxBatchBytes);
    }

    static long positive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is not positive");
        }
        return value;
    }
}
