package io.posthorn.jms.connection;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.session.Assignment;
import io.posthorn.wire.frame.Source;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the sessions of an application server (section 11.2.4).
 *
 * <p>Whatever is handed over belongs to the session that it is handed over in, and to its transaction. So this only watches,
 * with a consumer of its own that sees one message at a time and never takes it. When there is one, it asks the pool for a
 * server session and starts it; once that session runs, the watcher steps back, the session opens a consumer itself, takes up
 * to {@code maxMessages}, closes its consumer and the watch begins again. No message is with two, and none is overtaken. A
 * plain topic is watched through a shared subscription of a name that nobody else knows. What would end such a subscription
 * at the change of hands is held by one more consumer, which never gets anything.
 *
 * <p>One thread of its own; the monitor guards the fields and is not held while the pool, the engine or a session is called.
 */
final class PosthornConnectionConsumer implements ConnectionConsumer, Assignment.Load {

    private static final Logger LOG = LoggerFactory.getLogger(PosthornConnectionConsumer.class);
    /** How long a session waits for what the watcher saw: it goes from the watcher back to the server and to the session. */
    private static final long TAKE_NS = TimeUnit.SECONDS.toNanos(1);

    private final ConnectionCore connection;
    private final Source source;
    private final ServerSessionPool pool;
    private final int maxMessages;

    private EngineSession session;
    private EngineConsumer watcher;
    private boolean available;
    private boolean taking;
    private boolean closed;
    private Thread feeder;

    PosthornConnectionConsumer(ConnectionCore connection, Source source, ServerSessionPool pool, int maxMessages)
            throws JMSException {
        if (pool == null) {
            throw new JMSException("a connection consumer needs a server session pool; it was null");
        }
        if (maxMessages < 1) {
            throw new JMSException("maxMessages is " + maxMessages + "; at least 1 message is loaded at a time");
        }
        this.connection = connection;
        this.source = watchable(source);
        this.pool = pool;
        this.maxMessages = maxMessages;
    }

    private static Source watchable(Source source) {
        if (!source.address().kind().isTopic() || source.subscription() != null) {
            return source;
        }
        String name = "posthorn-connection-consumer-" + UUID.randomUUID();
        return new Source(source.address(), source.mode(), name, false, true, source.noLocal(), source.selector());
    }

    void begin() throws JMSException {
        connection.temporaries().onConsumerOpening(source.address());
        EngineSession own = connection.engine().openSession();
        synchronized (this) {
            session = own;
        }
        try {
            keep(own);
            watch();
        } catch (EngineException e) {
            own.close();
            connection.temporaries().onConsumerClosed(source.address());
            throw JmsErrors.of("cannot consume from " + source.address(), e);
        }
        Thread thread = new Thread(this::feed, "posthorn-connection-consumer-" + connection.label());
        thread.setDaemon(true);
        synchronized (this) {
            feeder = thread;
        }
        thread.start();
    }

    @Override
    public ServerSessionPool getServerSessionPool() throws JMSException {
        if (isClosed()) {
            throw JmsErrors.closed("connection consumer");
        }
        return pool;
    }

    private void feed() {
        try {
            while (awaitAvailable()) {
                if (startServerSession()) {
                    awaitTaken();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the connection consumer of {} ends", source.address(), e);
        }
    }

    private synchronized boolean awaitAvailable() throws InterruptedException {
        while (!available && !closed) {
            wait();
        }
        available = false;
        taking = !closed;
        return !closed;
    }

    /** From here until the session has taken its share, {@code taking} is true and the watcher's signals do not count. */
    private synchronized void awaitTaken() throws InterruptedException {
        while (taking && !closed) {
            wait();
        }
    }

    private boolean startServerSession() {
        try {
            ServerSession serverSession = pool.getServerSession();
            if (serverSession == null) {
                throw new JMSException("the server session pool gave null instead of a server session");
            }
            if (!(serverSession.getSession() instanceof PosthornSession own)) {
                throw new JMSException(
                        "the server session pool gave a session that is not Posthorn's: " + serverSession.getSession());
            }
            own.core().assignment().load(this);
            serverSession.start();
            return true;
        } catch (JMSException e) {
            giveUp(e);
        } catch (RuntimeException e) {
            giveUp(JmsErrors.caused(new JMSException("the server session pool failed: " + e.getMessage()), e));
        }
        return false;
    }

    /** A pool that fails would fail for every message: the consumer stops, and the exception listener is told why. */
    private void giveUp(JMSException problem) {
        if (!isClosed()) {
            connection.report(problem);
            close();
        }
    }

    @Override
    public List<Delivery> take(EngineSession into) throws EngineException, InterruptedException {
        try {
            return takeOver(into);
        } catch (EngineException | InterruptedException | RuntimeException e) {
            // Nobody watches any more, and the next session would fare no better; the session reports it.
            close();
            throw e;
        } finally {
            onTaken();
        }
    }

    private List<Delivery> takeOver(EngineSession into) throws EngineException, InterruptedException {
        // First of all, so that what it looked at is in its place again.
        stopWatching();
        EngineConsumer consumer = into.attach(source);
        List<Delivery> taken;
        try {
            taken = take(consumer);
        } finally {
            consumer.close();
        }
        watch();
        return taken;
    }

    private List<Delivery> take(EngineConsumer consumer) throws EngineException, InterruptedException {
        List<Delivery> taken = new ArrayList<>();
        Delivery delivery = isClosed() ? null : consumer.receive(TAKE_NS);
        while (delivery != null) {
            taken.add(delivery);
            delivery = taken.size() < maxMessages ? consumer.poll() : null;
        }
        return taken;
    }

    /** A shared subscription that is not durable lives as long as it has a consumer: this one. */
    private void keep(EngineSession own) throws EngineException {
        if (source.shared() && !source.durable()) {
            // Closed with its session.
            own.attachOnDemand(source);
        }
    }

    private void watch() throws EngineException {
        EngineSession own;
        synchronized (this) {
            if (closed) {
                return;
            }
            own = session;
        }
        EngineConsumer next = own.attachOnDemand(source);
        next.onAvailable(this::onAvailable);
        synchronized (this) {
            if (!closed) {
                watcher = next;
                return;
            }
        }
        next.close();
    }

    private void stopWatching() {
        EngineConsumer current;
        synchronized (this) {
            current = watcher;
            watcher = null;
            available = false;
        }
        if (current != null) {
            current.close();
        }
    }

    private synchronized void onAvailable() {
        available = true;
        notifyAll();
    }

    private synchronized void onTaken() {
        taking = false;
        notifyAll();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Stops feeding; sessions that run go on with what they have. Repeated calls do nothing. */
    @Override
    public void close() {
        EngineSession own;
        Thread thread;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            own = session;
            thread = feeder;
            notifyAll();
        }
        stopWatching();
        if (own != null) {
            own.close();
        }
        if (thread != null && thread != Thread.currentThread()) {
            // It may be blocked in the pool.
            thread.interrupt();
        }
        connection.temporaries().onConsumerClosed(source.address());
        connection.onConsumerClosed(this);
    }
}
