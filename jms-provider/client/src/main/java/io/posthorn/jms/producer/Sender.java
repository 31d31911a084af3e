package io.posthorn.jms.producer;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.LongBodies;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.jms.body.BodyFile;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.jms.message.PosthornMessage.SendHeaders;
import io.posthorn.jms.session.AsyncSend;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ResourceAllocationException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a send (sections 7.2 and 7.3): encode, set the headers on the application's message, give it to the engine, and
 * wait as long as the delivery mode asks for. A persistent send outside of a transaction returns when the server has the
 * message safe; in a transaction its failure shows at the end of that; a non-persistent one's goes to the exception listener.
 */
public final class Sender {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    /** What the server puts in the place of a body when its pieces are scattered. */
    private static final int MANIFEST_LENGTH_MAX = 256 << 10;

    private final SessionCore session;
    private final Outcome unwaited = this::onUnwaited;
    private volatile boolean failed;

    public Sender(SessionCore session) {
        this.session = session;
    }

    public SessionCore session() {
        return session;
    }

    /** Sends; {@code listener} is null for a synchronous send, {@code owner} is the producer that closes over it. */
    public void send(Object owner, Address to, Message message, DeliveryOptions options, CompletionListener listener)
            throws JMSException {
        SendHeaders headers = headers(to, options);
        PosthornMessage own = PosthornMessage.of(message);
        Envelope envelope = own.encode(headers);
        checkLength(to, envelope);
        PosthornMessage.setSent(message, headers);
        boolean transacted = session.transaction().isActive();
        boolean waits = listener == null && !transacted && headers.persistent();
        boolean awaited = waits || listener != null;
        AsyncSend async = listener == null ? null : session.beginAsyncSend(owner, to, message, listener);
        boolean isShort = isShort(envelope);
        if (isShort && !waits && !transacted) {
            give(to, envelope, awaited, async == null ? unwaited : async);
        } else {
            Pending outcome = isShort ? give(to, envelope, awaited) : giveLong(to, envelope, own.bodyFile(), awaited);
            if (waits) {
                await(to, outcome);
            } else {
                follow(outcome, transacted, async);
            }
        }
        if (async != null) {
            session.onAsyncSend(async);
        }
    }

    /** {@code async} is null when no listener waits for it; in a transaction the failure shows at the end then. */
    private void follow(Pending outcome, boolean transacted, AsyncSend async) {
        if (transacted) {
            session.transaction().onSend(outcome);
        }
        if (async != null) {
            outcome.whenDone(async);
        } else if (!transacted) {
            outcome.whenDone(unwaited);
        }
    }

    /** Refuses a message that is not there. */
    static void checkMessage(Message message) throws MessageFormatException {
        if (message == null) {
            throw new MessageFormatException("no message is given: it is null");
        }
    }

    private SendHeaders headers(Address to, DeliveryOptions options) {
        long nowMs = System.currentTimeMillis();
        long expirationMs = options.timeToLiveMs() == 0 ? 0 : sum(nowMs, options.timeToLiveMs());
        long deliveryTimeMs = options.delayMs() == 0 ? 0 : sum(nowMs, options.delayMs());
        return new SendHeaders(
                to,
                options.mode() == DeliveryMode.PERSISTENT,
                options.priority(),
                options.timestampDisabled() ? 0 : nowMs,
                expirationMs,
                deliveryTimeMs,
                options.messageIdDisabled() ? null : session.home().messageIds().next(),
                session.home().coding().compress());
    }

    /** A sum that does not wrap: a message that lives for Long.MAX_VALUE must not have expired. */
    private static long sum(long nowMs, long laterMs) {
        return Long.MAX_VALUE - nowMs < laterMs ? Long.MAX_VALUE : nowMs + laterMs;
    }

    private void checkLength(Address to, Envelope envelope) throws JMSException {
        long max = session.home().engine().messageLengthMax();
        if (envelope.messageLength() > max) {
            throw new ResourceAllocationException(
                    "the message for " + to + " has " + envelope.messageLength()
                            + " bytes, but the server takes at most " + max + " (message-length-max)",
                    ErrorCode.RESOURCE_LIMIT.name());
        }
    }

    private Pending give(Address to, Envelope envelope, boolean awaited) throws JMSException {
        try {
            return session.engine()
                    .send(to, envelope.bytes(), session.transaction().isActive(), awaited);
        } catch (EngineException e) {
            throw JmsErrors.of("cannot send to " + to, e);
        }
    }

    private void give(Address to, Envelope envelope, boolean awaited, Outcome told) throws JMSException {
        try {
            session.engine().send(to, envelope.bytes(), awaited, told);
        } catch (EngineException e) {
            throw JmsErrors.of("cannot send to " + to, e);
        }
    }

    private boolean isShort(Envelope envelope) {
        int lengthMax = session.home().coding().bodies().bytesMax();
        return envelope.length() <= lengthMax
                && !envelope.bodyIsApart()
                && envelope.length() <= session.home().engine().longBodies().envelopeLengthMax();
    }

    /** Sends the body first, in pieces, from the file that it is in, or from memory when {@code file} is null. */
    private Pending giveLong(Address to, Envelope envelope, BodyFile file, boolean awaited) throws JMSException {
        LongBodies bodies = session.home().engine().longBodies();
        LongBodies.Source body = file != null ? file : new EncodedBody(envelope);
        boolean logged = envelope.persistent() || session.transaction().isActive();
        checkHead(to, envelope, bodies.envelopeLengthMax());
        try {
            long upload = bodies.upload(body, logged);
            Pending outcome = give(to, envelope.with(Manifest.ofUpload(body.length(), upload)), awaited);
            outcome.whenDone((value, failure) -> {
                if (failure != null) {
                    bodies.drop(upload);
                }
            });
            return outcome;
        } catch (EngineException e) {
            throw JmsErrors.of("cannot send to " + to, e);
        } catch (IOException e) {
            throw JmsErrors.caused(new JMSException("cannot read the body of a message for " + to), e);
        }
    }

    /** What is not the body goes in one frame. */
    private static void checkHead(Address to, Envelope envelope, int lengthMax) throws JMSException {
        if (envelope.bodyOffset() > lengthMax - MANIFEST_LENGTH_MAX) {
            throw new ResourceAllocationException(
                    "the headers and properties of the message for " + to + " have " + envelope.bodyOffset()
                            + " bytes, but at most " + (lengthMax - MANIFEST_LENGTH_MAX)
                            + " can be sent; only a body may be longer",
                    ErrorCode.RESOURCE_LIMIT.name());
        }
    }

    /** A body that is in memory, in its envelope. */
    private static final class EncodedBody implements LongBodies.Source {
        private final Envelope envelope;

        EncodedBody(Envelope envelope) {
            this.envelope = envelope;
        }

        @Override
        public long length() {
            return envelope.bodyLength();
        }

        @Override
        public void read(long position, byte[] into) {
            System.arraycopy(envelope.bytes(), envelope.bodyOffset() + (int) position, into, 0, into.length);
        }
    }

    private static void await(Address to, Pending outcome) throws JMSException {
        try {
            outcome.await();
        } catch (EngineException e) {
            throw JmsErrors.of("cannot send to " + to, e);
        }
    }

    /** Tells of the first of a row of failures. */
    private void onUnwaited(long value, EngineException failure) {
        if (failure == null) {
            failed = false;
            return;
        }
        if (!failed) {
            LOG.warn("{}: a non-persistent message was not sent: {}", session, failure.getMessage());
            session.home().report("a non-persistent message was not sent", failure);
        }
        failed = true;
    }
}
