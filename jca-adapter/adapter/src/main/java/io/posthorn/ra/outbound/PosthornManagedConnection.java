package io.posthorn.ra.outbound;

import io.posthorn.jms.connection.PosthornXAConnection;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.ra.handle.Backing;
import io.posthorn.ra.handle.ConnectionHandle;
import io.posthorn.ra.handle.ConnectionRequest;
import io.posthorn.ra.xa.ServerResource;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.CommException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.SecurityException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a pool (Connectors 2.1 section 6.5.4): one connection to the server with one XA session, which is in the container's
 * transaction while there is one and works at once otherwise. So the same session serves global, local and no transactions. It outlives
 * its handles; {@link #cleanup} leaves nothing of the last user. Loss of the connection is told to the container once.
 */
public final class PosthornManagedConnection implements ManagedConnection, DissociatableManagedConnection, Backing {

    private static final Logger LOG = LoggerFactory.getLogger(PosthornManagedConnection.class);

    private final PosthornManagedConnectionFactory factory;
    private final ConnectionRequest login;
    private final PosthornXAConnection connection;
    private final XASession session;
    private final ServerResource resource;
    private final LocalBranch local;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private final List<ConnectionHandle> handles = new CopyOnWriteArrayList<>();
    private volatile boolean started;
    private boolean lossTold;
    private volatile boolean destroyed;
    private PrintWriter logWriter;

    PosthornManagedConnection(
            PosthornManagedConnectionFactory factory, ConnectionRequest login, XAConnection connection)
            throws JMSException {
        this.factory = factory;
        this.login = login;
        this.connection = (PosthornXAConnection) connection;
        try {
            connection.setExceptionListener(this::onProblem);
            session = connection.createXASession();
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
        resource = new ServerResource(session::getXAResource, factory.associations());
        local = new LocalBranch(resource);
    }

    /** Whether it may be given to somebody who asks for this. */
    boolean serves(PosthornManagedConnectionFactory asked, ConnectionRequest asking) {
        return factory.equals(asked) && login.equals(asking) && !destroyed && !isLost();
    }

    boolean isLost() {
        return connection.isLost();
    }

    // For the handles.

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void start() throws JMSException {
        started = true;
        connection.start();
    }

    /** Refuses while the container believes that this is in a transaction which it could not join. */
    @Override
    public Session session() throws JMSException {
        XAException refusal = resource.refusal();
        if (refusal != null) {
            throw JmsErrors.caused(
                    new JMSException(
                            "this connection could not join the container's transaction, and does nothing outside of it: "
                                    + refusal.getMessage()),
                    refusal);
        }
        return session;
    }

    @Override
    public boolean isInTransaction() {
        return resource.isInBranch();
    }

    @Override
    public void onClosed(ConnectionHandle handle) {
        if (handles.remove(handle)) {
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
            event.setConnectionHandle(handle);
            listeners.forEach(listener -> listener.connectionClosed(event));
        }
    }

    /** On a thread of the client. */
    private void onProblem(JMSException problem) {
        if (!isLost()) {
            LOG.warn("A pooled connection goes on, but: {}", problem.getMessage(), problem);
            return;
        }
        synchronized (this) {
            if (lossTold || destroyed) {
                return;
            }
            lossTold = true;
        }
        ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_ERROR_OCCURRED, problem);
        listeners.forEach(listener -> listener.connectionErrorOccurred(event));
    }

    // For the container.

    @Override
    public Object getConnection(Subject subject, ConnectionRequestInfo info) throws ResourceException {
        checkUsable();
        ConnectionRequest asked = factory.login(subject, info);
        if (!login.equals(asked)) {
            throw new SecurityException("a connection of user '" + login.userName() + "' cannot become one of user '"
                    + asked.userName() + "': logging in anew on an open connection is not supported");
        }
        ConnectionHandle handle = new ConnectionHandle(this);
        handles.add(handle);
        return handle;
    }

    private void checkUsable() throws ResourceException {
        if (destroyed) {
            throw new IllegalStateException("the managed connection is destroyed");
        }
        if (isLost()) {
            throw new CommException("the managed connection's connection to the server is lost");
        }
    }

    @Override
    public void associateConnection(Object handle) throws ResourceException {
        checkUsable();
        if (!(handle instanceof ConnectionHandle own)) {
            throw new IllegalStateException("a handle of another resource adapter: " + handle);
        }
        own.attach(this);
        handles.add(own);
    }

    /** Takes the handles away, which ask for another managed connection when they are used again. */
    @Override
    public void dissociateConnections() {
        List<ConnectionHandle> all = new ArrayList<>(handles);
        handles.removeAll(all);
        all.forEach(ConnectionHandle::detach);
    }

    @Override
    public void forget(ConnectionHandle handle) {
        handles.remove(handle);
    }

    @Override
    public void cleanup() throws ResourceException {
        List<ConnectionHandle> all = new ArrayList<>(handles);
        handles.removeAll(all);
        all.forEach(ConnectionHandle::invalidate);
        checkUsable();
        try {
            resource.forgetRefusal();
            local.abandon();
            if (started) {
                started = false;
                connection.stop();
            }
        } catch (JMSException | XAException e) {
            throw new CommException("the managed connection cannot be used again: " + e.getMessage(), e);
        }
    }

    @Override
    public void destroy() throws ResourceException {
        synchronized (this) {
            if (destroyed) {
                return;
            }
            destroyed = true;
        }
        handles.forEach(ConnectionHandle::invalidate);
        handles.clear();
        try {
            connection.close();
        } catch (JMSException e) {
            throw new CommException(e.getMessage(), e);
        } finally {
            resource.abandon();
        }
    }

    @Override
    public XAResource getXAResource() {
        return resource;
    }

    @Override
    public LocalTransaction getLocalTransaction() {
        return local;
    }

    @Override
    public ManagedConnectionMetaData getMetaData() throws ResourceException {
        checkUsable();
        try {
            return new ServerFacts(
                    connection.serverProduct(), connection.getMetaData().getProviderVersion(), login.userName());
        } catch (JMSException e) {
            throw new CommException(e.getMessage(), e);
        }
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void setLogWriter(PrintWriter writer) {
        logWriter = writer;
    }

    @Override
    public PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public String toString() {
        return "PosthornManagedConnection[" + connection.serverProduct() + ", user " + login.userName() + ", "
                + handles.size() + " handles]";
    }
}
