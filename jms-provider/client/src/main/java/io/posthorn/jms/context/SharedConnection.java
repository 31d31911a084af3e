package io.posthorn.jms.context;

import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;

/** A connection and the number of open contexts on it; it closes with the last of them. Safe from any thread. */
final class SharedConnection {

    private final Connection connection;
    private int contexts;

    SharedConnection(Connection connection) {
        this.connection = connection;
    }

    Connection get() {
        return connection;
    }

    /** For a new context; refused when the last one was closed in the meantime. */
    synchronized SharedConnection join() throws JMSException {
        if (contexts < 0) {
            throw JmsErrors.closed("connection");
        }
        contexts++;
        return this;
    }

    void leave() throws JMSException {
        if (isLast()) {
            connection.close();
        }
    }

    private synchronized boolean isLast() {
        contexts--;
        if (contexts > 0) {
            return false;
        }
        contexts = -1;
        return true;
    }
}
