package io.posthorn.server.cli.admin;

/** What a server said in the place of an answer, or why it could not be asked. */
public final class AdminException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;

    /** Of the answer; 0 when there was none. */
    private final int status;

    AdminException(String text) {
        this(text, 0);
    }

    AdminException(String text, int status) {
        super(text);
        this.status = status;
    }

    AdminException(String text, Throwable cause) {
        super(text, cause);
        status = 0;
    }

    /** Whether the server does not have what it was asked for. */
    boolean isNotFound() {
        return status == NOT_FOUND;
    }
}
