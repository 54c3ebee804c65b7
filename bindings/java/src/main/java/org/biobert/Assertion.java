package org.biobert;

import java.util.Objects;
import java.util.Optional;

/** What a note says of an entity: whether the patient has it, and why. Immutable. */
public final class Assertion {
    /** Whether the patient has what an entity names. */
    public enum Value {
        /** The patient has it or takes it; it was done or ordered. */
        PRESENT,
        /** Denied, ruled out, resolved or stopped; of a drug also an allergy to it. */
        ABSENT,
        /** Suspected, conditional, planned only if, a risk. */
        POSSIBLE,
        /** Past and over, or listed as history. */
        HISTORICAL,
        /** Somebody else has it, such as the mother. */
        OTHER_PERSON;

        private static final Value[] ALL = values();

        /** The number of the header, whose order the constants have. */
        int number() {
            return ordinal() + 1;
        }

        /** That of a number of the header, whose order the constants have; 0 is none. */
        static Optional<Value> of(int number) {
            return number == 0 ? Optional.empty() : Optional.of(ALL[number - 1]);
        }
    }

    /** Why an assertion has its value. */
    public enum Category {
        /** The note says that it is not there: "no", "denies". */
        DENIED,
        /** It was looked for and not found. */
        RULED_OUT,
        /** It was there and is gone. */
        RESOLVED,
        /** A drug or therapy was ended. */
        STOPPED,
        /** A drug that the patient does not bear. */
        ALLERGY,
        /** A relative's. */
        FAMILY,
        /** Suspected. */
        UNCERTAIN,
        /** Only if something happens. */
        CONDITIONAL,
        /** Intended. */
        PLANNED,
        /** Of the past. */
        PAST,
        /** A list says it, such as the past medical history: its heading, or "PMH" within a line. */
        SECTION;

        private static final Category[] ALL = values();

        /** That of a number of the header, whose order the constants have; null for 0, which is none. */
        static Category of(int number) {
            return number == 0 ? null : ALL[number - 1];
        }
    }

    private final Value value;
    private final Category category;
    private final float score;
    private final Range cue;

    /** Category and cue may be null. */
    Assertion(Value value, Category category, float score, Range cue) {
        this.value = value;
        this.category = category;
        this.score = score;
        this.cue = cue;
    }

    /**
     * Whether the patient has it.
     *
     * @return one of five
     */
    public Value value() {
        return value;
    }

    /**
     * Why the value is what it is.
     *
     * @return empty if no rule found a cue: the head alone decided, or nothing speaks against the patient having it
     */
    public Optional<Category> category() {
        return Optional.ofNullable(category);
    }

    /**
     * Probability of the value.
     *
     * @return 0 to 1
     */
    public float score() {
        return score;
    }

    /**
     * The place of the words that decided.
     *
     * @return in the unit of the call; empty if there are no such words
     */
    public Optional<Range> cue() {
        return Optional.ofNullable(cue);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Assertion)) {
            return false;
        }
        Assertion that = (Assertion) other;
        return value == that.value
                && category == that.category
                && Float.compare(score, that.score) == 0
                && Objects.equals(cue, that.cue);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, category, score, cue);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return value + (category == null ? "" : " " + category) + (cue == null ? "" : " " + cue) + " " + score;
    }
}
