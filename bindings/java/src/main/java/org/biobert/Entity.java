package org.biobert;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An entity of a note, and what the note says of it. Immutable. */
public final class Entity {
    private final int start;
    private final int end;
    private final String label;
    private final String head;
    private final float score;
    private final List<Also> also;
    private final Section section;
    private final Assertion assertion;
    private final String expansion;
    private final List<Attribute> attributes;
    private final List<Link> links;

    /** Section and assertion may be null, the expansion empty. */
    Entity(
            Span span,
            List<Also> also,
            Section section,
            Assertion assertion,
            String expansion,
            List<Attribute> attributes,
            List<Link> links) {
        this.start = span.start();
        this.end = span.end();
        this.label = span.label();
        this.head = span.head();
        this.score = span.score();
        this.also = also;
        this.section = section;
        this.assertion = assertion;
        this.expansion = expansion;
        this.attributes = attributes;
        this.links = links;
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
     * Its kind.
     *
     * @return such as {@code Problem}
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

    /**
     * What other heads call it.
     *
     * @return an unmodifiable list
     */
    public List<Also> also() {
        return also;
    }

    /**
     * The section that it stands in, the innermost.
     *
     * @return one of {@link DocumentResult#sections}, the same object; empty if it stands in none
     */
    public Optional<Section> section() {
        return Optional.ofNullable(section);
    }

    /**
     * Whether the patient has it, and why.
     *
     * @return empty only for {@link ExtractOptions.Judges#NONE}
     */
    public Optional<Assertion> assertion() {
        return Optional.ofNullable(assertion);
    }

    /**
     * What it stands for, if it is a short form that is known or defined in the note.
     *
     * @return the long form
     */
    public Optional<String> expansion() {
        return expansion.isEmpty() ? Optional.empty() : Optional.of(expansion);
    }

    /**
     * Dose, frequency and the like of a drug, value, reference and flag of a test; by start.
     *
     * @return an unmodifiable list
     */
    public List<Attribute> attributes() {
        return attributes;
    }

    /**
     * What the code systems have for it, one link each.
     *
     * @return an unmodifiable list; empty without terminologies
     */
    public List<Link> links() {
        return links;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Entity)) {
            return false;
        }
        Entity that = (Entity) other;
        return start == that.start
                && end == that.end
                && label.equals(that.label)
                && head.equals(that.head)
                && Float.compare(score, that.score) == 0
                && also.equals(that.also)
                && Objects.equals(section, that.section)
                && Objects.equals(assertion, that.assertion)
                && expansion.equals(that.expansion)
                && attributes.equals(that.attributes)
                && links.equals(that.links);
    }

    @Override
    public int hashCode() {
        return Objects.hash(start, end, label, head, score, assertion);
    }

    /** For logs: places, labels and scores, no text. */
    @Override
    public String toString() {
        return label + " [" + start + ", " + end + ") " + score + " " + head + (assertion == null ? "" : " " + assertion);
    }
}
