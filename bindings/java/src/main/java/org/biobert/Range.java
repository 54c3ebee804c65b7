package org.biobert;

import java.util.Objects;

/** A sentence, a token, or a range that an example for a training points to. Immutable. */
public final class Range {
    private final int start;
    private final int end;

    /**
     * A half-open range of a document.
     *
     * @param start offset of its first character
     * @param end offset after its last character
     * @throws IllegalArgumentException if an offset is negative
     */
    public Range(int start, int end) {
        if (start < 0 || end < 0) {
            throw new IllegalArgumentException("an offset is negative");
        }
        this.start = start;
        this.end = end;
    }

    /**
     * Offset of its first character.
     *
     * @return in the unit of the call or trainer
     */
    public int start() {
        return start;
    }

    /**
     * Offset after its last character.
     *
     * @return in the unit of the call or trainer
     */
    public int end() {
        return end;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Range)) {
            return false;
        }
        Range that = (Range) other;
        return start == that.start
                && end == that.end;
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, end);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return "[" + start + ", " + end + ")";
    }
}
