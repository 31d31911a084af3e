package io.posthorn.jms.producer;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Pending;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.PosthornMessage;
import io.posthorn.jms.message.PosthornMessage.SendHeaders;
import io.posthorn.jms.session.AsyncSend;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ResourceAllocationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a send (sections 7.2 and 7.3): encode, set the headers on the application's message, give it to the engine, and
 * wait as long as the delivery mode asks for. A persistent send outside of a transaction returns when the server has the
 * message safe; in a transaction its failure shows at the end of that; a non-persistent one's goes to the exception listener.
 */
public final class Sender {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final SessionCore session;
    private final Pending.Callback unwaited = this::onUnwaited;
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
        Envelope envelope = PosthornMessage.of(message).encode(headers);
        checkLength(to, envelope);
        PosthornMessage.setSent(message, headers);
        Pending outcome = give(to, envelope);
        if (listener != null) {
            follow(outcome);
            session.onAsyncSend(new AsyncSend(owner, "cannot send to " + to, message, listener), outcome);
        } else if (session.transaction().isActive()) {
            follow(outcome);
        } else if (headers.persistent()) {
            await(to, outcome);
        } else {
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
        if (envelope.length() > max) {
            throw new ResourceAllocationException(
                    "the message for " + to + " has " + envelope.length() + " bytes, but the server takes at most "
                            + max,
                    ErrorCode.RESOURCE_LIMIT.name());
        }
    }

    private Pending give(Address to, Envelope envelope) throws JMSException {
        try {
            return session.engine()
                    .send(to, envelope.bytes(), session.transaction().isActive());
        } catch (EngineException e) {
            throw JmsErrors.of("cannot send to " + to, e);
        }
    }

    private void follow(Pending outcome) {
        if (session.transaction().isActive()) {
            session.transaction().onSend(outcome);
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
    private void onUnwaited(EngineException failure) {
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
