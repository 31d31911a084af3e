package io.posthorn.ra.handle;

import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that an application has open: it stands in front of a pooled one, which the container may exchange while this is idle.
 * What was opened through it is opened again behind the other one when it is next used. The monitor guards the fields and is not held
 * while the server, the container or the application is called.
 */
public final class ConnectionHandle implements QueueConnection, TopicConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandle.class);

    private final List<Destination> temporaries = new ArrayList<>();
    private Backing backing;
    private SessionHandle session;
    private ConnectionManager manager;
    private ManagedConnectionFactory factory;
    private ConnectionRequest request;
    private boolean started;
    private boolean closed;

    public ConnectionHandle(Backing backing) {
        this.backing = backing;
    }

    /** Who gives this handle another connection, when the one that it had was taken away. */
    synchronized void ownedBy(ConnectionManager owner, ManagedConnectionFactory of, ConnectionRequest asked) {
        manager = owner;
        factory = of;
        request = asked;
    }

    // What the pooled connection does with its handle.

    /** Another connection stands behind this handle from now on. */
    public void attach(Backing next) {
        closeBehind();
        Backing before;
        synchronized (this) {
            before = backing;
            backing = next;
        }
        if (before != null) {
            before.forget(this);
        }
    }

    /** Nothing stands behind it until the container gives something. What was opened there is closed. */
    public void detach() {
        closeBehind();
        synchronized (this) {
            backing = null;
        }
    }

    /** The container took the connection back: the handle is as closed as if the application had done it. */
    public void invalidate() {
        SessionHandle current;
        synchronized (this) {
            closed = true;
            current = session;
        }
        if (current != null) {
            current.closeAll();
        }
        deleteTemporaries();
        synchronized (this) {
            backing = null;
        }
    }

    private void closeBehind() {
        SessionHandle current;
        synchronized (this) {
            current = session;
        }
        if (current != null) {
            current.closeBehind();
        }
    }

    /** What stands behind this handle; asks the container for it if nothing does. */
    Backing backing() throws JMSException {
        LazyAssociatableConnectionManager lazy;
        synchronized (this) {
            checkOpen();
            if (backing != null) {
                return backing;
            }
            if (!(manager instanceof LazyAssociatableConnectionManager able)) {
                throw JmsErrors.illegalState(
                        "the container took this connection's pooled connection away; open another");
            }
            lazy = able;
        }
        try {
            lazy.associateConnection(this, factory, request);
        } catch (ResourceException e) {
            throw FactoryHandle.translated(e);
        }
        Backing given;
        boolean starting;
        synchronized (this) {
            given = backing;
            starting = started;
        }
        if (given == null) {
            throw JmsErrors.illegalState("the container gave this connection no other pooled connection");
        }
        if (starting) {
            given.start();
        }
        return given;
    }

    synchronized void checkOpen() throws JMSException {
        if (closed) {
            throw JmsErrors.closed("connection");
        }
    }

    // The application.

    @Override
    public Session createSession() throws JMSException {
        return open(Session.AUTO_ACKNOWLEDGE, SessionHandle.Domain.ANY);
    }

    @Override
    public Session createSession(int sessionMode) throws JMSException {
        return open(AcknowledgeModes.inContainer(sessionMode), SessionHandle.Domain.ANY);
    }

    @Override
    public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return open(mode(transacted, acknowledgeMode), SessionHandle.Domain.ANY);
    }

    @Override
    public QueueSession createQueueSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return open(mode(transacted, acknowledgeMode), SessionHandle.Domain.QUEUE);
    }

    @Override
    public TopicSession createTopicSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return open(mode(transacted, acknowledgeMode), SessionHandle.Domain.TOPIC);
    }

    private static int mode(boolean transacted, int acknowledgeMode) throws JMSException {
        return transacted ? Session.AUTO_ACKNOWLEDGE : AcknowledgeModes.inContainer(acknowledgeMode);
    }

    /** One at a time: a second one would be in the transaction of the first. */
    private synchronized SessionHandle open(int mode, SessionHandle.Domain domain) throws JMSException {
        checkOpen();
        if (session != null) {
            throw JmsErrors.illegalState(
                    "in a web or EJB container a connection has one session at a time; close the other"
                            + " one first, or open another connection, which comes from the pool");
        }
        session = new SessionHandle(this, mode, domain);
        return session;
    }

    synchronized void onSessionClosed(SessionHandle which) {
        if (which.equals(session)) {
            session = null;
        }
    }

    TemporaryQueue createTemporaryQueue() throws JMSException {
        return remembered(backing().session().createTemporaryQueue());
    }

    TemporaryTopic createTemporaryTopic() throws JMSException {
        return remembered(backing().session().createTemporaryTopic());
    }

    private synchronized <T extends Destination> T remembered(T temporary) {
        temporaries.add(temporary);
        return temporary;
    }

    private void deleteTemporaries() {
        List<Destination> all;
        synchronized (this) {
            all = new ArrayList<>(temporaries);
            temporaries.clear();
        }
        for (Destination temporary : all) {
            try {
                if (temporary instanceof TemporaryQueue queue) {
                    queue.delete();
                } else if (temporary instanceof TemporaryTopic topic) {
                    topic.delete();
                }
            } catch (JMSException e) {
                LOG.debug("{} stays until its pooled connection ends", temporary, e);
            }
        }
    }

    @Override
    public void start() throws JMSException {
        Backing current = backing();
        synchronized (this) {
            started = true;
        }
        current.start();
    }

    @Override
    public String getClientID() throws JMSException {
        return backing().connection().getClientID();
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        return backing().connection().getMetaData();
    }

    /** None: the container listens. */
    @Override
    public ExceptionListener getExceptionListener() throws JMSException {
        checkOpen();
        return null;
    }

    /** Gives the pooled connection back. Work in a transaction stays with the transaction. Repeated calls do nothing. */
    @Override
    public void close() {
        Backing behind;
        synchronized (this) {
            if (closed) {
                return;
            }
            behind = backing;
        }
        invalidate();
        if (behind != null) {
            behind.onClosed(this);
        }
    }

    @Override
    public void setClientID(String clientId) throws JMSException {
        checkOpen();
        throw Forbidden.method("setClientID", "configure clientId on the connection factory");
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) throws JMSException {
        checkOpen();
        throw Forbidden.method("setExceptionListener", "the container hears of lost connections and replaces them");
    }

    @Override
    public void stop() throws JMSException {
        checkOpen();
        throw Forbidden.method("stop", "close the consumer, or the connection");
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Destination destination, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        throw noConnectionConsumer();
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Queue queue, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        throw noConnectionConsumer();
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Topic topic, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        throw noConnectionConsumer();
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        throw noConnectionConsumer();
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        throw noConnectionConsumer();
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        throw noConnectionConsumer();
    }

    private JMSException noConnectionConsumer() throws JMSException {
        checkOpen();
        return Forbidden.method("The creation of a connection consumer", "use a message-driven bean");
    }
}
