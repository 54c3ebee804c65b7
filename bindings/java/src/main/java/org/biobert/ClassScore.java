package org.biobert;

import java.util.Objects;

/** A class that a document, a pair of documents or a question may have. Immutable. */
public final class ClassScore {
    private final String label;
    private final String text;
    private final String head;
    private final float score;
    private final boolean holds;

    ClassScore(String label, String text, String head, float score, boolean holds) {
        this.label = label;
        this.text = text;
        this.head = head;
        this.score = score;
        this.holds = holds;
    }

    /**
     * The label.
     *
     * @return such as {@code ADE}
     */
    public String label() {
        return label;
    }

    /**
     * The label in words.
     *
     * @return such as {@code adverse drug event}
     */
    public String text() {
        return text;
    }

    /**
     * The head that judged.
     *
     * @return its name
     */
    public String head() {
        return head;
    }

    /**
     * Its probability.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    /**
     * Whether it holds: the most probable label of a head, or each with a probability of a half or more
     * where the head decides every label by itself.
     *
     * @return true if it does
     */
    public boolean holds() {
        return holds;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ClassScore)) {
            return false;
        }
        ClassScore that = (ClassScore) other;
        return label.equals(that.label)
                && text.equals(that.text)
                && head.equals(that.head)
                && Float.compare(score, that.score) == 0
                && holds == that.holds;
    }

    @Override
    public int hashCode() {
        return Objects.hash(label, text, head, score, holds);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return label + " " + score + (holds ? " holds " : " ") + head;
    }
}
