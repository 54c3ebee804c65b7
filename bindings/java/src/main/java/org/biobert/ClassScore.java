package org.biobert;

import java.util.Objects;

/** A class of a document, of a pair of documents or of a question. Immutable. */
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
     * The head that found it.
     *
     * @return its name
     */
    public String head() {
        return head;
    }

    /**
     * Its probability; of a regression the number itself.
     *
     * @return 0 to 1, of a regression any number
     */
    public float score() {
        return score;
    }

    /**
     * Whether it holds; never of a regression: of most heads the most probable label, of a head that decides each label by itself every
     * label with a probability of at least a half.
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
