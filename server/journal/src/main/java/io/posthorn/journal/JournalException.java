package io.posthorn.journal;

/** The log cannot do what was asked; the text names file, position and cause, and the way out where there is one. */
public final class JournalException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public JournalException(Kind kind, String text, Throwable cause) {
        super(text, cause);
        this.kind = kind;
    }

    public JournalException(Kind kind, String text) {
        this(kind, text, null);
    }

    public Kind kind() {
        return kind;
    }

    /** What a caller can do about it. */
    public enum Kind {
        /** Another process owns the log. */
        LOCKED,
        /** The place cannot be used: missing permission, not a directory, another format. */
        UNUSABLE,
        /** Bytes that were durable are no longer what was written. */
        DAMAGED,
        /** The disk did not write or sync. Stop. */
        FAILED,
        /** A newer owner has the log. Stop. */
        FENCED,
        /** It is not known whether the last appends are durable. Stop, open again, replay. */
        UNKNOWN
    }
}
