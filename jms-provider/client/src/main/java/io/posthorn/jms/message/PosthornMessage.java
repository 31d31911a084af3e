package io.posthorn.jms.message;

import io.posthorn.jms.PosthornDestination;
import io.posthorn.jms.body.BodyFile;
import io.posthorn.jms.body.BodyReader;
import io.posthorn.jms.convert.Causes;
import io.posthorn.jms.convert.Compression;
import io.posthorn.jms.convert.ValueConversions;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.message.Manifest;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Objects;

/**
 * What all message types share (JMS 3.1 chapter 3): header fields, properties, and whether the body may be written. The subclass
 * holds the body. A received message reads from its envelope; its body stays encoded there until {@link #clearBody()}, so passing it
 * on copies bytes and decodes nothing. Used by one thread at a time, like its session.
 */
public abstract class PosthornMessage implements Message {

    private static final String PROPERTY = "property";

    private final MessageHeaders headers;
    private final MessageProperties properties;

    /** Whose body is this message's; null for a new message and once the body was cleared. */
    private Envelope encoded;

    /** The body of {@link #encoded}, if that has it apart; null otherwise. */
    private BodyFile encodedFile;

    private boolean bodyReadOnly;
    private Acknowledger acknowledger;

    PosthornMessage() {
        headers = new MessageHeaders();
        properties = new MessageProperties();
    }

    PosthornMessage(Envelope envelope, int attempts, boolean redelivered) {
        headers = MessageHeaders.of(envelope, redelivered);
        properties = MessageProperties.of(envelope, attempts + 1);
        encoded = envelope;
        bodyReadOnly = true;
    }

    /**
     * The message as a consumer gets it: body and properties are read-only until they are cleared. {@code attempts} is how
     * often it was handed out before. Bytes that are no envelope are a {@link MalformedException}; damage further in shows as a
     * JMSException when that part is asked for.
     */
    public static PosthornMessage decode(byte[] envelope, int attempts, boolean redelivered, ObjectTrust trust) {
        return decode(Envelope.of(envelope), attempts, redelivered, trust);
    }

    /** Whether a message with this envelope, whose body is apart, reads its body from a file; others have it in memory. */
    public static boolean readsFromFile(Envelope received) {
        boolean isRow = received.bodyKind() == BodyKind.BYTES || received.bodyKind() == BodyKind.STREAM;
        return isRow && !received.bodyIsCompressed();
    }

    /** A message that {@link #readsFromFile}, as a consumer gets it. */
    public static PosthornMessage decode(Envelope received, BodyFile body, int attempts, boolean redelivered) {
        PosthornMessage message = received.bodyKind() == BodyKind.BYTES
                ? new PosthornBytesMessage(received, attempts, redelivered)
                : new PosthornStreamMessage(received, attempts, redelivered);
        message.keepEncoded(body);
        return message;
    }

    private void keepEncoded(BodyFile body) {
        encodedFile = body;
    }

    /** As {@link #decode(byte[], int, boolean, ObjectTrust)}, with a body that is not apart. */
    public static PosthornMessage decode(Envelope received, int attempts, boolean redelivered, ObjectTrust trust) {
        return switch (received.bodyKind()) {
            case NONE -> new PosthornPlainMessage(received, attempts, redelivered);
            case TEXT -> new PosthornTextMessage(received, attempts, redelivered);
            case BYTES -> new PosthornBytesMessage(received, attempts, redelivered);
            case MAP -> new PosthornMapMessage(received, attempts, redelivered);
            case STREAM -> new PosthornStreamMessage(received, attempts, redelivered);
            case OBJECT -> new PosthornObjectMessage(received, attempts, redelivered, trust);
        };
    }

    /**
     * The message itself if it is one of ours, otherwise a copy of another provider's (JMS 3.1 section 3.12): correlation identifier,
     * type, reply-to, properties and body. What it cannot give is a {@link MessageFormatException}, as is null.
     */
    public static PosthornMessage of(Message any) throws JMSException {
        if (any instanceof PosthornMessage own) {
            return own;
        }
        if (any == null) {
            throw new MessageFormatException("there is no message to send: it is null");
        }
        return ForeignMessages.convert(any);
    }

