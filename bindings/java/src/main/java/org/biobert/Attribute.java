package org.biobert;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** An attribute of a drug, such as its dose, or of a test, such as its value. Immutable. */
public final class Attribute {
    /** What an attribute says. */
    public enum Kind {
        /** Of a drug: how much is taken at a time. */
        DOSE,
        /** Of a drug: how much of it one unit holds. */
        STRENGTH,
        /** Of a drug: tablet, cream. */
        FORM,
        /** Of a drug: by mouth, into a vein. */
        ROUTE,
        /** Of a drug: how often. */
        FREQUENCY,
        /** Of a drug: for how long. */
        DURATION,
        /** Of a drug: only when needed. */
        AS_NEEDED,
        /** Of a drug: what for. */
        REASON,
        /** Of a test: its result. */
        VALUE,
        /** Of a test: the range that is normal. */
        REFERENCE,
        /** Of a test: what the laboratory remarked. */
        FLAG;

        private static final Kind[] ALL = values();

        /** That of a number of the header, whose order the constants have. */
        static Kind of(int number) {
            return ALL[number - 1];
        }
    }

    private final Kind kind;
    private final int start;
    private final int end;
    private final double low;
    private final double high;
    private final String comparator;
    private final String unit;
    private final int step;
    private final boolean parsed;

    /** NaN and empty texts are what is not there. */
    Attribute(
            Kind kind, int start, int end, double low, double high, String comparator, String unit, int step, boolean parsed) {
        this.kind = kind;
        this.start = start;
        this.end = end;
        this.low = low;
        this.high = high;
        this.comparator = comparator;
        this.unit = unit;
        this.step = step;
        this.parsed = parsed;
    }

    /**
     * What it says.
     *
     * @return such as {@link Kind#DOSE}
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Offset of its first character.
     *
     * @return in the unit of the call
     */
    public int start() {
        return start;
    }

    /**
     * Offset after its last character.
     *
     * @return in the unit of the call
     */
    public int end() {
        return end;
    }

    /**
     * Its number, or the lower end of a range.
     *
     * @return empty of an upper limit, and where there is no number
     */
    public OptionalDouble low() {
        return number(low);
    }

    /**
     * The upper end of a range.
     *
     * @return as {@link #low} where there is one number
     */
    public OptionalDouble high() {
        return number(high);
    }

    /**
     * What stands before the number.
     *
     * @return {@code <}, {@code <=}, {@code >}, {@code >=} or {@code ~}; empty where there is none
     */
    public Optional<String> comparator() {
        return text(comparator);
    }

    /**
     * A unit of UCUM, such as {@code mg}. Of a frequency {@code /d}, {@code /wk}, {@code /mo} and {@code /a} count
     * times, {@code min}, {@code h}, {@code wk} and {@code mo} the time from one to the next, and {@code {dose}} how
     * often in all.
     *
     * @return empty where there is none
     */
    public Optional<String> unit() {
        return text(unit);
    }

    /**
     * Which part of a taper, or of a series of results, it belongs to.
     *
     * @return 0 or more
     */
    public int step() {
        return step;
    }

    /**
     * Whether it could be read.
     *
     * @return if not, only its kind and place are known
     */
    public boolean parsed() {
        return parsed;
    }

    private static OptionalDouble number(double number) {
        return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static Optional<String> text(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Attribute)) {
            return false;
        }
        Attribute that = (Attribute) other;
        return kind == that.kind
                && start == that.start
                && end == that.end
                && Double.compare(low, that.low) == 0
                && Double.compare(high, that.high) == 0
                && comparator.equals(that.comparator)
                && unit.equals(that.unit)
                && step == that.step
                && parsed == that.parsed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, start, end, low, high, comparator, unit, step, parsed);
    }

    /** For logs: kind and place, no text. */
    @Override
    public String toString() {
        return kind + " [" + start + ", " + end + ")";
    }
}
