package org.biobert;

import java.util.Objects;

/** Options of reading notes. Immutable: each {@code with} method gives a changed copy. */
public final class ExtractOptions {
    /** Who judges what a note says of an entity. */
    public enum Judges {
        /** The model's head for assertions, if it has one, the section and the rules together. */
        ALL,
        /** The head alone; the model must have one. */
        HEAD,
        /** Section and rules alone. */
        RULES,
        /** Nobody: entities and relations have no assertion. */
        NONE
    }

    private static final ExtractOptions DEFAULTS = new ExtractOptions(Judges.ALL);

    private final Judges judges;

    private ExtractOptions(Judges judges) {
        this.judges = judges;
    }

    /**
     * All judge together.
     *
     * @return the defaults
     */
    public static ExtractOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Who judges assertions.
     *
     * @param judges who
     * @return a changed copy
     */
    public ExtractOptions withJudges(Judges judges) {
        return new ExtractOptions(Objects.requireNonNull(judges, "judges"));
    }

    /** The number of the header, whose order the constants have. */
    int judges() {
        return judges.ordinal() + 1;
    }
}
