package org.biobert;

/** What a head is for. */
public enum Task {
    /** Named entities. */
    NER,
    /** Relations between two entities. */
    RE,
    /** Answers to questions. */
    QA,
    /** Classes of documents. */
    CLASSIFY,
    /** What notes say of their entities: whether the patient has them. */
    ASSERTION;

    /** The number of the header, whose order the constants have. */
    int number() {
        return ordinal() + 1;
    }
}
