package org.biobert;

import java.util.List;
import java.util.Objects;

/** A question and the passages that may answer it. Immutable. */
public final class Question {
    private final String question;
    private final List<String> passages;

    /**
     * A question with its passages.
     *
     * @param question the question
     * @param passages texts of any length
     */
    public Question(String question, List<String> passages) {
        this.question = Objects.requireNonNull(question, "question");
        this.passages = List.copyOf(passages);
    }

    /**
     * A question with its passages.
     *
     * @param question the question
     * @param passages texts of any length
     * @return the two together
     */
    public static Question of(String question, String... passages) {
        return new Question(question, List.of(passages));
    }

    /**
     * The question.
     *
     * @return its text
     */
    public String question() {
        return question;
    }

    /**
     * The passages that may answer it.
     *
     * @return texts
     */
    public List<String> passages() {
        return passages;
    }
}
