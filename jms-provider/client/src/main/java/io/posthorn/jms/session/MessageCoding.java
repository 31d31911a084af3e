package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.ObjectTrust;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.MalformedException;
import jakarta.jms.JMSException;

/**
 * How a connection turns messages into envelopes and back. Immutable. A class and not a record, since the build renames all types of
 * the client for {@code javax.jms} but those of record components.
 */
public final class MessageCoding {
    private final ObjectTrust trust;
    private final boolean compress;

    /**
     * @param trust which classes an object message may bring
     * @param compress whether large bodies are compressed when sent
     */
    public MessageCoding(ObjectTrust trust, boolean compress) {
        this.trust = trust;
        this.compress = compress;
    }

    public ObjectTrust trust() {
        return trust;
    }

    public boolean compress() {
        return compress;
    }

    /** The message of a delivery; one that cannot be read is a {@link JMSException} that says which and why. */
    PosthornMessage decode(Delivery delivery) throws JMSException {
        try {
            return PosthornMessage.decode(delivery.envelope(), delivery.attempts(), delivery.redelivered(), trust);
        } catch (MalformedException e) {
            String text = "delivery " + delivery.entry() + " cannot be read: " + e.getMessage();
            throw JmsErrors.caused(new JMSException(text, ErrorCode.PROTOCOL.name()), e);
        }
    }
}
