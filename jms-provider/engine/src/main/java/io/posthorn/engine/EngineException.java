package io.posthorn.engine;

import io.posthorn.wire.frame.ErrorCode;

/** What went wrong, with the kind that the front turns into the exception type that the specification asks for. */
public final class EngineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public EngineException(ErrorCode code, String text, Throwable cause) {
        super(text, cause);
        this.code = code;
    }

    public EngineException(ErrorCode code, String text) {
        this(code, text, null);
    }

    public ErrorCode code() {
        return code;
    }
}
