package org.biobert;

import java.util.Objects;
import java.util.Optional;

/** A code that may be an entity's. Immutable. */
public final class Code {
    /**
     * Why a code was taken for the words of a note: the last thing that had to be put aside to make the words
     * and the code's name the same.
     */
    public enum Reason {
        /** Nothing: character by character the same. */
        EXACT,
        /** Upper and lower case, accents. */
        CASE,
        /** Dashes, blanks and other marks. */
        DASH,
        /** A Greek letter and its name. */
        GREEK,
        /** A Roman number and a digit. */
        ROMAN,
        /** Singular and plural, British and American spelling. */
        PLURAL,
        /** The order of the words. */
        ORDER,
        /** The words are a short form, and its long form in this note is the name. */
        ABBREVIATION,
        /** A hospital's own coded mentions say so. */
        LEARNED,
        /** Most of the words are the same. */
        WORDS,
        /** Most of the character trigrams are the same. */
        TRIGRAMS,
        /** The encoder's vectors are near each other: of a terminology with vectors. */
        NEAR;

        private static final Reason[] ALL = values();

        /** That of a number of the header, whose order the constants have; null for 0, which is none. */
        static Reason of(int number) {
            return number == 0 ? null : ALL[number - 1];
        }
    }

    private final String code;
    private final String name;
    private final float score;
    private final Reason reason;

    /** The reason may be null. */
    Code(String code, String name, float score, Reason reason) {
        this.code = code;
        this.name = name;
        this.score = score;
        this.reason = reason;
    }

    /**
     * The code.
     *
     * @return such as {@code D003920}
     */
    public String code() {
        return code;
    }

    /**
     * Its preferred name.
     *
     * @return such as {@code Diabetes Mellitus}
     */
    public String name() {
        return name;
    }

    /**
     * How alike name and words are.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    /**
     * Why it was taken.
     *
     * @return empty if that is not known
     */
    public Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Code)) {
            return false;
        }
        Code that = (Code) other;
        return code.equals(that.code)
                && name.equals(that.name)
                && Float.compare(score, that.score) == 0
                && reason == that.reason;
    }

    @Override
    public int hashCode() {
        return Objects.hash(code, name, score, reason);
    }

    /** Score and reason: the code would say what the text says. */
    @Override
    public String toString() {
        return score + (reason == null ? "" : " " + reason);
    }
}
