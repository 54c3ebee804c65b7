package org.biobert;

import java.util.Objects;

/** Two codes and how they are related, by a note as a whole. Immutable. */
public final class CodeRelation {
    private final String first;
    private final String second;
    private final String label;
    private final float score;

    CodeRelation(String first, String second, String label, float score) {
        this.first = first;
        this.second = second;
        this.label = label;
        this.score = score;
    }

    /**
     * The first code.
     *
     * @return such as {@code D002220}
     */
    public String first() {
        return first;
    }

    /**
     * The second code, of the same system.
     *
     * @return such as {@code D007010}
     */
    public String second() {
        return second;
    }

    /**
     * How they are related: the name of the head, in capitals.
     *
     * @return such as {@code CID}
     */
    public String label() {
        return label;
    }

    /**
     * Its probability.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof CodeRelation)) {
            return false;
        }
        CodeRelation that = (CodeRelation) other;
        return first.equals(that.first)
                && second.equals(that.second)
                && label.equals(that.label)
                && Float.compare(score, that.score) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(first, second, label, score);
    }

    /** Label and score: the codes would say what the text says. */
    @Override
    public String toString() {
        return label + " " + score;
    }
}
