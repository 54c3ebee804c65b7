package org.biobert;

import java.util.Objects;

/** A stretch of a document: a sentence or a token. Immutable. */
public final class Range {
    private final int start;
    private final int end;

    Range(int start, int end) {
        this.start = start;
        this.end = end;
    }

    /**
     * Offset of its first character.
     *
     * @return in the unit of the call
     */
    public int start() {
        return start;
    }

    /**
     * Offset behind its last character.
     *
     * @return in the unit of the call
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
