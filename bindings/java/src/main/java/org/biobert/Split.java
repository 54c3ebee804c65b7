package org.biobert;

/** What examples are for. */
public enum Split {
    /** Train the head. */
    TRAIN,
    /**
     * Choose the best epoch and correct the probabilities. Without any, a tenth of the
     * examples for training, drawn by class and random seed, is held out for this.
     */
    DEV,
    /** Measure the head, with {@link Trainer#eval}. */
    TEST;

    /** The number of the header, whose order the constants have. */
    int number() {
        return ordinal() + 1;
    }
}
