package org.biobert;

import java.util.List;

/** Options of relations. Immutable: each {@code with} method gives a changed copy. */
public final class ReOptions {
    private static final ReOptions DEFAULTS = new ReOptions(null, false);

    private final List<GivenEntity> entities;
    private final boolean unrelated;

    private ReOptions(List<GivenEntity> entities, boolean unrelated) {
        this.entities = entities;
        this.unrelated = unrelated;
    }

    /**
     * Relations between the entities that the model's NER heads find, related pairs only.
     *
     * @return the defaults
     */
    public static ReOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Relations between entities that the caller has already, and no others.
     *
     * @param entities of all documents of the call; empty: there are none
     * @return a changed copy
     */
    public ReOptions withEntities(List<GivenEntity> entities) {
        return new ReOptions(List.copyOf(entities), unrelated);
    }

    /**
     * Whether to list also pairs that a head finds unrelated.
     *
     * @param unrelated true if they are
     * @return a changed copy
     */
    public ReOptions withUnrelated(boolean unrelated) {
        return new ReOptions(entities, unrelated);
    }

    boolean unrelated() {
        return unrelated;
    }

    /** Document, start and end of each; null if NER finds them. */
    long[] places() {
        if (entities == null) {
            return null;
        }
        long[] places = new long[3 * entities.size()];
        for (int i = 0; i < entities.size(); i++) {
            GivenEntity entity = entities.get(i);
            places[3 * i] = entity.doc();
            places[3 * i + 1] = entity.start();
            places[3 * i + 2] = entity.end();
        }
        return places;
    }

    /** The kind of each; null if NER finds them. */
    byte[][] kinds() {
        if (entities == null) {
            return null;
        }
        return entities.stream().map(entity -> Text.utf8(entity.kind(), "an entity's kind")).toArray(byte[][]::new);
    }
}
