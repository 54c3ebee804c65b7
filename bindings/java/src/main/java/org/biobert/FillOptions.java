package org.biobert;

/** Options of filling masks. Immutable: each {@code with} method gives a changed copy. */
public final class FillOptions {
    private static final FillOptions DEFAULTS = new FillOptions(0);

    private final int topK;

    private FillOptions(int topK) {
        this.topK = topK;
    }

    /**
     * Up to 5 candidates for a mask.
     *
     * @return the defaults
     */
    public static FillOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How many candidates a mask gets at most.
     *
     * @param topK 1 or more
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public FillOptions withTopK(int topK) {
        return new FillOptions((int) EngineOptions.positive(topK, "topK"));
    }

    int topK() {
        return topK;
    }
}
