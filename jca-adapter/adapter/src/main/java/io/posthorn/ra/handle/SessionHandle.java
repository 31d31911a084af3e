package io.posthorn.ra.handle;

import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.QueueReceiver;
import jakarta.jms.QueueSender;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The session of a connection handle (JMS 3.1 sections 6.2 and 12.2): in a transaction of the container it is part of that, otherwise
 * what it does is done at once. One thread at a time.
 */
final class SessionHandle implements QueueSession, TopicSession {

    private final ConnectionHandle connection;
    private final int mode;
    private final Domain domain;
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** Which half of the API the application asked for. */
    enum Domain {
        ANY,
        QUEUE,
        TOPIC
    }

    SessionHandle(ConnectionHandle connection, int mode, Domain domain) {
        this.connection = connection;
        this.mode = mode;
        this.domain = domain;
    }

    /** The session that stands behind this one at the moment. */
    Session behind() throws JMSException {
        checkOpen();
        return connection.backing().session();
    }

    void checkOpen() throws JMSException {
        connection.checkOpen();
        if (closed) {
            throw JmsErrors.closed("session");
        }
    }

    void closeBehind() {
        children.forEach(Child::closeBehind);
    }

    void closeAll() {
        closed = true;
        closeBehind();
        children.clear();
    }

    void forget(Child child) {
        children.remove(child);
    }

    @Override
    public void close() {
        if (!closed) {
            closeAll();
            connection.onSessionClosed(this);
        }
    }

    // Transactions and acknowledgement

    @Override
    public boolean getTransacted() throws JMSException {
        checkOpen();
        return connection.backing().isInTransaction();
    }

    @Override
    public int getAcknowledgeMode() throws JMSException {
        return getTransacted() ? SESSION_TRANSACTED : mode;
    }

    @Override
    public void commit() throws JMSException {
        checkOpen();
        throw Forbidden.demarcation("commit");
    }

    @Override
    public void rollback() throws JMSException {
        checkOpen();
        throw Forbidden.demarcation("rollback");
    }

    /** Outside of a transaction everything is acknowledged already, and nothing can come again. */
    @Override
    public void recover() throws JMSException {
        if (getTransacted()) {
            throw JmsErrors.illegalState("a session in a transaction is rolled back, not recovered");
        }
    }

    @Override
    public MessageListener getMessageListener() throws JMSException {
        checkOpen();
        throw Forbidden.listener("getMessageListener");
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        checkOpen();
        throw Forbidden.listener("setMessageListener");
    }

    @Override
    public void run() {
        throw JmsErrors.unchecked(Forbidden.listener("run"));
    }

    // Messages

