package org.biobert;

import java.util.Objects;
import java.util.Optional;

/** An entity that is marked in a text, to learn from. Immutable. */
public final class Mark {
    private final int start;
    private final int end;
    private final String label;
    private final Optional<Assertion.Value> assertion;

    /**
     * An entity of a text.
     *
     * @param start offset of its first character, in the unit of the trainer
     * @param end offset after its last character
     * @param label its kind, such as {@code Anatomy}
     * @throws IllegalArgumentException if an offset is negative
     */
    public Mark(int start, int end, String label) {
        this(start, end, label, Optional.empty());
    }

    /**
     * An entity of a text and what the text says of it, to learn assertions.
     *
     * @param start offset of its first character, in the unit of the trainer
     * @param end offset after its last character
     * @param label its kind, such as {@code Problem}
     * @param assertion whether the patient has it
     * @throws IllegalArgumentException if an offset is negative
     */
    public Mark(int start, int end, String label, Assertion.Value assertion) {
        this(start, end, label, Optional.of(assertion));
    }

    private Mark(int start, int end, String label, Optional<Assertion.Value> assertion) {
        if (start < 0 || end < 0) {
            throw new IllegalArgumentException("an offset is negative");
        }
        this.start = start;
        this.end = end;
        this.label = Objects.requireNonNull(label, "label");
        this.assertion = assertion;
    }

    /**
     * Offset of its first character.
     *
     * @return in the unit of the trainer
     */
    public int start() {
        return start;
    }

    /**
     * Offset after its last character.
     *
     * @return in the unit of the trainer
     */
    public int end() {
        return end;
    }

    /**
     * Its kind.
     *
     * @return such as {@code Anatomy}
     */
    public String label() {
        return label;
    }

    /**
     * What the text says of it.
     *
     * @return nothing of a mark without one
     */
    public Optional<Assertion.Value> assertion() {
        return assertion;
    }
}
