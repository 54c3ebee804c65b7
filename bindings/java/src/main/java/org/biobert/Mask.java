package org.biobert;

import java.util.List;
import java.util.Objects;

/** A mask of a document, and what may stand there: a half-open range, in the unit of the call. Immutable. */
public final class Mask {
    private final int start;
    private final int end;
    private final List<Candidate> candidates;

    Mask(int start, int end, List<Candidate> candidates) {
        this.start = start;
        this.end = end;
        this.candidates = candidates;
    }

    /**
     * Offset of the mask token's first character.
     *
     * @return the offset
     */
    public int start() {
        return start;
    }

    /**
     * Offset after its last character.
     *
     * @return the offset
     */
    public int end() {
        return end;
    }

    /**
     * What may stand there, the most probable first.
     *
     * @return an unmodifiable list
     */
    public List<Candidate> candidates() {
        return candidates;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Mask)) {
            return false;
        }
        Mask that = (Mask) other;
        return start == that.start && end == that.end && candidates.equals(that.candidates);
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, end, candidates);
    }

    /** Its place and the candidates: none of the text. */
    @Override
    public String toString() {
        return start + ".." + end + " " + candidates;
    }
}
