package io.posthorn.jms.message;

import io.posthorn.jms.PosthornDestination;
import io.posthorn.jms.convert.Causes;
import io.posthorn.jms.message.PosthornMessage.SendHeaders;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;

/**
 * The header fields of one message (JMS 3.1 section 3.4). Those of fixed length are read at once; texts and destinations of a
 * received message when the first of them is asked for.
 */
final class MessageHeaders {

    int deliveryMode = Message.DEFAULT_DELIVERY_MODE;
    int priority = Message.DEFAULT_PRIORITY;
    long timestamp;
    long expiration;
    long deliveryTime;
    boolean redelivered;

    /** Whose texts and destinations were not read yet; null when they were, or there are none. */
    private Envelope unread;

    private String messageId;
    private String type;
    private Destination destination;
    private Destination replyTo;

    /** At most one of the two is set: an identifier stays what it was set as. */
    private String correlationId;

    private byte[] correlationBytes;

    static MessageHeaders of(Envelope envelope, boolean redelivered) {
        MessageHeaders headers = new MessageHeaders();
        headers.deliveryMode = envelope.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT;
        headers.priority = envelope.priority();
        headers.timestamp = envelope.timestamp();
        headers.expiration = envelope.expiration();
        long deliveryTime = envelope.deliveryTime();
        headers.deliveryTime = deliveryTime == 0 ? headers.timestamp : deliveryTime;
        headers.redelivered = redelivered;
        headers.unread = envelope;
        return headers;
    }

    /** Sets what a send adds. */
    void setSent(SendHeaders sent) throws JMSException {
        read();
        deliveryMode = sent.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT;
        priority = sent.priority();
        timestamp = sent.timestampMs();
        expiration = sent.expirationMs();
        deliveryTime = sent.deliveryTimeShownMs();
        messageId = sent.messageId();
        destination = PosthornDestination.of(sent.destination());
    }

    /** What a send encodes: its own headers, and of ours those that the application sets. */
    void encode(SendHeaders sent, EnvelopeBuilder builder) throws JMSException {
        read();
        builder.destination(sent.destination())
                .persistent(sent.persistent())
                .priority(sent.priority())
                .timestamp(sent.timestampMs())
                .expiration(sent.expirationMs())
                .deliveryTime(sent.deliveryTimeMs())
                .messageId(sent.messageId())
                .correlationId(correlationId)
                .correlationBytes(correlationBytes)
                .type(type);
        if (replyTo != null) {
            builder.replyTo(PosthornDestination.addressOf(replyTo));
        }
    }

    String messageId() throws JMSException {
        return read().messageId;
    }

    void messageId(String value) throws JMSException {
        read().messageId = value;
    }

    String type() throws JMSException {
        return read().type;
    }

    void type(String value) throws JMSException {
        read().type = value;
    }

    Destination destination() throws JMSException {
        return read().destination;
    }

    void destination(Destination value) throws JMSException {
        read().destination = value;
    }

    Destination replyTo() throws JMSException {
        return read().replyTo;
    }

    void replyTo(Destination value) throws JMSException {
        read().replyTo = value;
    }

    /** As text; one that was set as bytes is read as UTF-8. */
    String correlationId() throws JMSException {
        read();
        return correlationBytes == null ? correlationId : new String(correlationBytes, StandardCharsets.UTF_8);
    }

    void correlationId(String value) throws JMSException {
        read();
        correlationId = value;
        correlationBytes = null;
    }

    /** As bytes, a copy; one that was set as text is given in UTF-8. */
    byte[] correlationBytes() throws JMSException {
        read();
        if (correlationBytes != null) {
            return correlationBytes.clone();
        }
        return correlationId == null ? null : correlationId.getBytes(StandardCharsets.UTF_8);
    }

    void correlationBytes(byte[] value) throws JMSException {
        read();
        correlationId = null;
        correlationBytes = value == null ? null : value.clone();
    }

    /** For a log or a debugger: whatever is known without failing. */
    String identity() {
        try {
            String id = messageId();
            return (id == null ? "no id" : id) + (destination == null ? "" : ", " + destination);
        } catch (JMSException e) {
            return e.getMessage();
        }
    }

    private MessageHeaders read() throws JMSException {
        if (unread != null) {
            try {
                messageId = unread.messageId();
                type = unread.type();
                destination = unread.destination() == null ? null : PosthornDestination.of(unread.destination());
                replyTo = unread.replyTo() == null ? null : PosthornDestination.of(unread.replyTo());
                correlationId = unread.correlationId();
                correlationBytes = unread.correlationBytes();
            } catch (MalformedException e) {
                throw Causes.link(
                        new JMSException("the headers of a received message are damaged: " + e.getMessage()), e);
            }
            unread = null;
        }
        return this;
    }
}
