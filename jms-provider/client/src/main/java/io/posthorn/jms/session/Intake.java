package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageListener;
import jakarta.jms.ObjectMessage;
import jakarta.jms.TextMessage;

/**
 * What a consumer does: receives on the application's thread, or hands over to its listener on the dispatcher. {@link
 * #close} may come from any thread.
 */
public final class Intake {

    private final SessionCore session;
    private final Address address;
    private final EngineConsumer engine;

    /** How many threads are inside a receive; guarded by the gate's lock. */
    int receiving;

    private volatile MessageListener listener;
    private volatile boolean closed;
    private volatile EngineException closedByServer;

    /** A delivery whose body did not fit (receiveBody), which is the next one again, unless the session was recovered since. */
    private Delivery held;

    private long heldEpoch;

    Intake(SessionCore session, Address address, EngineConsumer engine) {
        this.session = session;
        this.address = address;
        this.engine = engine;
    }

    /** Waits, for at most {@code timeoutNs}; null when there is none or on a close (sections 8.5 and 8.8). */
    public Message receive(long timeoutNs) throws JMSException {
        return receiving(timeoutNs, (delivery, message) -> {
            session.acknowledgement().onConsumed(delivery);
            return message;
        });
    }

    /**
     * Receives a body (section 8.6). Where consuming acknowledges, a message whose body does not fit is as if it had not been
     * received: it comes first next time, neither counted nor flagged. In other modes it counts as received.
     */
    public <T> T receiveBody(Class<T> type, long timeoutNs) throws JMSException {
        return receiving(timeoutNs, (delivery, message) -> {
            T body;
            try {
                body = bodyOf(message, type);
            } catch (MessageFormatException e) {
                if (session.acknowledgement().isAutomatic()) {
                    hold(delivery);
                }
                throw e;
            }
            session.acknowledgement().onConsumed(delivery);
            return body;
        });
    }

