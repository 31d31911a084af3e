package io.posthorn.ra.handle;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** What stands behind a handle for a while: a connection of a pool, with one session. */
public interface Backing {

    /** The connection to the server. */
    Connection connection();

    /** Lets consumers receive. */
    void start() throws JMSException;

    /** The one session, which is in whatever transaction the container has put it in. */
    Session session() throws JMSException;

    /** Whether the session is in a transaction of the container at the moment. */
    boolean isInTransaction();

    /** The handle stands before another one now. */
    void forget(ConnectionHandle handle);

    /** The application has closed the handle. */
    void onClosed(ConnectionHandle handle);
}