    /**
     * Sets on the sender's own object, of whichever provider, the header fields that a send sets (JMS 3.1 sections 3.4 and
     * 3.12).
     */
    public static void setSent(Message any, SendHeaders sent) throws JMSException {
        if (any instanceof PosthornMessage own) {
            own.setSent(sent);
            return;
        }
        any.setJMSDestination(PosthornDestination.of(sent.destination()));
        any.setJMSDeliveryMode(sent.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT);
        any.setJMSPriority(sent.priority());
        any.setJMSTimestamp(sent.timestampMs());
        any.setJMSExpiration(sent.expirationMs());
        any.setJMSDeliveryTime(sent.deliveryTimeShownMs());
        any.setJMSMessageID(sent.messageId());
    }

    /** Sets the header fields that a send sets. */
    public final void setSent(SendHeaders sent) throws JMSException {
        headers.setSent(sent);
    }

    /**
     * Encodes properties and body as they are now, with the headers of this send. The message does not change, and may be
     * changed and sent again. A body that is in a file is apart; {@link #bodyFile} is it.
     */
    public final Envelope encode(SendHeaders sent) throws JMSException {
        try {
            EnvelopeBuilder builder = new EnvelopeBuilder();
            headers.encode(sent, builder);
            properties.encode(builder);
            BodyFile file = bodyFile();
            if (file != null) {
                builder.bodyApart(bodyKind(), Manifest.ofUpload(file.length(), 0));
            } else if (encoded == null) {
                putBody(builder, encodeBody(), sent.compress());
            } else {
                copyBody(builder, sent.compress());
            }
            return builder.build();
        } catch (MalformedException e) {
            throw Causes.link(new MessageFormatException("the message cannot be encoded: " + e.getMessage()), e);
        }
    }

    /** What {@link #acknowledge()} will do. */
    public final void onAcknowledge(Acknowledger action) {
        acknowledger = action;
    }

    /** Does nothing for a message that was not received (JMS 3.1 section 6.2.10). */
    @Override
    public final void acknowledge() throws JMSException {
        if (acknowledger != null) {
            acknowledger.acknowledge();
        }
    }

    @Override
    public final void clearBody() throws JMSException {
        encoded = null;
        encodedFile = null;
        bodyReadOnly = false;
        clearContent();
    }

    /**
     * {@inheritDoc}
     *
     * <p>An empty bytes or map message has no body.
     */
    @Override
    public final <T> T getBody(Class<T> type) throws JMSException {
        Object body = body();
        if (body == null) {
            return null;
        }
        if (!accepts(type, body)) {
            throw new MessageFormatException("the body of a " + kindLabel() + " message is a "
                    + body.getClass().getTypeName() + " and cannot be given as " + type.getTypeName());
        }
        return type.cast(body);
    }

    @Override
    public boolean isBodyAssignableTo(@SuppressWarnings("rawtypes") Class type) throws JMSException {
        Object body = body();
        return body == null || accepts(type, body);
    }

    /** The body for {@link #getBody}; null when there is none. */
    abstract Object body() throws JMSException;

    /** Whether {@link #getBody} may give this body as that type. */
    boolean accepts(Class<?> type, Object body) {
        return type.isInstance(body);
    }

    /** Leaves the body as that of a new message. */
    abstract void clearContent();

    /** The file that the body is in, or null when it is in memory. */
    public final BodyFile bodyFile() throws JMSException {
        return encoded == null ? writtenFile() : encodedFile;
    }

    /** The file in which the application's body is; null when it is in memory. */
    BodyFile writtenFile() throws JMSException {
        return null;
    }

    /** The error of a file that a body was to be read from, or written to. */
    static JMSException fileFailed(IOException cause) {
        return Causes.link(
                new JMSException("the body of a long message is in a file in " + System.getProperty("java.io.tmpdir")
                        + ", which failed: " + cause.getMessage()),
                cause);
    }

    /** Encodes a body that is not in {@link #encoded}; called for messages of which the application wrote the body. */
    abstract Body encodeBody() throws JMSException;

    /** What kind of body this is. */
    abstract BodyKind bodyKind();