    /** Waits until there is a message, for at most {@code timeoutNs}, and takes nothing. */
    public boolean awaitMessage(long timeoutNs) throws JMSException {
        checkReceivable();
        if (!session.gate().enterReceive(this)) {
            return false;
        }
        try {
            boolean available = engine.awaitAvailable(timeoutNs);
            if (!available && closedByServer != null && !closed) {
                throw JmsErrors.of("the server closed the consumer of " + address, closedByServer);
            }
            return available;
        } catch (EngineException e) {
            if (e.code() == ErrorCode.CLOSED) {
                return false;
            }
            throw JmsErrors.of("cannot receive from " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw JmsErrors.caused(new JMSException("interrupted while waiting for a message of " + address), e);
        } finally {
            session.gate().exitReceive(this);
        }
    }

    /** Lets {@code signal} be called when there may be a message after there was none. */
    public void onMessage(Runnable signal) throws JMSException {
        checkOpen();
        engine.onAvailable(signal);
    }

    /** Gives back what was fetched ahead, until somebody asks again. */
    public void giveBack() throws JMSException {
        checkOpen();
        engine.giveBack();
    }

    /** Hands one message that is here to a listener, on this thread; false when there was none. */
    public boolean handOver(MessageListener to) throws JMSException {
        checkReceivable();
        if (!session.gate().enterListener(this)) {
            return false;
        }
        try {
            Delivery delivery = engine.poll();
            if (delivery != null) {
                session.handOver(delivery, to);
            }
            return delivery != null;
        } finally {
            session.gate().exitListener();
        }
    }

    private <T> T receiving(long timeoutNs, Handover<T> handover) throws JMSException {
        checkReceivable();
        if (!session.gate().enterReceive(this)) {
            return null;
        }
        try {
            while (true) {
                Delivery delivery = next(timeoutNs);
                Message message = delivery == null ? null : decode(delivery);
                if (delivery == null || message != null) {
                    return message == null ? null : handover.take(delivery, message);
                }
            }
        } finally {
            session.gate().exitReceive(this);
        }
    }

    private void checkReceivable() throws JMSException {
        checkOpen();
        if (listener != null || session.distinguishedListener() != null) {
            throw JmsErrors.illegalState(
                    "a message listener is set, which takes all messages; unset it before a receive");
        }
    }

    private Delivery next(long timeoutNs) throws JMSException {
        Delivery first = takeHeld();
        if (first != null) {
            return first;
        }
        if (session.acknowledgement().isLazy()) {
            Delivery here = engine.poll();
            if (here != null) {
                return here;
            }
            session.acknowledgement().onIdle();
        }
        return await(timeoutNs);
    }

    private Delivery await(long timeoutNs) throws JMSException {
        try {
            Delivery delivery = engine.receive(timeoutNs);
            if (delivery == null && closedByServer != null && !closed) {
                throw JmsErrors.of("the server closed the consumer of " + address, closedByServer);
            }
            return delivery;
        } catch (EngineException e) {
            if (e.code() == ErrorCode.CLOSED) {
                return null;
            }
            throw JmsErrors.of("cannot receive from " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw JmsErrors.caused(new JMSException("interrupted while waiting for a message of " + address), e);
        }
    }

    private Message decode(Delivery delivery) throws JMSException {
        try {
            return session.decode(delivery);
        } catch (JMSException e) {
            if (session.acknowledgement().isAutomatic()) {
                session.giveBack();
            }
            throw e;
        }
    }

    private static <T> T bodyOf(Message message, Class<T> type) throws JMSException {
        boolean hasBody = message instanceof TextMessage
                || message instanceof ObjectMessage
                || message instanceof MapMessage
                || message instanceof BytesMessage;
        T body = hasBody && message.isBodyAssignableTo(type) ? message.getBody(type) : null;
        if (body == null) {
            throw new MessageFormatException("message " + message.getJMSMessageID() + " has no body that is a "
                    + type.getName() + "; receive the message itself");
        }
        return body;
    }

    private void hold(Delivery delivery) {
        held = delivery;
        heldEpoch = session.epoch();
        session.acknowledgement().onHeld();
    }

    private Delivery takeHeld() {
        Delivery delivery = held;
        if (delivery != null) {
            held = null;
            session.acknowledgement().onHeldTaken();
        }
        return delivery != null && heldEpoch == session.epoch() ? delivery : null;
    }

    public MessageListener listener() {
        return listener;
    }

    /** Sets or, with null, unsets the listener; from then on it is called on the session's dispatcher (section 8.7). */
    public void listen(MessageListener next) throws JMSException {
        checkOpen();
        if (next != null && session.distinguishedListener() != null) {
            throw JmsErrors.illegalState("the session has a message listener of its own, which excludes others");
        }
        if (next == null) {
            listener = null;
            engine.onAvailable(null);
            session.gate().awaitNoListener(this);
            session.onListenerGone();
        } else {
            // The thread comes first, so that no daemon that is about to be replaced serves the listener.
            session.onListenerSet();
            listener = next;
            engine.onAvailable(session::signal);
            session.signal();
        }
    }

    /** On the dispatcher: hands at most one message to the listener; false when there was none. */
    boolean dispatchOne() {
        if (listener == null
                || closed
                || !session.isDispatching()
                || !session.gate().enterListener(this)) {
            return false;
        }
        try {
            // Read again inside the gate: whoever unset it waits for us from then on.
            MessageListener current = listener;
            if (current == null || closed) {
                return false;
            }
            Delivery first = takeHeld();
            Delivery delivery = first != null ? first : engine.poll();
            if (delivery == null) {
                return false;
            }
            session.handOver(delivery, current);
            return true;
        } finally {
            session.gate().exitListener();
        }
    }

    void onClosedByServer(EngineException cause) {
        closedByServer = cause;
        if (listener != null && !closed) {
            session.home().report(JmsErrors.of("the server closed the consumer of " + address, cause));
        }
    }

    /**
     * Closes (section 8.8): from its own listener at once, otherwise when the listener and receives that are under way have
     * returned, whichever thread asks. What was not handed over goes back to its place. Repeated calls do nothing.
     */
    public void close() {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        session.gate().awaitNoListener(this);
        if (!first) {
            session.gate().awaitNoReceive(this);
            return;
        }
        engine.close();
        session.gate().awaitNoReceive(this);
        if (takeHeld() != null) {
            session.giveBack();
        }
        session.onIntakeClosed(this);
    }

    /** For the session's close: ends receives that wait. */
    void wake() {
        engine.close();
    }

    public boolean isListening() {
        return listener != null && !closed;
    }

    public Address address() {
        return address;
    }

    public void checkOpen() throws JMSException {
        session.checkOpen();
        if (closed) {
            throw JmsErrors.closed("consumer");
        }
    }

    /** What a receive does with its message, acknowledgement included. */
    private interface Handover<T> {
        T take(Delivery delivery, Message message) throws JMSException;
    }
}
