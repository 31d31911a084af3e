package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.LongBodies;
import io.posthorn.jms.body.BodyFile;
import io.posthorn.jms.body.BodyStore;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.ObjectTrust;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.message.Manifest;
import jakarta.jms.JMSException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * How a connection turns messages into envelopes and back. Immutable. A class and not a record, since the build renames all types of
 * the client for {@code javax.jms} but those of record components.
 */
public final class MessageCoding {
    private final ObjectTrust trust;
    private final boolean compress;
    private final BodyStore bodies;

    /**
     * @param trust which classes an object message may bring
     * @param compress whether large bodies are compressed when sent
     * @param bodies how long a message may be that is sent in one piece, and where longer ones wait
     */
    public MessageCoding(ObjectTrust trust, boolean compress, BodyStore bodies) {
        this.trust = trust;
        this.compress = compress;
        this.bodies = bodies;
    }

    public BodyStore bodies() {
        return bodies;
    }

    public ObjectTrust trust() {
        return trust;
    }

    public boolean compress() {
        return compress;
    }

    /**
     * The message of a delivery, whose body is fetched if it did not come with it; one that cannot be read is a {@link
     * JMSException} that says which and why. Null when the delivery turned out to be somebody else's by now.
     */
    PosthornMessage decode(Delivery delivery, LongBodies longBodies) throws JMSException {
        try {
            Envelope envelope = Envelope.of(delivery.envelope());
            if (envelope.bodyIsApart()) {
                return decodeLong(delivery, envelope, longBodies);
            }
            return PosthornMessage.decode(envelope, delivery.attempts(), delivery.redelivered(), trust);
        } catch (MalformedException e) {
            String text = "delivery " + delivery.entry() + " cannot be read: " + e.getMessage();
            throw JmsErrors.caused(new JMSException(text, ErrorCode.PROTOCOL.name()), e);
        }
    }

    private PosthornMessage decodeLong(Delivery delivery, Envelope envelope, LongBodies longBodies)
            throws JMSException {
        try {
            if (PosthornMessage.readsFromFile(envelope)) {
                BodyFile file = bodies.newFile();
                return longBodies.fetch(delivery, file)
                        ? PosthornMessage.decode(envelope, file, delivery.attempts(), delivery.redelivered())
                        : null;
            }
            long length = Manifest.of(envelope).length();
            if (length > Integer.MAX_VALUE - 8 - envelope.length()) {
                throw new MalformedException("its body of " + length + " bytes is too long for memory");
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream((int) length);
            return longBodies.fetch(delivery, body::writeBytes)
                    ? PosthornMessage.decode(
                            envelope.withBody(body.toByteArray()), delivery.attempts(), delivery.redelivered(), trust)
                    : null;
        } catch (EngineException e) {
            throw JmsErrors.of("cannot fetch the body of delivery " + delivery.entry(), e);
        } catch (IOException e) {
            throw JmsErrors.caused(
                    new JMSException("the body of delivery " + delivery.entry() + " cannot be put into a file in "
                            + System.getProperty("java.io.tmpdir") + ": " + e.getMessage()),
                    e);
        }
    }
}