    /**
     * What a send adds to a message (JMS 3.1 section 3.4, the fields that are set by the send method).
     *
     * @param timestampMs time of the send, ms since 1970; 0 when the application disabled it
     * @param expirationMs ms since 1970; 0 for never
     * @param deliveryTimeMs ms since 1970, not to be delivered before; 0 for at once
     * @param messageId null when the application disabled it
     * @param compress whether a body over {@link Compression#LENGTH_MIN} is compressed
     */
    public record SendHeaders(
            Address destination,
            boolean persistent,
            int priority,
            long timestampMs,
            long expirationMs,
            long deliveryTimeMs,
            String messageId,
            boolean compress) {

        public SendHeaders {
            Objects.requireNonNull(destination, "destination");
        }

        /** What {@code getJMSDeliveryTime} says: without a delay the time of the send (JMS 3.1 section 3.4.13). */
        long deliveryTimeShownMs() {
            return deliveryTimeMs == 0 ? timestampMs : deliveryTimeMs;
        }
    }

    /** A body as it is encoded; {@code bytes} is null for a null body, otherwise its first {@code length} bytes count. */
    record Body(byte[] bytes, int length) {

        static final Body NULL = new Body(null, 0);

        static Body of(byte[] bytes) {
            return new Body(bytes, bytes.length);
        }
    }

    /** A part of an array. */
    record Span(byte[] bytes, int offset, int length) {

        ByteReader reader() {
            return new ByteReader(bytes, offset, length);
        }
    }

    /** Whether the body is still the one that was received. */
    final boolean isBodyEncoded() {
        return encoded != null;
    }

    /** The received body, decompressed; empty when it is null. Only while {@link #isBodyEncoded()}. */
    final Span encodedBody() throws JMSException {
        if (encoded.bodyIsCompressed()) {
            byte[] inflated = Compression.inflate(encoded.bytes(), encoded.bodyOffset(), encoded.bodyLength());
            return new Span(inflated, 0, inflated.length);
        }
        return new Span(encoded.bytes(), encoded.bodyOffset(), encoded.bodyLength());
    }

    /** The received body from its beginning. Only while {@link #isBodyEncoded()}. */
    final BodyReader encodedReader() throws JMSException {
        if (encodedFile != null) {
            return new BodyReader(encodedFile);
        }
        Span span = encodedBody();
        return new BodyReader(span.bytes(), span.offset(), span.length());
    }

    /** Whether the received body is null. Only while {@link #isBodyEncoded()}. */
    final boolean isEncodedBodyNull() {
        return encoded.bodyIsNull();
    }

    final boolean isBodyReadOnly() {
        return bodyReadOnly;
    }

    final void setBodyReadOnly() {
        bodyReadOnly = true;
    }

    final void checkBodyWriteable() throws MessageNotWriteableException {
        if (bodyReadOnly) {
            throw new MessageNotWriteableException("the body of this " + kindLabel()
                    + " message is read-only; clearBody() empties it and lets it be written");
        }
    }

    final MessageFormatException damagedBody(MalformedException cause) {
        return Causes.link(
                new MessageFormatException("the body of " + kindLabel() + " message " + headers.identity()
                        + " is damaged: " + cause.getMessage()),
                cause);
    }

    private String kindLabel() {
        return switch (bodyKind()) {
            case NONE -> "plain";
            case TEXT -> "text";
            case BYTES -> "bytes";
            case MAP -> "map";
            case STREAM -> "stream";
            case OBJECT -> "object";
        };
    }

    private void putBody(EnvelopeBuilder builder, Body body, boolean compress) {
        if (body.bytes() == null) {
            builder.nullBody(bodyKind());
            return;
        }
        byte[] compressed = compress ? Compression.deflate(body.bytes(), body.length()) : null;
        if (compressed == null) {
            builder.body(bodyKind(), body.bytes(), body.length());
        } else {
            builder.body(bodyKind(), compressed, compressed.length).bodyCompressed(true);
        }
    }

    private void copyBody(EnvelopeBuilder builder, boolean compress) {
        if (encoded.bodyIsNull()) {
            builder.nullBody(bodyKind());
        } else if (encoded.bodyIsCompressed()) {
            byte[] bytes = encoded.body().readRemaining();
            builder.body(bodyKind(), bytes, bytes.length).bodyCompressed(true);
        } else {
            putBody(builder, Body.of(encoded.body().readRemaining()), compress);
        }
    }

    @Override
    public final String getJMSMessageID() throws JMSException {
        return headers.messageId();
    }

    @Override
    public final void setJMSMessageID(String id) throws JMSException {
        headers.messageId(id);
    }

    @Override
    public final long getJMSTimestamp() {
        return headers.timestamp;
    }

    @Override
    public final void setJMSTimestamp(long timestamp) {
        headers.timestamp = timestamp;
    }

