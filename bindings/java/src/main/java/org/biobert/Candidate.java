package org.biobert;

import java.util.Objects;

/** A piece of the vocabulary that may stand at a mask. Immutable. */
public final class Candidate {
    private final String token;
    private final int id;
    private final float score;

    Candidate(String token, int id, float score) {
        this.token = token;
        this.id = id;
        this.score = score;
    }

    /**
     * The piece as it is spelled; one that continues a word begins with {@code ##} in BERT's vocabulary.
     *
     * @return empty for a row of the model for which its vocabulary has no piece
     */
    public String token() {
        return token;
    }

    /**
     * Its id.
     *
     * @return its row in the vocabulary
     */
    public int id() {
        return id;
    }

    /**
     * Its probability among all pieces.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Candidate)) {
            return false;
        }
        Candidate that = (Candidate) other;
        return token.equals(that.token) && id == that.id && Float.compare(score, that.score) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(token, id, score);
    }

    /** Piece and probability: none of the text. */
    @Override
    public String toString() {
        return token + " " + score;
    }
}
