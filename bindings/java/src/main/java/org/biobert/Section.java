package org.biobert;

import java.util.Objects;
import java.util.Optional;

/** A section of a note: its heading and what stands under it, the sections within it included. Immutable. */
public final class Section {
    private final int start;
    private final int end;
    private final Range title;
    private final Section parent;
    private final String name;
    private final String loinc;

    /** The parent may be null, the code empty. */
    Section(int start, int end, Range title, Section parent, String name, String loinc) {
        this.start = start;
        this.end = end;
        this.title = title;
        this.parent = parent;
        this.name = name;
        this.loinc = loinc;
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
     * Offset after the last character of what stands under the heading.
     *
     * @return in the unit of the call
     */
    public int end() {
        return end;
    }

    /**
     * The heading's words, without number, marks and colon.
     *
     * @return their place
     */
    public Range title() {
        return title;
    }

    /**
     * The section that it stands in.
     *
     * @return one of {@link DocumentResult#sections}, the same object; empty if it stands in none
     */
    public Optional<Section> parent() {
        return Optional.ofNullable(parent);
    }

    /**
     * What kind of section it is.
     *
     * @return such as {@code past_medical_history}
     */
    public String name() {
        return name;
    }

    /**
     * Its LOINC code.
     *
     * @return empty where there is none
     */
    public Optional<String> loinc() {
        return loinc.isEmpty() ? Optional.empty() : Optional.of(loinc);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Section)) {
            return false;
        }
        Section that = (Section) other;
        return start == that.start
                && end == that.end
                && title.equals(that.title)
                && Objects.equals(parent, that.parent)
                && name.equals(that.name)
                && loinc.equals(that.loinc);
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, end, title, name, loinc);
    }

    /** For logs: name and place, no text. */
    @Override
    public String toString() {
        return name + " [" + start + ", " + end + ")";
    }
}
