package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.ValuePlace;
import java.nio.charset.StandardCharsets;

/** An identifier: a property or one of the header fields that a selector may name (JMS 3.1 section 3.8.1.1). */
public sealed interface Reference extends Operand {

    /** Whether a selector may use a name: a property, or one of the six header fields. */
    static boolean isKnown(String name) {
        boolean isField = name.startsWith("JMS") && !name.startsWith("JMSX") && !name.startsWith("JMS_");
        return !isField || !(of(name) instanceof Property);
    }

    /** What a name refers to. */
    static Reference of(String name) {
        return switch (name) {
            case "JMSDeliveryMode" -> new DeliveryMode();
            case "JMSPriority" -> new Priority();
            case "JMSMessageID" -> new MessageId();
            case "JMSTimestamp" -> new Timestamp();
            case "JMSCorrelationID" -> new CorrelationId();
            case "JMSType" -> new MessageType();
            default -> new Property(name);
        };
    }

    /** As the selector spells it. */
    String name();

    /** Where the value lies in {@link #source}; see {@link ValuePlace}. */
    long locate(Envelope message);

    /** The bytes that the place belongs to. */
    default byte[] source(Envelope message) {
        return message.bytes();
    }

    @Override
    default void read(Envelope message, Cell out) {
        long place = locate(message);
        byte[] bytes = source(message);
        if (ValuePlace.isNull(place)) {
            out.setNull();
        } else if (ValuePlace.isExact(place)) {
            out.setExact(ValuePlace.exact(bytes, place));
        } else if (ValuePlace.isApproximate(place)) {
            out.setApproximate(ValuePlace.approximate(bytes, place));
        } else if (ValuePlace.isText(place)) {
            long span = ValuePlace.textSpan(bytes, place);
            out.setText(bytes, ValuePlace.spanStart(span), ValuePlace.spanLength(span));
        } else if (ValuePlace.isFlag(place)) {
            out.setFlag(ValuePlace.flag(bytes, place));
        } else {
            out.setOdd();
        }
    }

    /** A property; its name is looked up as UTF-8. */
    final class Property implements Reference {

        private final String name;
        private final byte[] utf8;

        public Property(String name) {
            this.name = name;
            this.utf8 = name.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Type type() {
            return Type.ANY;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofProperty(message, utf8);
        }
    }

    /** JMSMessageID. */
    final class MessageId implements Reference {

        @Override
        public String name() {
            return "JMSMessageID";
        }

        @Override
        public Type type() {
            return Type.TEXT;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofMessageId(message);
        }
    }

    /** JMSCorrelationID, null when it was set as bytes. */
    final class CorrelationId implements Reference {

        @Override
        public String name() {
            return "JMSCorrelationID";
        }

        @Override
        public Type type() {
            return Type.TEXT;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofCorrelationId(message);
        }
    }

    /** JMSType. */
    final class MessageType implements Reference {

        @Override
        public String name() {
            return "JMSType";
        }

        @Override
        public Type type() {
            return Type.TEXT;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofType(message);
        }
    }

    /** JMSPriority. */
    final class Priority implements Reference {

        @Override
        public String name() {
            return "JMSPriority";
        }

        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofPriority();
        }
    }

    /** JMSTimestamp. */
    final class Timestamp implements Reference {

        @Override
        public String name() {
            return "JMSTimestamp";
        }

        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofTimestamp();
        }
    }

    /** JMSDeliveryMode, which the envelope keeps as a bit and selectors see as a text (section 3.8.1.3). */
    final class DeliveryMode implements Reference {

        private static final byte[] PERSISTENT = written("PERSISTENT");
        private static final byte[] NON_PERSISTENT = written("NON_PERSISTENT");

        @Override
        public String name() {
            return "JMSDeliveryMode";
        }

        @Override
        public Type type() {
            return Type.TEXT;
        }

        @Override
        public long locate(Envelope message) {
            return ValuePlace.ofText(0);
        }

        @Override
        public byte[] source(Envelope message) {
            return message.persistent() ? PERSISTENT : NON_PERSISTENT;
        }

        private static byte[] written(String text) {
            ByteWriter out = new ByteWriter(16);
            out.writeString(text);
            return out.toByteArray();
        }
    }
}
