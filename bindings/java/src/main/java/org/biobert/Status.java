package org.biobert;

/** Why a call or a document failed. The numbers are those of {@code biobert.h} and are never reused. */
public enum Status {
    /** It did not fail. */
    OK(0),
    /** An argument makes no sense: a number out of range, an entity at an impossible place. */
    ARGUMENT(1),
    /** A file, a directory or a head does not exist. */
    NOT_FOUND(2),
    /** The operating system could not read a file or start a thread. */
    IO(3),
    /** A model's files are whole but do not fit together. */
    MODEL(4),
    /** A model file is damaged. */
    CORRUPT(5),
    /** Well formed, but this version cannot do it. */
    UNSUPPORTED(6),
    /** An input is larger than a limit of the engine, or a result than Java can hold. */
    LIMIT(7),
    /** A text is not valid Unicode. */
    ENCODING(8),
    /** The call was cancelled. */
    CANCELLED(9),
    /** The deadline passed. */
    DEADLINE(10),
    /** The object is in use by another thread. */
    BUSY(11),
    /** A bug in the library: a panic was caught. The objects of the call stay usable, except for a trainer. */
    PANIC(12),
    /** A bug in the library that it noticed itself. */
    INTERNAL(13),
    /** A GPU cannot be used, or it failed. */
    DEVICE(14),
    /** A number that this version does not know. */
    UNKNOWN(-1);

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /**
     * The number that the C interface has for it.
     *
     * @return 0 for {@link #OK}, -1 for {@link #UNKNOWN}
     */
    public int code() {
        return code;
    }

    /** The name that the C interface has for it, such as {@code BIOBERT_E_NOT_FOUND}. */
    @Override
    public String toString() {
        return this == OK ? "BIOBERT_OK" : "BIOBERT_E_" + name();
    }

    static Status of(int code) {
        for (Status status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return UNKNOWN;
    }
}
