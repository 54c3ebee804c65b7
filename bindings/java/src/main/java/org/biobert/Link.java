package org.biobert;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a code system has for an entity. Immutable. */
public final class Link {
    /** Why none of the codes was given. */
    public enum Abstention {
        /** There is none. */
        NOTHING,
        /** The best one is too unlike the words. */
        WEAK,
        /** Several are as good as the best. */
        AMBIGUOUS;

        private static final Abstention[] ALL = values();

        /** That of a number of the header, whose order the constants have; null for 0, which is none. */
        static Abstention of(int number) {
            return number == 0 ? null : ALL[number - 1];
        }
    }

    private final String system;
    private final List<Code> codes;
    private final Abstention abstention;

    /** The abstention may be null. */
    Link(String system, List<Code> codes, Abstention abstention) {
        this.system = system;
        this.codes = codes;
        this.abstention = abstention;
    }

    /**
     * The code system.
     *
     * @return such as {@code MESH}
     */
    public String system() {
        return system;
    }

    /**
     * The codes that may be the entity's, the best first.
     *
     * @return an unmodifiable list
     */
    public List<Code> codes() {
        return codes;
    }

    /**
     * Why the first code is not given.
     *
     * @return empty: it is
     */
    public Optional<Abstention> abstention() {
        return Optional.ofNullable(abstention);
    }

    /**
     * The entity's code.
     *
     * @return empty if none is given
     */
    public Optional<Code> given() {
        return abstention != null || codes.isEmpty() ? Optional.empty() : Optional.of(codes.get(0));
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Link)) {
            return false;
        }
        Link that = (Link) other;
        return system.equals(that.system) && codes.equals(that.codes) && abstention == that.abstention;
    }

    @Override
    public int hashCode() {
        return Objects.hash(system, codes, abstention);
    }

    /** For logs: the code system, how many codes and whether one is given; the codes would say what the text says. */
    @Override
    public String toString() {
        return system + " " + codes.size() + (abstention == null ? "" : " " + abstention);
    }
}
