package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session's own message listener, and the messages that a connection consumer assigned to it (section 11.2.1). They are
 * taken from the server in {@link #run}, on the application server's thread and in the session itself, so that they belong
 * to whatever transaction the session is in by then.
 */
public final class Assignment {

    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

    private final SessionCore session;
    private volatile MessageListener listener;
    private Load load;

    Assignment(SessionCore session) {
        this.session = session;
    }

    public MessageListener listener() {
        return listener;
    }

    public void listen(MessageListener next) throws JMSException {
        session.checkOpen();
        listener = next;
    }

    /** Assigns messages, to be taken by the next {@link #run}. */
    public synchronized void load(Load next) throws JMSException {
        session.checkOpen();
        if (listener == null) {
            throw JmsErrors.illegalState(
                    "the session of a server session has no message listener; set it before the pool gives it out");
        }
        if (load != null) {
            throw JmsErrors.illegalState("the session of a server session has messages that it did not run yet");
        }
        load = next;
    }

    private synchronized Load takeLoad() {
        Load taken = load;
        load = null;
        return taken;
    }

    /** Hands over all that is assigned, one by one, and returns. */
    public void run() {
        Load taken = takeLoad();
        if (taken == null) {
            return;
        }
        try {
            for (Delivery delivery : taken.take(session.engine())) {
                if (!handOver(delivery)) {
                    return;
                }
            }
            session.acknowledgement().onIdle();
        } catch (EngineException e) {
            session.home().report("cannot take the messages that were assigned to " + session, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.info("{}: interrupted; what was assigned and not run goes back when the session closes", session);
        }
    }

    /** False when the rest is not this session's any more. */
    private boolean handOver(Delivery delivery) throws InterruptedException {
        if (!session.gate().awaitListenerTurn(this)) {
            return false;
        }
        long before = session.epoch();
        try {
            session.handOver(delivery, listener);
        } finally {
            session.gate().exitListener();
        }
        return session.epoch() == before;
    }

    /** Messages that wait at the server. */
    public interface Load {

        /** Hands them over in this session; none when somebody else was faster. */
        List<Delivery> take(EngineSession session) throws EngineException, InterruptedException;
    }
}
