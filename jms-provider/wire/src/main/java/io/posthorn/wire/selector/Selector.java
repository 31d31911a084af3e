package io.posthorn.wire.selector;

import io.posthorn.wire.message.Envelope;

/** A parsed selector. Immutable and thread-safe. */
public final class Selector {

    private final String text;

    private Selector(String text) {
        this.text = text;
    }

    /** Parses a selector; null and blank text select everything. Errors say what was expected, and at which column. */
    public static Selector parse(String text) throws InvalidSelectorSyntaxException {
        if (text == null) {
            throw new InvalidSelectorSyntaxException("TODO");
        }
        return new Selector(text);
    }

    /** Whether the condition is true (not false, not unknown) for the message. */
    public boolean matches(Envelope envelope) {
        return envelope.length() > 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
