package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A call failed, or the document that was asked for. The message is in English and has no word of any
 * document, nor more of a path than its last component.
 */
public final class BiobertException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why it failed. */
    private final Status status;

    BiobertException(Status status, String message) {
        super(message);
        this.status = status;
    }

    /** Called by the native half. */
    BiobertException(int status, byte[] message) {
        this(Status.of(status), new String(message, UTF_8));
    }

    /**
     * Why it failed.
     *
     * @return never {@link Status#OK}
     */
    public Status status() {
        return status;
    }

    /** The exception with the name of its status and its message. */
    @Override
    public String toString() {
        return "org.biobert.BiobertException: " + status + ": " + getMessage();
    }
}
