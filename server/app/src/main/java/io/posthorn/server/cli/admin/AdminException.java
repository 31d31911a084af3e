package io.posthorn.server.cli.admin;

/** What a server said in the place of an answer, or why it could not be asked. */
public final class AdminException extends Exception {

    private static final long serialVersionUID = 1L;

    AdminException(String text) {
        super(text);
    }

    AdminException(String text, Throwable cause) {
        super(text, cause);
    }
}
