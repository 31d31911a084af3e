package io.posthorn.server;

/** The server cannot start; the text, one line, says what, why and what to do. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1L;

    public StartException(String text, Throwable cause) {
        super(text, cause);
    }

    public StartException(String text) {
        this(text, null);
    }
}
