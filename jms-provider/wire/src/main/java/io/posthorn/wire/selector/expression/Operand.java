package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;

/** Something that has a value for a message: a literal, a property, a header field, arithmetic or a condition. */
public interface Operand {

    /** What is known of a value before there is a message. */
    enum Type {
        TEXT("a string"),
        NUMBER("a number"),
        FLAG("a boolean"),
        /** A property: its type is that of the value which the sender set. */
        ANY("a property");

        private final String title;

        Type(String title) {
            this.title = title;
        }

        /** For error texts, with its article. */
        public String title() {
            return title;
        }
    }

    Type type();

    /** Puts the value for the message into {@code out}. */
    void read(Envelope message, Cell out);
}
