package io.posthorn.wire.message;

import io.posthorn.wire.frame.Address;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects what a message holds and encodes it as an {@link Envelope}. Not thread-safe; may be used again. */
public final class EnvelopeBuilder {

    private static final byte[] NO_BODY = {};

    /** Room for headers and properties that need not grow as a rule. */
    private static final int HEAD_LENGTH_GUESS = 256;

    private BodyKind bodyKind = BodyKind.NONE;
    private int flags;
    private int priority = 4;
    private long timestamp;
    private long expiration;
    private long deliveryTime;
    private Address destination;
    private Address replyTo;
    private String messageId;
    private String correlationId;
    private byte[] correlationBytes;
    private String type;
    private Map<String, Object> properties = Map.of();
    private byte[] body = NO_BODY;
    private int bodyLength;

    /** A builder that holds all that the envelope holds, so that single things can be changed. */
    public static EnvelopeBuilder from(Envelope envelope) {
        EnvelopeBuilder builder = new EnvelopeBuilder();
        builder.bodyKind = envelope.bodyKind();
        builder.flags = envelope.bytes()[Envelope.FLAGS_OFFSET];
        builder.priority = envelope.priority();
        builder.timestamp = envelope.timestamp();
        builder.expiration = envelope.expiration();
        builder.deliveryTime = envelope.deliveryTime();
        builder.destination = envelope.destination();
        builder.replyTo = envelope.replyTo();
        builder.messageId = envelope.messageId();
        builder.correlationId = envelope.correlationId();
        builder.correlationBytes = envelope.correlationBytes();
        builder.type = envelope.type();
        builder.properties = envelope.decodeProperties();
        builder.body = envelope.body().readRemaining();
        builder.bodyLength = builder.body.length;
        return builder;
    }

    public EnvelopeBuilder persistent(boolean value) {
        return flag(Envelope.FLAG_PERSISTENT, value);
    }

    public EnvelopeBuilder priority(int value) {
        if (value < 0 || value > 9) {
            throw new IllegalArgumentException("a priority is between 0 and 9, not " + value);
        }
        priority = value;
        return this;
    }

    public EnvelopeBuilder timestamp(long ms) {
        timestamp = ms;
        return this;
    }

    public EnvelopeBuilder expiration(long ms) {
        expiration = ms;
        return this;
    }

    public EnvelopeBuilder deliveryTime(long ms) {
        deliveryTime = ms;
        return this;
    }

    public EnvelopeBuilder destination(Address address) {
        destination = address;
        return this;
    }

    public EnvelopeBuilder replyTo(Address address) {
        replyTo = address;
        return this;
    }

    public EnvelopeBuilder messageId(String id) {
        messageId = id;
        return this;
    }

    public EnvelopeBuilder correlationId(String id) {
        correlationId = id;
        return this;
    }

    public EnvelopeBuilder correlationBytes(byte[] id) {
        correlationBytes = id;
        return this;
    }

    public EnvelopeBuilder type(String value) {
        type = value;
        return this;
    }

    /** Adds one property; {@link #properties} sets them all. */
    public EnvelopeBuilder property(String name, Object value) {
        if (!(properties instanceof LinkedHashMap)) {
            properties = new LinkedHashMap<>(properties);
        }
        properties.put(name, value);
        return this;
    }

    /** Uses this map, without copying it, until {@link #build()}. */
    public EnvelopeBuilder properties(Map<String, Object> all) {
        properties = all;
        return this;
    }

    /** The encoded body, of which the first {@code length} bytes count; the array is read at {@link #build()}. */
    public EnvelopeBuilder body(BodyKind kind, byte[] bytes, int length) {
        bodyKind = kind;
        body = bytes;
        bodyLength = length;
        flag(Envelope.FLAG_BODY_APART, false);
        return flag(Envelope.FLAG_BODY_NULL, false);
    }

    /** The body is apart, in the pieces that the manifest speaks of. */
    public EnvelopeBuilder bodyApart(BodyKind kind, Manifest manifest) {
        byte[] encoded = manifest.encode();
        body(kind, encoded, encoded.length);
        return flag(Envelope.FLAG_BODY_APART, true);
    }

    public EnvelopeBuilder nullBody(BodyKind kind) {
        body(kind, NO_BODY, 0);
        return flag(Envelope.FLAG_BODY_NULL, true);
    }

    public EnvelopeBuilder bodyCompressed(boolean value) {
        return flag(Envelope.FLAG_BODY_COMPRESSED, value);
    }

    public Envelope build() {
        ByteWriter out = new ByteWriter(HEAD_LENGTH_GUESS);
        out.writeByte(Envelope.VERSION);
        out.writeByte(bodyKind.ordinal());
        out.writeByte(flags);
        out.writeByte(priority);
        out.writeLong(timestamp);
        out.writeLong(expiration);
        out.writeLong(deliveryTime);
        out.writeInt(0);
        out.writeInt(0);
        out.writeInt(bodyLength);
        writeAddress(out, Envelope.TAG_DESTINATION, destination);
        writeAddress(out, Envelope.TAG_REPLY_TO, replyTo);
        writeText(out, Envelope.TAG_MESSAGE_ID, messageId);
        writeText(out, Envelope.TAG_CORRELATION_ID, correlationId);
        if (correlationBytes != null) {
            out.writeByte(Envelope.TAG_CORRELATION_BYTES);
            out.writeSized(correlationBytes);
        }
        writeText(out, Envelope.TAG_TYPE, type);
        int headersEnd = out.size();
        out.setInt(Envelope.HEADERS_LENGTH_OFFSET, headersEnd - Envelope.FIXED_LENGTH);
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            out.writeString(property.getKey());
            Values.write(out, property.getValue());
        }
        out.setInt(Envelope.PROPERTIES_LENGTH_OFFSET, out.size() - headersEnd);
        if (bodyLength > Integer.MAX_VALUE - 8 - out.size()) {
            throw new MalformedException("more than 2 GiB in one piece");
        }
        byte[] whole = Arrays.copyOf(out.array(), out.size() + bodyLength);
        System.arraycopy(body, 0, whole, out.size(), bodyLength);
        return Envelope.of(whole);
    }

    private EnvelopeBuilder flag(int flag, boolean value) {
        flags = value ? flags | flag : flags & ~flag;
        return this;
    }

    private static void writeText(ByteWriter out, int tag, String text) {
        if (text != null) {
            out.writeByte(tag);
            out.writeString(text);
        }
    }

    private static void writeAddress(ByteWriter out, int tag, Address address) {
        if (address != null) {
            byte[] name = address.name().getBytes(StandardCharsets.UTF_8);
            out.writeByte(tag);
            out.writeVarint(1 + name.length);
            out.writeByte(address.kind().ordinal());
            out.writeBytes(name, 0, name.length);
        }
    }
}
