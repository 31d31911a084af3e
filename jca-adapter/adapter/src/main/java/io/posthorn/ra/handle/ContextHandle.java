package io.posthorn.ra.handle;

import io.posthorn.jms.context.ContextFront;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.error.Unchecked;
import jakarta.jms.Connection;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;

/**
 * The context that an application opened, or that a container injects (JMS 3.1 sections 2.8 and 12.4): a connection handle and its one
 * session. In a transaction of the container it is part of that. One thread at a time.
 */
final class ContextHandle extends ContextFront {

    private final ConnectionHandle connection;
    private final SessionHandle session;

    ContextHandle(ConnectionHandle connection, int mode) throws JMSException {
        this.connection = connection;
        this.session = (SessionHandle) connection.createSession(mode);
    }

    @Override
    protected Session session() throws JMSException {
        return session.behind();
    }

    @Override
    protected Connection connection() throws JMSException {
        return connection;
    }

    @Override
    protected void checkOpen() throws JMSException {
        session.checkOpen();
    }

    /** A second session on one connection, which a container does not allow. */
    @Override
    public JMSContext createContext(int sessionMode) {
        Unchecked.run(this::checkOpen);
        throw JmsErrors.unchecked(
                Forbidden.method("createContext of a context", "get another context from the connection factory"));
    }

    @Override
    protected JMSConsumer open(Unchecked.Call<MessageConsumer> opening) throws JMSException {
        return new ContextConsumerHandle(session.consumer(behind -> opening.run()));
    }

    @Override
    protected void checkAsyncAllowed() throws JMSException {
        throw Forbidden.async();
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) {
        return Unchecked.call(() -> session.createBrowser(queue, selector));
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        return Unchecked.call(session::createTemporaryQueue);
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        return Unchecked.call(session::createTemporaryTopic);
    }

    @Override
    public boolean getTransacted() {
        return Unchecked.call(session::getTransacted);
    }

    @Override
    public int getSessionMode() {
        return Unchecked.call(session::getAcknowledgeMode);
    }

    @Override
    public void commit() {
        Unchecked.run(session::commit);
    }

    @Override
    public void rollback() {
        Unchecked.run(session::rollback);
    }

    @Override
    public void recover() {
        Unchecked.run(session::recover);
    }

    /** Also gives the pooled connection back. */
    @Override
    public void close() {
        Unchecked.run(connection::close);
    }
}
