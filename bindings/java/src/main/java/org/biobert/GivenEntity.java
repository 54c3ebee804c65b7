package org.biobert;

import java.util.Objects;

/** An entity that the caller knows already, between which {@code re} looks for relations. Immutable. */
public final class GivenEntity {
    private final int document;
    private final int start;
    private final int end;
    private final String kind;

    /**
     * An entity of a document.
     *
     * @param document index of its document in the call
     * @param start offset of its first character, in the unit of the call
     * @param end offset behind its last character
     * @param kind its kind, such as {@code Chemical}; capitals do not matter
     * @throws IllegalArgumentException if a number is negative
     */
    public GivenEntity(int document, int start, int end, String kind) {
        if (document < 0 || start < 0 || end < 0) {
            throw new IllegalArgumentException("document or offset of an entity is negative");
        }
        this.document = document;
        this.start = start;
        this.end = end;
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * Index of its document in the call.
     *
     * @return 0 or more
     */
    public int document() {
        return document;
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
     * Offset behind its last character.
     *
     * @return in the unit of the call
     */
    public int end() {
        return end;
    }

    /**
     * Its kind.
     *
     * @return such as {@code Chemical}
     */
    public String kind() {
        return kind;
    }
}
