package org.biobert;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Options of a call on documents. Immutable: each {@code with} method gives a changed copy. */
public final class RunOptions {
    /** What offsets count. */
    public enum Unit {
        /** Bytes of UTF-8. */
        UTF8_BYTES,
        /** Unicode scalar values: code points. */
        UNICODE_SCALARS,
        /** UTF-16 units, as {@link String#substring} and {@link String#charAt} count. */
        UTF16_UNITS;

        /** The number of the header, whose order the constants have. */
        int number() {
            return ordinal() + 1;
        }
    }

    /** What to do with a document that has half a surrogate pair. */
    public enum InvalidText {
        /** Refuse it: its status is {@link Status#ENCODING}, with the position in its message. */
        REJECT,
        /** Read each bad unit as one U+FFFD; offsets still point into the original. */
        REPLACE
    }

    /**
     * What in a document stands for other characters. It is read as those; offsets still point into the original.
     * A place that begins or ends within a reference begins or ends at its edge. What is no valid reference or
     * sequence stays as it is.
     */
    public enum Markup {
        /** Nothing. */
        NONE,
        /** HTML's character references, such as {@code &beta;} and {@code &#39;}. Tags stay. */
        ENTITIES,
        /** The escape sequences in a text field of HL7 version 2, such as {@code \T\} and {@code \.br\}. */
        HL7
    }

    /** The C interface counts milliseconds in 32 bits. */
    private static final long LARGEST_DEADLINE = 0xFFFF_FFFFL;

    private static final RunOptions DEFAULTS =
            new RunOptions(List.of(), Unit.UTF16_UNITS, InvalidText.REJECT, Markup.NONE, 0, null);

    private final List<String> heads;
    private final Unit unit;
    private final InvalidText invalidText;
    private final Markup markup;
    private final long deadline;
    private final Cancel cancellation;

    private RunOptions(
            List<String> heads,
            Unit unit,
            InvalidText invalidText,
            Markup markup,
            long deadline,
            Cancel cancellation) {
        this.heads = heads;
        this.unit = unit;
        this.invalidText = invalidText;
        this.markup = markup;
        this.deadline = deadline;
        this.cancellation = cancellation;
    }

    /**
     * All heads, offsets in UTF-16 units, invalid text refused, no markup, neither deadline nor cancellation.
     *
     * @return the defaults
     */
    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Which heads work.
     *
     * @param heads names as {@link Model#heads} has them; none is all that the task has
     * @return a changed copy
     */
    public RunOptions withHeads(String... heads) {
        return withHeads(List.of(heads));
    }

    /**
     * Which heads work.
     *
     * @param heads names as {@link Model#heads} has them; none is all that the task has
     * @return a changed copy
     */
    public RunOptions withHeads(List<String> heads) {
        return new RunOptions(List.copyOf(heads), unit, invalidText, markup, deadline, cancellation);
    }

    /**
     * What offsets count, those of given entities too.
     *
     * @param unit the unit
     * @return a changed copy
     */
    public RunOptions withUnit(Unit unit) {
        return new RunOptions(heads, Objects.requireNonNull(unit, "unit"), invalidText, markup, deadline, cancellation);
    }

    /**
     * What to do with a document that has half a surrogate pair.
     *
     * @param invalidText what
     * @return a changed copy
     */
    public RunOptions withInvalidText(InvalidText invalidText) {
        return new RunOptions(
                heads, unit, Objects.requireNonNull(invalidText, "invalidText"), markup, deadline, cancellation);
    }

    /**
     * What in a document stands for other characters.
     *
     * @param markup what
     * @return a changed copy
     */
    public RunOptions withMarkup(Markup markup) {
        return new RunOptions(
                heads, unit, invalidText, Objects.requireNonNull(markup, "markup"), deadline, cancellation);
    }

    /**
     * After what time a call ends with {@link Status#DEADLINE}.
     *
     * @param deadline from the beginning of the native call, in full milliseconds, up to 49 days
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than a millisecond or more than 49 days
     */
    public RunOptions withDeadline(Duration deadline) {
        if (deadline.compareTo(Duration.ofMillis(1)) < 0 || deadline.compareTo(Duration.ofMillis(LARGEST_DEADLINE)) > 0) {
            throw new IllegalArgumentException("deadline is not between a millisecond and 49 days");
        }
        return new RunOptions(heads, unit, invalidText, markup, deadline.toMillis(), cancellation);
    }

    /**
     * A switch that ends the calls.
     *
     * @param cancellation the switch
     * @return a changed copy
     */
    public RunOptions withCancel(Cancel cancellation) {
        return new RunOptions(
                heads, unit, invalidText, markup, deadline, Objects.requireNonNull(cancellation, "cancellation"));
    }

    byte[][] heads() {
        return Text.utf8(heads, "a head's name");
    }

    void refuseHeads() {
        if (!heads.isEmpty()) {
            throw new IllegalArgumentException("this task has no heads to choose");
        }
    }

    int unit() {
        return unit.number();
    }

    /** The number of the header, whose order the constants have. */
    int invalidText() {
        return invalidText.ordinal() + 1;
    }

    /** The number of the header, whose order the constants have. */
    int markup() {
        return markup.ordinal() + 1;
    }

    /** Milliseconds; 0 is none. */
    long deadline() {
        return deadline;
    }

    /** Null if there is none. */
    Cancel cancellation() {
        return cancellation;
    }

    /** A native call on an object, with a cancel switch or 0. */
    interface Call {
        byte[] run(long object, long cancel);
    }

    /** Runs a call on an object that is open. */
    List<DocumentResult> run(NativeHandle handle, Call call) {
        byte[] result = handle.use(object -> Cancel.during(cancellation, cancel -> call.run(object, cancel)));
        return Decoder.documents(result);
    }
}
