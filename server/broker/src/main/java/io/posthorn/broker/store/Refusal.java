package io.posthorn.broker.store;

import io.posthorn.wire.frame.ErrorCode;

/** A command that has no effect, and what its sender is told. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public Refusal(ErrorCode code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
