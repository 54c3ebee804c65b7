package org.biobert;

/** Options of answers. Immutable: each {@code with} method gives a changed copy. */
public final class QaOptions {
    private static final QaOptions DEFAULTS = new QaOptions(0, 0);

    private final int top;
    private final int maxTokens;

    private QaOptions(int top, int maxTokens) {
        this.top = top;
        this.maxTokens = maxTokens;
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
        return new QaOptions((int) EngineOptions.positive(top, "top"), maxTokens);
    }

    /**
     * How many tokens an answer has at most.
     *
     * @param maxTokens 1 or more
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public QaOptions withMaxTokens(int maxTokens) {
        return new QaOptions(top, (int) EngineOptions.positive(maxTokens, "maxTokens"));
    }

    int top() {
        return top;
    }

    int maxTokens() {
        return maxTokens;
    }
}
