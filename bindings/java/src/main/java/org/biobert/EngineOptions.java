package org.biobert;

import java.util.Objects;

/** Options of an {@link Engine}. Immutable: each {@code with} method gives a changed copy. */
public final class EngineOptions {
    /** Where an engine computes. Results are the same bits everywhere. */
    public enum Device {
        /** On the processor. */
        CPU,
        /** On a GPU, and on the processor where there is none or it fails. */
        PREFER_GPU,
        /** On a GPU, or an exception that says why not. */
        REQUIRE_GPU
    }

    private static final EngineOptions DEFAULTS = new EngineOptions(0, "", 0, 0, 0, Device.CPU, 0);

    private final int threads;
    private final String isa;
    private final int tokenBudget;
    private final long maxDocBytes;
    private final long maxBatchBytes;
    private final Device device;
    private final int gpu;

    private EngineOptions(
            int threads,
            String isa,
            int tokenBudget,
            long maxDocBytes,
            long maxBatchBytes,
            Device device,
            int gpu) {
        this.threads = threads;
        this.isa = isa;
        this.tokenBudget = tokenBudget;
        this.maxDocBytes = maxDocBytes;
        this.maxBatchBytes = maxBatchBytes;
        this.device = device;
        this.gpu = gpu;
    }

    /**
     * One thread, the best instruction set, the processor, documents of 64 MiB and batches of 256 MiB at most.
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
        int count = (int) positive(threads, "threads");
        return new EngineOptions(count, isa, tokenBudget, maxDocBytes, maxBatchBytes, device, gpu);
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
        return new EngineOptions(threads, isa, tokenBudget, maxDocBytes, maxBatchBytes, device, gpu);
    }

    /**
     * How many tokens are worked on at a time, the bound of scratch memory; 1024 on the processor and 16,384 on
     * a GPU if nothing else is chosen.
     *
     * @param tokenBudget up to 100,000
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public EngineOptions withTokenBudget(int tokenBudget) {
        int tokens = (int) positive(tokenBudget, "tokenBudget");
        return new EngineOptions(threads, isa, tokens, maxDocBytes, maxBatchBytes, device, gpu);
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
        long bytes = positive(maxDocBytes, "maxDocBytes");
        return new EngineOptions(threads, isa, tokenBudget, bytes, maxBatchBytes, device, gpu);
    }

    /**
     * The largest sum of the documents of a call; a larger one makes it fail with {@link Status#LIMIT}.
     *
     * @param maxBatchBytes bytes, two for each UTF-16 unit
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public EngineOptions withMaxBatchBytes(long maxBatchBytes) {
        long bytes = positive(maxBatchBytes, "maxBatchBytes");
        return new EngineOptions(threads, isa, tokenBudget, maxDocBytes, bytes, device, gpu);
    }

    /**
     * Where the engine computes. A library without GPU support makes an engine on a GPU fail with {@link
     * Status#UNSUPPORTED}.
     *
     * @param device where
     * @return a changed copy
     */
    public EngineOptions withDevice(Device device) {
        Objects.requireNonNull(device, "device");
        return new EngineOptions(threads, isa, tokenBudget, maxDocBytes, maxBatchBytes, device, gpu);
    }

    /**
     * Which GPU computes. Not looked at if the device is the processor.
     *
     * @param gpu its number among those that its driver shows; 0, the default, is the first
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public EngineOptions withGpu(int gpu) {
        if (gpu < 0) {
            throw new IllegalArgumentException("gpu is negative");
        }
        return new EngineOptions(threads, isa, tokenBudget, maxDocBytes, maxBatchBytes, device, gpu);
    }

    /** Makes a native engine. */
    long create() {
        return Native.engineCreate(
                threads, Text.utf8(isa, "isa"), tokenBudget, maxDocBytes, maxBatchBytes, device.ordinal() + 1, gpu);
    }

    static long positive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is not positive");
        }
        return value;
    }
}
