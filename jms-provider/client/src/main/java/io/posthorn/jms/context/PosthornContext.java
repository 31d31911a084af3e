package io.posthorn.jms.context;

import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.error.Unchecked;
import io.posthorn.jms.session.SessionMode;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/**
 * A connection and a session in one (section 2.8.4). The session is opened when it is first needed, so that a client identifier
 * can be set on a new context. One thread at a time, except {@link #close} and {@link #createContext}.
 */
public class PosthornContext extends ContextFront {

    private final SharedConnection shared;
    private final SessionMode mode;

    /** Guards the fields below; held while the session is opened, and not while it is closed. */
    private final Object lock = new Object();

    private Session session;
    private boolean closed;

    PosthornContext(SharedConnection shared, SessionMode mode) {
        this.shared = shared;
        this.mode = mode;
    }

    /** The first context of a connection, which closes with its last. */
    public static PosthornContext over(Connection connection, SessionMode mode) throws JMSException {
        return new PosthornContext(new SharedConnection(connection).join(), mode);
    }

    /** Opens the session; the XA form has another. */
    Session open(Connection connection) throws JMSException {
        return connection.createSession(mode.constant());
    }

    @Override
    protected final Session session() throws JMSException {
        synchronized (lock) {
            if (closed) {
                throw JmsErrors.closed("context");
            }
            if (session == null) {
                session = open(shared.get());
            }
            return session;
        }
    }

    @Override
    protected final Connection connection() throws JMSException {
        checkOpen();
        return shared.get();
    }

    @Override
    protected final void checkOpen() throws JMSException {
        synchronized (lock) {
            if (closed) {
                throw JmsErrors.closed("context");
            }
        }
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return Unchecked.call(() -> {
            checkOpen();
            SessionMode other = SessionMode.of(sessionMode);
            return new PosthornContext(shared.join(), other);
        });
    }

    /** Closes the session, and the connection with its last context (section 6.1.8). */
    @Override
    public void close() {
        Unchecked.run(() -> {
            Session current;
            synchronized (lock) {
                if (closed) {
                    return;
                }
                current = session;
            }
            if (current != null) {
                current.close();
            }
            synchronized (lock) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            shared.leave();
        });
    }

    @Override
    public boolean getTransacted() {
        Unchecked.run(this::checkOpen);
        return mode == SessionMode.TRANSACTED || mode == SessionMode.XA;
    }

    @Override
    public int getSessionMode() {
        Unchecked.run(this::checkOpen);
        return mode.constant();
    }
}
