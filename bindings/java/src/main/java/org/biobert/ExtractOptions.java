package org.biobert;

import java.util.List;
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

    private static final ExtractOptions DEFAULTS = new ExtractOptions(Judges.ALL, List.of());

    private final Judges judges;
    private final List<Terms> terms;

    private ExtractOptions(Judges judges, List<Terms> terms) {
        this.judges = judges;
        this.terms = terms;
    }

    /**
     * All judge together, no terminologies.
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
        return new ExtractOptions(Objects.requireNonNull(judges, "judges"), terms);
    }

    /**
     * Terminologies that give entities their codes: see {@link Entity#links}.
     *
     * @param terms open ones, which stay the caller's to close; none for no codes
     * @return a changed copy
     */
    public ExtractOptions withTerms(Terms... terms) {
        return withTerms(List.of(terms));
    }

    /**
     * Terminologies that give entities their codes: see {@link Entity#links}.
     *
     * @param terms open ones, which stay the caller's to close; none for no codes
     * @return a changed copy
     */
    public ExtractOptions withTerms(List<Terms> terms) {
        return new ExtractOptions(judges, List.copyOf(terms));
    }

    /** The number of the header, whose order the constants have. */
    int judges() {
        return judges.ordinal() + 1;
    }

    List<Terms> terms() {
        return terms;
    }
}
