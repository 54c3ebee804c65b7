package org.biobert;

import java.util.Objects;

/** What another head calls an entity. Immutable. */
public final class Also {
    private final String label;
    private final String head;
    private final float score;

    Also(String label, String head, float score) {
        this.label = label;
        this.head = head;
        this.score = score;
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
     * @return its name
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
        if (!(other instanceof Also)) {
            return false;
        }
        Also that = (Also) other;
        return label.equals(that.label) && head.equals(that.head) && Float.compare(score, that.score) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(label, head, score);
    }

    /** For logs: labels and scores, no text. */
    @Override
    public String toString() {
        return label + " " + score + " " + head;
    }
}
