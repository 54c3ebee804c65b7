package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.OptionalInt;

/**
 * A call failed, or a document has no result. The message is in English and has no text of any document,
 * nor more of a path than its last component.
 */
public final class BiobertException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why it failed. */
    private final Status status;

    /** Index of the document to blame; below 0 for none. */
    private final long docIndex;

    BiobertException(Status status, String message, long docIndex) {
        super(message);
        this.status = status;
        this.docIndex = docIndex;
    }

    /** Called by the native half. */
    BiobertException(int status, byte[] message, long docIndex) {
        this(Status.of(status), new String(message, UTF_8), docIndex);
    }

    /**
     * Why it failed.
     *
     * @return never {@link Status#OK}
     */
    public Status status() {
        return status;
    }

    /**
     * The document, or question, that is to blame: the one without a result, or the one that made the whole
     * call fail, such as that of a given entity with an impossible place.
     *
     * @return its index in the call; empty if no single one is to blame
     */
    public OptionalInt docIndex() {
        return docIndex < 0 ? OptionalInt.empty() : OptionalInt.of((int) docIndex);
    }

    /** The exception with the name of its status and its message. */
    @Override
    public String toString() {
        return "org.biobert.BiobertException: " + status + ": " + getMessage();
    }
}
