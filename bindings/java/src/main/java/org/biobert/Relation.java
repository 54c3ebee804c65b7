package org.biobert;

import java.util.Objects;

/** A relation between two entities of a sentence. Immutable. */
public final class Relation {
    private final Span first;
    private final Span second;
    private final String label;
    private final String text;
    private final String head;
    private final float score;

    Relation(Span first, Span second, String label, String text, String head, float score) {
        this.first = first;
        this.second = second;
        this.label = label;
        this.text = text;
        this.head = head;
        this.score = score;
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

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Relation)) {
            return false;
        }
        Relation that = (Relation) other;
        return first.equals(that.first)
                && second.equals(that.second)
                && label.equals(that.label)
                && text.equals(that.text)
                && head.equals(that.head)
                && Float.compare(score, that.score) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(first, second, label, text, head, score);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return "(" + first + ") " + label + " (" + second + ") " + score + " " + head;
    }
}