    @Override
    public BytesMessage createBytesMessage() throws JMSException {
        return behind().createBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() throws JMSException {
        return behind().createMapMessage();
    }

    @Override
    public Message createMessage() throws JMSException {
        return behind().createMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() throws JMSException {
        return behind().createObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) throws JMSException {
        return behind().createObjectMessage(object);
    }

    @Override
    public StreamMessage createStreamMessage() throws JMSException {
        return behind().createStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() throws JMSException {
        return behind().createTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) throws JMSException {
        return behind().createTextMessage(text);
    }

    // Destinations

    @Override
    public Queue createQueue(String name) throws JMSException {
        return queues("createQueue").createQueue(name);
    }

    @Override
    public Topic createTopic(String name) throws JMSException {
        return topics("createTopic").createTopic(name);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() throws JMSException {
        queues("createTemporaryQueue");
        return connection.createTemporaryQueue();
    }

    @Override
    public TemporaryTopic createTemporaryTopic() throws JMSException {
        topics("createTemporaryTopic");
        return connection.createTemporaryTopic();
    }

    @Override
    public void unsubscribe(String name) throws JMSException {
        topics("unsubscribe").unsubscribe(name);
    }

    private Session queues(String method) throws JMSException {
        return of(Domain.TOPIC, method, "topic");
    }

    private Session topics(String method) throws JMSException {
        return of(Domain.QUEUE, method, "queue");
    }

    private Session of(Domain other, String method, String label) throws JMSException {
        Session behind = behind();
        if (domain == other) {
            throw JmsErrors.illegalState(
                    method + " is not for the " + label + " domain; use an ordinary connection and session");
        }
        return behind;
    }

    // Producers, browsers, consumers

    @Override
    public MessageProducer createProducer(Destination destination) throws JMSException {
        return producer(destination);
    }

    @Override
    public QueueSender createSender(Queue queue) throws JMSException {
        return producer(queue);
    }

    @Override
    public TopicPublisher createPublisher(Topic topic) throws JMSException {
        return producer(topic);
    }

    private ProducerHandle producer(Destination destination) throws JMSException {
        ProducerHandle producer = new ProducerHandle(this, destination);
        children.add(producer);
        return producer;
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) throws JMSException {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) throws JMSException {
        BrowserHandle browser = new BrowserHandle(this, queues("createBrowser").createBrowser(queue, selector));
        children.add(browser);
        return browser;
    }

    @Override
    public MessageConsumer createConsumer(Destination destination) throws JMSException {
        return consumer(session -> session.createConsumer(destination));
    }

    @Override
    public MessageConsumer createConsumer(Destination destination, String selector) throws JMSException {
        return consumer(session -> session.createConsumer(destination, selector));
    }

    @Override
    public MessageConsumer createConsumer(Destination destination, String selector, boolean noLocal)
            throws JMSException {
        return consumer(session -> session.createConsumer(destination, selector, noLocal));
    }

    @Override
    public QueueReceiver createReceiver(Queue queue) throws JMSException {
        return consumer(session -> session.createConsumer(queue));
    }

    @Override
    public QueueReceiver createReceiver(Queue queue, String selector) throws JMSException {
        return consumer(session -> session.createConsumer(queue, selector));
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic) throws JMSException {
        return consumer(session -> session.createConsumer(topic));
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic, String selector, boolean noLocal) throws JMSException {
        return consumer(session -> session.createConsumer(topic, selector, noLocal));
    }

    @Override
    public MessageConsumer createSharedConsumer(Topic topic, String name) throws JMSException {
        return subscription("createSharedConsumer", session -> session.createSharedConsumer(topic, name));
    }

    @Override
    public MessageConsumer createSharedConsumer(Topic topic, String name, String selector) throws JMSException {
        return subscription("createSharedConsumer", session -> session.createSharedConsumer(topic, name, selector));
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String name) throws JMSException {
        return subscription("createDurableSubscriber", session -> session.createDurableConsumer(topic, name));
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        return subscription(
                "createDurableSubscriber", session -> session.createDurableConsumer(topic, name, selector, noLocal));
    }

    @Override
    public MessageConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
        return subscription("createDurableConsumer", session -> session.createDurableConsumer(topic, name));
    }

    @Override
    public MessageConsumer createDurableConsumer(Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        return subscription(
                "createDurableConsumer", session -> session.createDurableConsumer(topic, name, selector, noLocal));
    }

    @Override
    public MessageConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
        return subscription("createSharedDurableConsumer", session -> session.createSharedDurableConsumer(topic, name));
    }

    @Override
    public MessageConsumer createSharedDurableConsumer(Topic topic, String name, String selector) throws JMSException {
        return subscription(
                "createSharedDurableConsumer", session -> session.createSharedDurableConsumer(topic, name, selector));
    }

    private ConsumerHandle subscription(String method, Opening opening) throws JMSException {
        topics(method);
        return consumer(opening);
    }

    ConsumerHandle consumer(Opening opening) throws JMSException {
        ConsumerHandle consumer = new ConsumerHandle(this, opening);
        consumer.open();
        children.add(consumer);
        return consumer;
    }

    /** How a consumer is opened, each time that another session stands behind this one. */
    @FunctionalInterface
    interface Opening {

        MessageConsumer in(Session session) throws JMSException;

        default PosthornConsumer open(Session session) throws JMSException {
            return (PosthornConsumer) in(session);
        }
    }
}
