package org.biobert;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A relation between two entities of a sentence. Immutable. */
public final class Relation {
    private final Span first;
    private final Span second;
    private final int firstIndex;
    private final int secondIndex;
    private final String label;
    private final String text;
    private final String head;
    private final float score;
    private final Optional<Assertion.Value> assertion;

    Relation(
            List<Span> spans,
            int firstIndex,
            int secondIndex,
            String label,
            String text,
            String head,
            float score,
            Optional<Assertion.Value> assertion) {
        this.first = spans.get(firstIndex);
        this.second = spans.get(secondIndex);
        this.firstIndex = firstIndex;
        this.secondIndex = secondIndex;
        this.label = label;
        this.text = text;
        this.head = head;
        this.score = score;
        this.assertion = assertion;
    }

    /**
     * The first entity.
     *
     * @return one of {@link DocumentResult#spans}, the same object
     */
    public Span first() {
        return first;
    }

    /**
     * The second entity.
     *
     * @return one of {@link DocumentResult#spans}, the same object
     */
    public Span second() {
        return second;
    }

    /**
     * Where the first entity stands in {@link DocumentResult#spans}, and in {@link DocumentResult#entities} of a note.
     *
     * @return its index
     */
    public int firstIndex() {
        return firstIndex;
    }

    /**
     * Where the second entity stands in {@link DocumentResult#spans}, and in {@link DocumentResult#entities} of a note.
     *
     * @return its index
     */
    public int secondIndex() {
        return secondIndex;
    }

    /**
     * The label.
     *
     * @return such as {@code CID}
     */
    public String label() {
        return label;
    }

    /**
     * The label in words, as they stand between the two entities.
     *
     * @return such as {@code induces}
     */
    public String text() {
        return text;
    }

    /**
     * The head that found it.
     *
     * @return its name
     */
    public String head() {
        return head;
    }

    /**
     * Probability of the label.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    /**
     * Of its ends' assertions the one that stands first in: other person, absent, possible, historical, present. A
     * drug whose category is stopped or allergy counts as present.
     *
     * @return empty if they were not assessed, which only {@code extract} does
     */
    public Optional<Assertion.Value> assertion() {
        return assertion;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Relation)) {
            return false;
        }
        Relation that = (Relation) other;
        return first.equals(that.first)
                && second.equals(that.second)
                && firstIndex == that.firstIndex
                && secondIndex == that.secondIndex
                && label.equals(that.label)
                && text.equals(that.text)
                && head.equals(that.head)
                && Float.compare(score, that.score) == 0
                && assertion.equals(that.assertion);
    }

    @Override
    public int hashCode() {
        return Objects.hash(first, second, label, text, head, score, assertion);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return "(" + first + ") " + label + " (" + second + ") " + score + " " + head;
    }
}
