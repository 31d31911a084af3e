package io.posthorn.wire.message;

/** Bytes from outside that do not follow the layout: an envelope, a value or a frame. */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedException(String text) {
        super(text);
    }
}
