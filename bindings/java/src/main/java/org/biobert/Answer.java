package org.biobert;

import java.util.Objects;

/** A possible answer to a question: a half-open range of a passage. Immutable. */
public final class Answer {
    private final int passage;
    private final int start;
    private final int end;
    private final String head;
    private final float score;
    private final float probability;

    Answer(int passage, int start, int end, String head, float score, float probability) {
        this.passage = passage;
        this.start = start;
        this.end = end;
        this.head = head;
        this.score = score;
        this.probability = probability;
    }

    /**
     * Index of the passage in the question.
     *
     * @return 0 or more
     */
    public int passage() {
        return passage;
    }

    /**
     * Offset of its first character in the passage.
     *
     * @return in the unit of the call
     */
    public int start() {
        return start;
    }

    /**
     * Offset after its last character in the passage.
     *
     * @return in the unit of the call
     */
    public int end() {
        return end;
    }

    /**
     * The head that answered.
     *
     * @return its name
     */
    public String head() {
        return head;
    }

    /**
     * Start logit plus end logit, less the same sum for "no answer" in the same window. Comparable over
     * windows and passages.
     *
     * @return above 0, the head finds it more likely than no answer
     */
    public float score() {
        return score;
    }

    /**
     * With {@link QaOptions#withPool}: the mean over passages of the probability that they give this
     * answer; the rest is of its best mention.
     *
     * @return from 0 to 1; 0 without pooling
     */
    public float probability() {
        return probability;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Answer)) {
            return false;
        }
        Answer that = (Answer) other;
        return passage == that.passage
                && start == that.start
                && end == that.end
                && head.equals(that.head)
                && Float.compare(score, that.score) == 0
                && Float.compare(probability, that.probability) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(passage, start, end, head, score, probability);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return "passage " + passage + " [" + start + ", " + end + ") " + score + " " + head;
    }
}
