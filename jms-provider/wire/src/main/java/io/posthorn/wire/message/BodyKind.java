package io.posthorn.wire.message;

/** What the body of an envelope is; the ordinal is its number in the envelope. */
public enum BodyKind {
    /** No body. */
    NONE,
    /** UTF-8; a null text has {@link Envelope#bodyIsNull()}. */
    TEXT,
    /** The bytes themselves. */
    BYTES,
    /** Names and typed values, one after the other. */
    MAP,
    /** Typed values, one after the other. */
    STREAM,
    /** Java serialisation; a null object has {@link Envelope#bodyIsNull()}. */
    OBJECT;

    private static final BodyKind[] VALUES = values();

    static BodyKind of(int number) {
        if (number < 0 || number >= VALUES.length) {
            throw new MalformedException("unknown body kind " + number);
        }
        return VALUES[number];
    }
}
