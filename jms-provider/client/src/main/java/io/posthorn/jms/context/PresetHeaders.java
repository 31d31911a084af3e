package io.posthorn.jms.context;

import io.posthorn.jms.message.PosthornPlainMessage;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Properties and header fields that a producer puts on each message that it sends (sections 7.5 and 7.6). They live in a
 * message of their own, so that names, types and conversions are checked as on any message. One thread at a time.
 */
final class PresetHeaders {

    private final Message preset = new PosthornPlainMessage();
    private String correlationId;
    private byte[] correlationBytes;
    private String type;
    private Destination replyTo;

    /** Where the properties are. */
    Message properties() {
        return preset;
    }

    Set<String> names() throws JMSException {
        Set<String> names = new LinkedHashSet<>();
        Enumeration<?> all = preset.getPropertyNames();
        while (all.hasMoreElements()) {
            names.add((String) all.nextElement());
        }
        return Collections.unmodifiableSet(names);
    }

    String correlationId() {
        return correlationId;
    }

    void correlationId(String value) {
        correlationId = value;
        correlationBytes = null;
    }

    byte[] correlationBytes() {
        return correlationBytes == null ? null : correlationBytes.clone();
    }

    void correlationBytes(byte[] value) {
        correlationBytes = value == null ? null : value.clone();
        correlationId = null;
    }

    String type() {
        return type;
    }

    void type(String value) {
        type = value;
    }

    Destination replyTo() {
        return replyTo;
    }

    void replyTo(Destination value) {
        replyTo = value;
    }

    /** Sets on {@code message} whatever was set here; what it has of its own otherwise stays. */
    void applyTo(Message message) throws JMSException {
        for (String name : names()) {
            message.setObjectProperty(name, preset.getObjectProperty(name));
        }
        if (correlationId != null) {
            message.setJMSCorrelationID(correlationId);
        }
        if (correlationBytes != null) {
            message.setJMSCorrelationIDAsBytes(correlationBytes);
        }
        if (type != null) {
            message.setJMSType(type);
        }
        if (replyTo != null) {
            message.setJMSReplyTo(replyTo);
        }
    }
}
