package io.posthorn.jms.message;

import io.posthorn.jms.convert.Causes;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * A serialised object or null (JMS 3.1 section 3.11.7). {@link #setObject} serialises at once, so that later changes of the object
 * are not seen; each {@link #getObject} makes a new object. What was received is deserialised only as far as the {@link ObjectTrust} of
 * the connection goes; what this message's own application set, without limits.
 */
public final class PosthornObjectMessage extends PosthornMessage implements ObjectMessage {

    private final ObjectTrust trust;

    /** What was set here; null for null, and for a received body. */
    private byte[] serialised;

    public PosthornObjectMessage() {
        trust = ObjectTrust.jdkOnly();
    }

    PosthornObjectMessage(Envelope envelope, int attempts, boolean redelivered, ObjectTrust trust) {
        super(envelope, attempts, redelivered);
        this.trust = trust;
    }

    @Override
    public void setObject(Serializable object) throws JMSException {
        checkBodyWriteable();
        serialised = object == null ? null : serialise(object);
    }

    @Override
    public Serializable getObject() throws JMSException {
        if (!isBodyEncoded()) {
            return serialised == null ? null : ObjectTrust.all().read(serialised, 0, serialised.length);
        }
        if (isEncodedBodyNull()) {
            return null;
        }
        Span body = encodedBody();
        return trust.read(body.bytes(), body.offset(), body.length());
    }

    /** False also when the object cannot be deserialised. */
    @Override
    public boolean isBodyAssignableTo(@SuppressWarnings("rawtypes") Class type) throws JMSException {
        try {
            return super.isBodyAssignableTo(type);
        } catch (MessageFormatException unreadable) {
            // The specification wants the answer, and getBody gives the reason.
            return false;
        }
    }

    @Override
    Object body() throws JMSException {
        return getObject();
    }

    @Override
    void clearContent() {
        serialised = null;
    }

    @Override
    Body encodeBody() {
        return serialised == null ? Body.NULL : Body.of(serialised);
    }

    @Override
    BodyKind bodyKind() {
        return BodyKind.OBJECT;
    }

    private static byte[] serialise(Serializable object) throws MessageFormatException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (NotSerializableException e) {
            throw Causes.link(
                    new MessageFormatException("a " + object.getClass().getName()
                            + " cannot be sent in an object message: class " + e.getMessage() + " is not Serializable"),
                    e);
        } catch (IOException | RuntimeException e) {
            throw Causes.link(
                    new MessageFormatException(
                            "a " + object.getClass().getName() + " cannot be sent in an object message: " + e),
                    e);
        }
        return bytes.toByteArray();
    }
}
