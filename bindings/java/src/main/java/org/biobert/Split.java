package org.biobert;

/** What examples are for. */
public enum Split {
    /** To learn from. */
    TRAIN,
    /**
     * To choose the epoch by, and to correct probabilities with. Without any, a tenth of those to learn
     * from, drawn by class and random seed, is held out for this.
     */
    DEV,
    /** To measure the head with, by {@link Trainer#evaluate}. */
    TEST;

    /** The number of the header, whose order the constants have. */
    int number() {
        return ordinal() + 1;
    }
}
