package io.posthorn.broker.store;

import io.posthorn.wire.frame.ErrorCode;

/** A command that has no effect, and what its sender is told. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final ErrorCode lasting;

    public Refusal(ErrorCode code, String text) {
        this(code, code, text);
    }

    private Refusal(ErrorCode code, ErrorCode lasting, String text) {
        super(text, null, false, false);
        this.code = code;
        this.lasting = lasting;
    }

    /** The same, of something that would not be there any more after the end of the broker: that is told then. */
    public Refusal afterwards(ErrorCode then) {
        return new Refusal(code, then, getMessage());
    }

    /** What a later run of the broker tells a client that has not heard of the refusal. */
    public ErrorCode lasting() {
        return lasting;
    }

    public ErrorCode code() {
        return code;
    }
}
