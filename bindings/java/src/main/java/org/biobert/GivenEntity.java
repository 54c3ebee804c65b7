package org.biobert;

import java.util.Objects;

/** An entity that the caller already knows, between which {@code re} looks for relations. Immutable. */
public final class GivenEntity {
    private final int doc;
    private final int start;
    private final int end;
    private final String kind;

    /**
     * An entity of a document.
     *
     * @param doc index of its document in the call
     * @param start offset of its first character, in the unit of the call
     * @param end offset after its last character
     * @param kind its kind, such as {@code Chemical}; case does not matter
     * @throws IllegalArgumentException if a number is negative
     */
    public GivenEntity(int doc, int start, int end, String kind) {
        if (doc < 0 || start < 0 || end < 0) {
            throw new IllegalArgumentException("document or offset of an entity is negative");
        }
        this.doc = doc;
        this.start = start;
        this.end = end;
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * Index of its document in the call.
     *
     * @return 0 or more
     */
    public int doc() {
        return doc;
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
     * @return such as {@code Chemical}
     */
    public String kind() {
        return kind;
    }
}
