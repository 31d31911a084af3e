package io.posthorn.jms.connection;

import io.posthorn.engine.EngineConnection;
import io.posthorn.engine.EngineException;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.MessageIds;
import io.posthorn.jms.session.MessageCoding;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.jms.session.SessionHome;
import io.posthorn.jms.session.SessionMode;
import io.posthorn.jms.session.TemporaryDestinations;
import io.posthorn.wire.frame.ErrorCode;
import jakarta.jms.ExceptionListener;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A connection (section 6.1), for whichever front. Safe from any thread. The monitor guards the fields; it is held while
 * sessions are told to pause and resume, whose locks come after it, and never while something is waited for.
 */
final class ConnectionCore implements SessionHome {

    private final EngineConnection engine;
    private final MessageCoding coding;
    private final MessageIds messageIds;
    private final TemporaryDestinations temporaries;
    private final ExceptionReporter reporter;
    private final String label;

    private final Set<SessionCore> sessions = new LinkedHashSet<>();
    private final Set<PosthornConnectionConsumer> consumers = new LinkedHashSet<>();
    private final boolean clientIdConfigured;
    private String clientId;
    private boolean used;
    private boolean started;
    private boolean closing;
    private boolean closed;
    private long sessionsMade;

    /** {@code clientId} is the one that was configured, or null. */
    ConnectionCore(EngineConnection engine, MessageCoding coding, String clientId) {
        this.engine = engine;
        this.coding = coding;
        this.clientId = clientId;
        clientIdConfigured = clientId != null;
        label = engine.id().toString().substring(0, 8);
        messageIds = new MessageIds(engine.id());
        temporaries = new TemporaryDestinations(engine);
        reporter = new ExceptionReporter("posthorn-exception-" + label);
        engine.onLost(cause -> reporter.report(JmsErrors.of("the connection to the server is lost", cause)));
    }

    @Override
    public EngineConnection engine() {
        return engine;
    }

    @Override
    public MessageCoding coding() {
        return coding;
    }

    @Override
    public MessageIds messageIds() {
        return messageIds;
    }

    @Override
    public TemporaryDestinations temporaries() {
        return temporaries;
    }

    @Override
    public void report(JMSException problem) {
        reporter.report(problem);
    }

    @Override
    public void report(String doing, EngineException failure) {
        if (failure.code() != ErrorCode.CLOSED && !engine.isLost()) {
            reporter.report(JmsErrors.of(doing, failure));
        }
    }

    @Override
    public synchronized String clientId() {
        return clientId;
    }

    /** Sets the client identifier, as the first thing that is done with a connection that has none (section 6.1.2). */
    void identify(String id) throws JMSException {
        synchronized (this) {
            checkOpen();
            checkIdentifiable(id);
            used = true;
        }
        try {
            engine.identify(id).await();
        } catch (EngineException e) {
            forgetIdentify();
            throw JmsErrors.of("cannot set the client identifier '" + id + "'", e);
        }
        synchronized (this) {
            clientId = id;
        }
    }

    private synchronized void forgetIdentify() {
        used = false;
    }

    private void checkIdentifiable(String id) throws JMSException {
        if (clientIdConfigured) {
            throw JmsErrors.illegalState(
                    "the client identifier '" + clientId + "' is configured and cannot be changed to '" + id + "'");
        }
        if (clientId != null) {
            throw JmsErrors.illegalState("the client identifier is set to '" + clientId + "' already");
        }
        if (used) {
            throw JmsErrors.illegalState("the client identifier must be set before anything else is done with the"
                    + " connection; this one is in use already");
        }
        if (id == null || id.isEmpty()) {
            throw new InvalidClientIDException(
                    "a client identifier is a text that is not empty", ErrorCode.INVALID_CLIENT_ID.name());
        }
    }

    ExceptionListener exceptionListener() throws JMSException {
        checkOpen();
        return reporter.listener();
    }

    void exceptionListener(ExceptionListener listener) throws JMSException {
        checkOpen();
        reporter.listen(listener);
    }

    SessionCore openSession(SessionMode mode) throws JMSException {
        synchronized (this) {
            checkUsable();
            String name = "posthorn-session-" + label + "-" + ++sessionsMade;
            SessionCore session = new SessionCore(name, this, engine.openSession(), mode, !started);
            sessions.add(session);
            return session;
        }
    }

    @Override
    public synchronized void onSessionClosed(SessionCore session) {
        sessions.remove(session);
    }

    void open(PosthornConnectionConsumer consumer) throws JMSException {
        synchronized (this) {
            checkUsable();
            consumers.add(consumer);
        }
        try {
            consumer.begin();
        } catch (JMSException e) {
            onConsumerClosed(consumer);
            throw e;
        }
    }

    synchronized void onConsumerClosed(PosthornConnectionConsumer consumer) {
        consumers.remove(consumer);
    }

    /** The short name of the connection, in logs and thread names. */
    String label() {
        return label;
    }

    private void checkUsable() throws JMSException {
        if (closing) {
            throw JmsErrors.closed("connection");
        }
        used = true;
    }

    synchronized void checkOpen() throws JMSException {
        if (closed) {
            throw JmsErrors.closed("connection");
        }
    }

    void start() throws JMSException {
        synchronized (this) {
            checkUsable();
            if (started) {
                return;
            }
            started = true;
            sessions.forEach(SessionCore::resume);
        }
        engine.start();
    }

    /** Stops; returns when the listeners that run have returned (section 6.1.6). */
    void stop() throws JMSException {
        checkOpen();
        List<SessionCore> all = sessionsNow();
        for (SessionCore session : all) {
            if (session.isInsideListener()) {
                throw JmsErrors.illegalState("a message listener must not stop its own connection");
            }
        }
        synchronized (this) {
            checkUsable();
            started = false;
            sessions.forEach(SessionCore::pause);
        }
        engine.stop();
        all.forEach(SessionCore::awaitPaused);
    }

    private synchronized List<SessionCore> sessionsNow() {
        return new ArrayList<>(sessions);
    }

    private synchronized List<PosthornConnectionConsumer> consumersNow() {
        return new ArrayList<>(consumers);
    }

    /**
     * Closes sessions and all (section 6.1.8). Refused inside a listener of one of its sessions. Of several threads none
     * returns before that is done; repeated calls do nothing.
     */
    void close() throws JMSException {
        refuseInsideCallback();
        synchronized (this) {
            if (closing) {
                awaitClosed();
                return;
            }
            closing = true;
            sessions.forEach(SessionCore::pause);
        }
        for (PosthornConnectionConsumer consumer : consumersNow()) {
            consumer.close();
        }
        try {
            for (SessionCore session : sessionsNow()) {
                session.close();
            }
        } finally {
            engine.close();
            synchronized (this) {
                closed = true;
                notifyAll();
            }
        }
    }

    /** An interrupt ends the wait and stays set: there is nothing that the caller would do next. */
    private synchronized void awaitClosed() {
        try {
            while (!closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuseInsideCallback() throws JMSException {
        for (SessionCore session : sessionsNow()) {
            if (session.isInsideListener()) {
                throw JmsErrors.illegalState("a message listener must not close its own connection");
            }
            if (session.isInsideCompletion()) {
                throw JmsErrors.illegalState("a completion listener must not close its own connection");
            }
        }
    }
}