    @Override
    public final byte[] getJMSCorrelationIDAsBytes() throws JMSException {
        return headers.correlationBytes();
    }

    @Override
    public final void setJMSCorrelationIDAsBytes(byte[] id) throws JMSException {
        headers.correlationBytes(id);
    }

    @Override
    public final void setJMSCorrelationID(String id) throws JMSException {
        headers.correlationId(id);
    }

    @Override
    public final String getJMSCorrelationID() throws JMSException {
        return headers.correlationId();
    }

    @Override
    public final Destination getJMSReplyTo() throws JMSException {
        return headers.replyTo();
    }

    @Override
    public final void setJMSReplyTo(Destination replyTo) throws JMSException {
        headers.replyTo(replyTo);
    }

    @Override
    public final Destination getJMSDestination() throws JMSException {
        return headers.destination();
    }

    @Override
    public final void setJMSDestination(Destination destination) throws JMSException {
        headers.destination(destination);
    }

    @Override
    public final int getJMSDeliveryMode() {
        return headers.deliveryMode;
    }

    @Override
    public final void setJMSDeliveryMode(int mode) {
        headers.deliveryMode = mode;
    }

    @Override
    public final boolean getJMSRedelivered() {
        return headers.redelivered;
    }

    @Override
    public final void setJMSRedelivered(boolean redelivered) {
        headers.redelivered = redelivered;
    }

    @Override
    public final String getJMSType() throws JMSException {
        return headers.type();
    }

    @Override
    public final void setJMSType(String type) throws JMSException {
        headers.type(type);
    }

    @Override
    public final long getJMSExpiration() {
        return headers.expiration;
    }

    @Override
    public final void setJMSExpiration(long expiration) {
        headers.expiration = expiration;
    }

    @Override
    public final long getJMSDeliveryTime() {
        return headers.deliveryTime;
    }

    @Override
    public final void setJMSDeliveryTime(long deliveryTime) {
        headers.deliveryTime = deliveryTime;
    }

    @Override
    public final int getJMSPriority() {
        return headers.priority;
    }

    @Override
    public final void setJMSPriority(int priority) {
        headers.priority = priority;
    }

    @Override
    public final void clearProperties() {
        properties.clear();
    }

    @Override
    public final boolean propertyExists(String name) throws JMSException {
        return properties.exists(name);
    }

    @Override
    public final Enumeration<String> getPropertyNames() throws JMSException {
        return properties.names();
    }

    @Override
    public final boolean getBooleanProperty(String name) throws JMSException {
        return ValueConversions.toBoolean(properties.get(name), PROPERTY, name);
    }

    @Override
    public final byte getByteProperty(String name) throws JMSException {
        return ValueConversions.toByte(properties.get(name), PROPERTY, name);
    }

    @Override
    public final short getShortProperty(String name) throws JMSException {
        return ValueConversions.toShort(properties.get(name), PROPERTY, name);
    }

    @Override
    public final int getIntProperty(String name) throws JMSException {
        return ValueConversions.toInt(properties.get(name), PROPERTY, name);
    }

    @Override
    public final long getLongProperty(String name) throws JMSException {
        return ValueConversions.toLong(properties.get(name), PROPERTY, name);
    }

    @Override
    public final float getFloatProperty(String name) throws JMSException {
        return ValueConversions.toFloat(properties.get(name), PROPERTY, name);
    }

    @Override
    public final double getDoubleProperty(String name) throws JMSException {
        return ValueConversions.toDouble(properties.get(name), PROPERTY, name);
    }

    @Override
    public final String getStringProperty(String name) throws JMSException {
        return ValueConversions.toText(properties.get(name), PROPERTY, name);
    }

    @Override
    public final Object getObjectProperty(String name) throws JMSException {
        return properties.get(name);
    }

    @Override
    public final void setBooleanProperty(String name, boolean value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setByteProperty(String name, byte value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setShortProperty(String name, short value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setIntProperty(String name, int value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setLongProperty(String name, long value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setFloatProperty(String name, float value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setDoubleProperty(String name, double value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setStringProperty(String name, String value) throws JMSException {
        properties.set(name, value);
    }

    @Override
    public final void setObjectProperty(String name, Object value) throws JMSException {
        properties.setObject(name, value);
    }

    @Override
    public final String toString() {
        return kindLabel() + " message [" + headers.identity() + "]";
    }
}
