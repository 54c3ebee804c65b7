package org.biobert;

import java.util.Objects;

/** An entity that is marked in a text, to learn from. Immutable. */
public final class Mark {
    private final int start;
    private final int end;
    private final String label;

    /**
     * An entity of a text.
     *
     * @param start offset of its first character, in the unit of the trainer
     * @param end offset after its last character
     * @param label its kind, such as {@code Anatomy}
     * @throws IllegalArgumentException if an offset is negative
     */
    public Mark(int start, int end, String label) {
        if (start < 0 || end < 0) {
            throw new IllegalArgumentException("an offset is negative");
        }
        this.start = start;
        this.end = end;
        this.label = Objects.requireNonNull(label, "label");
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
}
