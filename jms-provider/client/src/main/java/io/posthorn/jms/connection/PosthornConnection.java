package io.posthorn.jms.connection;

import io.posthorn.jms.consumer.Sources;
import io.posthorn.jms.session.SessionMode;
import io.posthorn.wire.frame.Source;
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
import jakarta.jms.Topic;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicSession;

/** The classic API's connection, of all domains (section 6.1). Safe from any thread. */
public class PosthornConnection implements QueueConnection, TopicConnection {

    private final ConnectionCore core;
    private final Domain domain;

    PosthornConnection(ConnectionCore core, Domain domain) {
        this.core = core;
        this.domain = domain;
    }

    ConnectionCore core() {
        return core;
    }

    /** Whether the connection is lost for good, and only good for being closed: for pools. */
    public final boolean isLost() {
        return core.engine().isLost();
    }

    /** Says that {@link #close} follows: consumers and sessions that are closed until then do not wait for the server one by one. */
    public final void closeSoon() {
        core.engine().closeSoon();
    }

    /** Names the server and its version. */
    public final String serverProduct() {
        return core.engine().serverProduct();
    }

    @Override
    public Session createSession() throws JMSException {
        return createSession(Session.AUTO_ACKNOWLEDGE);
    }

    @Override
    public Session createSession(int sessionMode) throws JMSException {
        core.checkOpen();
        return new PosthornSession(core.openSession(SessionMode.of(sessionMode)), Domain.ANY);
    }

    @Override
    public Session createSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return create(transacted, acknowledgeMode, Domain.ANY);
    }

    @Override
    public QueueSession createQueueSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return create(transacted, acknowledgeMode, Domain.QUEUE);
    }

    @Override
    public TopicSession createTopicSession(boolean transacted, int acknowledgeMode) throws JMSException {
        return create(transacted, acknowledgeMode, Domain.TOPIC);
    }

    private PosthornSession create(boolean transacted, int acknowledgeMode, Domain of) throws JMSException {
        core.checkOpen();
        return new PosthornSession(core.openSession(SessionMode.of(transacted, acknowledgeMode)), of);
    }

    @Override
    public String getClientID() throws JMSException {
        core.checkOpen();
        return core.clientId();
    }

    @Override
    public void setClientID(String clientId) throws JMSException {
        core.identify(clientId);
    }

    @Override
    public ConnectionMetaData getMetaData() throws JMSException {
        core.checkOpen();
        return new PosthornMetaData();
    }

    @Override
    public ExceptionListener getExceptionListener() throws JMSException {
        return core.exceptionListener();
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) throws JMSException {
        core.exceptionListener(listener);
    }

    @Override
    public void start() throws JMSException {
        core.start();
    }

    @Override
    public void stop() throws JMSException {
        core.stop();
    }

    @Override
    public void close() throws JMSException {
        core.close();
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Destination destination, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        core.checkOpen();
        return open(Sources.unshared(destination, selector, false), pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Queue queue, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        return createConnectionConsumer((Destination) queue, selector, pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createConnectionConsumer(
            Topic topic, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        return createConnectionConsumer((Destination) topic, selector, pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createSharedConnectionConsumer(
            Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        core.checkOpen();
        domain.requireTopics("createSharedConnectionConsumer");
        return open(Sources.shared(topic, name, selector), pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createDurableConnectionConsumer(
            Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        core.checkOpen();
        domain.requireTopics("createDurableConnectionConsumer");
        return open(Sources.durable(topic, name, selector, false, core.clientId()), pool, maxMessages);
    }

    @Override
    public ConnectionConsumer createSharedDurableConnectionConsumer(
            Topic topic, String name, String selector, ServerSessionPool pool, int maxMessages) throws JMSException {
        core.checkOpen();
        domain.requireTopics("createSharedDurableConnectionConsumer");
        return open(Sources.sharedDurable(topic, name, selector), pool, maxMessages);
    }

    private ConnectionConsumer open(Source source, ServerSessionPool pool, int maxMessages) throws JMSException {
        PosthornConnectionConsumer consumer = new PosthornConnectionConsumer(core, source, pool, maxMessages);
        core.open(consumer);
        return consumer;
    }
}
