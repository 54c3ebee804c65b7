package org.biobert;

import java.util.Objects;

/** An entity that was found: {@code document.substring(start(), end())}. Immutable. */
public final class Span {
    private final int start;
    private final int end;
    private final String label;
    private final String head;
    private final float score;

    Span(int start, int end, String label, String head, float score) {
        this.start = start;
        this.end = end;
        this.label = label;
        this.head = head;
        this.score = score;
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
     * Offset after its last character.
     *
     * @return in the unit of the call
     */
    public int end() {
        return end;
    }

    /**
     * Its kind.
     *
     * @return such as {@code Disease}
     */
    public String label() {
        return label;
    }

    /**
     * The head that found it.
     *
     * @return its name; empty if the caller gave the entity
     */
    public String head() {
        return head;
    }

    /**
     * Mean probability of the labels of its words.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Span)) {
            return false;
        }
        Span that = (Span) other;
        return start == that.start
                && end == that.end
                && label.equals(that.label)
                && head.equals(that.head)
                && Float.compare(score, that.score) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, end, label, head, score);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return label + " [" + start + ", " + end + ") " + score + " " + head;
    }
}
