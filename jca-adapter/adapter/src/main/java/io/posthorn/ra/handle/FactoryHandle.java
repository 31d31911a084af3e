package io.posthorn.ra.handle;

import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.error.Unchecked;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.io.Serializable;
import javax.naming.Reference;

/**
 * The factory that an application looks up or has injected (JMS 3.1 section 6.1). Its connections and contexts come from the container's pool
 * and take part in the container's transactions. Safe from any thread.
 */
public final class FactoryHandle
        implements ConnectionFactory, QueueConnectionFactory, TopicConnectionFactory, Referenceable, Serializable {

    private static final long serialVersionUID = 1L;

    private final ManagedConnectionFactory factory;
    private final ConnectionManager manager;
    private Reference reference;

    /** A factory whose connections {@code manager} gives, which are made by {@code factory}. */
    public FactoryHandle(ManagedConnectionFactory factory, ConnectionManager manager) {
        this.factory = factory;
        this.manager = manager;
    }

    /** Where the settings of its connections are. */
    public ManagedConnectionFactory managedFactory() {
        return factory;
    }

    @Override
    public Connection createConnection() throws JMSException {
        return open(ConnectionRequest.ANYBODY);
    }

    @Override
    public Connection createConnection(String userName, String password) throws JMSException {
        return open(new ConnectionRequest(userName, password));
    }

    @Override
    public QueueConnection createQueueConnection() throws JMSException {
        return open(ConnectionRequest.ANYBODY);
    }

    @Override
    public QueueConnection createQueueConnection(String userName, String password) throws JMSException {
        return open(new ConnectionRequest(userName, password));
    }

    @Override
    public TopicConnection createTopicConnection() throws JMSException {
        return open(ConnectionRequest.ANYBODY);
    }

    @Override
    public TopicConnection createTopicConnection(String userName, String password) throws JMSException {
        return open(new ConnectionRequest(userName, password));
    }

    @Override
    public JMSContext createContext() {
        return context(ConnectionRequest.ANYBODY, JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(String userName, String password) {
        return context(new ConnectionRequest(userName, password), JMSContext.AUTO_ACKNOWLEDGE);
    }

    @Override
    public JMSContext createContext(String userName, String password, int sessionMode) {
        return context(new ConnectionRequest(userName, password), sessionMode);
    }

    @Override
    public JMSContext createContext(int sessionMode) {
        return context(ConnectionRequest.ANYBODY, sessionMode);
    }

    private JMSContext context(ConnectionRequest request, int sessionMode) {
        return Unchecked.call(() -> new ContextHandle(open(request), AcknowledgeModes.inContainer(sessionMode)));
    }

    private ConnectionHandle open(ConnectionRequest request) throws JMSException {
        try {
            ConnectionHandle handle = (ConnectionHandle) manager.allocateConnection(factory, request);
            handle.ownedBy(manager, factory, request);
            return handle;
        } catch (ResourceException e) {
            throw translated(e);
        }
    }

    /** The container puts errors of its own around ours; what counts for the application is what kind ours was. */
    static JMSException translated(ResourceException problem) {
        String text = "the container gave no connection: " + problem.getMessage();
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof JMSSecurityException || cause instanceof jakarta.resource.spi.SecurityException) {
                return JmsErrors.caused(new JMSSecurityException(text), problem);
            }
            if (cause instanceof JMSException known) {
                return JmsErrors.caused(new JMSException(text, known.getErrorCode()), problem);
            }
        }
        return JmsErrors.caused(new ResourceAllocationException(text), problem);
    }

    @Override
    public void setReference(Reference value) {
        reference = value;
    }

    @Override
    public Reference getReference() {
        return reference;
    }

    @Override
    public String toString() {
        return "FactoryHandle[" + factory + "]";
    }
}
