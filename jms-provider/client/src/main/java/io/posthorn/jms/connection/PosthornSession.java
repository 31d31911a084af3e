package io.posthorn.jms.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.jms.PosthornDestination;
import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTemporaryQueue;
import io.posthorn.jms.PosthornTemporaryTopic;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.jms.consumer.PosthornBrowser;
import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.consumer.Sources;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.message.PosthornBytesMessage;
import io.posthorn.jms.message.PosthornMapMessage;
import io.posthorn.jms.message.PosthornObjectMessage;
import io.posthorn.jms.message.PosthornPlainMessage;
import io.posthorn.jms.message.PosthornStreamMessage;
import io.posthorn.jms.message.PosthornTextMessage;
import io.posthorn.jms.producer.PosthornProducer;
import io.posthorn.jms.producer.Sender;
import io.posthorn.jms.session.AcknowledgingSession;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.jms.session.SessionMode;
import io.posthorn.jms.session.TemporaryDestinations;
import io.posthorn.wire.frame.Address;
import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
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
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import jakarta.jms.TopicSession;
import jakarta.jms.TopicSubscriber;
import java.io.Serializable;

/** The classic API's session, of all domains (section 6.2). One thread at a time, except {@link #close}. */
public class PosthornSession implements QueueSession, TopicSession, AcknowledgingSession {

    private final SessionCore core;
    private final Domain domain;
    private final Sender sender;

    PosthornSession(SessionCore core, Domain domain) {
        this.core = core;
        this.domain = domain;
        sender = new Sender(core);
    }

    final SessionCore core() {
        return core;
    }

    @Override
    public BytesMessage createBytesMessage() throws JMSException {
        core.checkOpen();
        return new PosthornBytesMessage(core.home().coding().bodies());
    }

    @Override
    public MapMessage createMapMessage() throws JMSException {
        core.checkOpen();
        return new PosthornMapMessage();
    }

    @Override
    public Message createMessage() throws JMSException {
        core.checkOpen();
        return new PosthornPlainMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() throws JMSException {
        core.checkOpen();
        return new PosthornObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) throws JMSException {
        ObjectMessage message = createObjectMessage();
        message.setObject(object);
        return message;
    }

    @Override
    public StreamMessage createStreamMessage() throws JMSException {
        core.checkOpen();
        return new PosthornStreamMessage(core.home().coding().bodies());
    }

    @Override
    public TextMessage createTextMessage() throws JMSException {
        core.checkOpen();
        return new PosthornTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) throws JMSException {
        TextMessage message = createTextMessage();
        message.setText(text);
        return message;
    }

    @Override
    public boolean getTransacted() throws JMSException {
        core.checkOpen();
        return core.mode() == SessionMode.TRANSACTED || core.mode() == SessionMode.XA;
    }

    @Override
    public int getAcknowledgeMode() throws JMSException {
        core.checkOpen();
        return core.mode().constant();
    }

    @Override
    public void commit() throws JMSException {
        core.transaction().commit();
    }

    @Override
    public void rollback() throws JMSException {
        core.transaction().rollback();
    }

    @Override
    public void recover() throws JMSException {
        core.recover();
    }

    @Override
    public void acknowledge() throws JMSException {
        core.acknowledgeConsumed();
    }

    @Override
    public void close() throws JMSException {
        core.close();
    }

    @Override
    public MessageListener getMessageListener() throws JMSException {
        core.checkOpen();
        return core.assignment().listener();
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        core.assignment().listen(listener);
    }

    @Override
    public void run() {
        core.assignment().run();
    }

    @Override
    public Queue createQueue(String queueName) throws JMSException {
        core.checkOpen();
        domain.requireQueues("createQueue");
        PosthornDestination.checkName(Address.Kind.QUEUE, queueName);
        return new PosthornQueue(queueName);
    }

    @Override
    public Topic createTopic(String topicName) throws JMSException {
        core.checkOpen();
        domain.requireTopics("createTopic");
        PosthornDestination.checkName(Address.Kind.TOPIC, topicName);
        return new PosthornTopic(topicName);
    }

    @Override
    public TemporaryQueue createTemporaryQueue() throws JMSException {
        core.checkOpen();
        domain.requireQueues("createTemporaryQueue");
        TemporaryDestinations temporaries = core.home().temporaries();
        Address address = temporaries.create(Address.Kind.TEMPORARY_QUEUE);
        return new PosthornTemporaryQueue(address.name(), temporaries::delete);
    }

    @Override
    public TemporaryTopic createTemporaryTopic() throws JMSException {
        core.checkOpen();
        domain.requireTopics("createTemporaryTopic");
        TemporaryDestinations temporaries = core.home().temporaries();
        Address address = temporaries.create(Address.Kind.TEMPORARY_TOPIC);
        return new PosthornTemporaryTopic(address.name(), temporaries::delete);
    }

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

    private PosthornProducer producer(Destination destination) throws JMSException {
        core.checkOpen();
        return new PosthornProducer(sender, destination);
    }

    @Override
    public MessageConsumer createConsumer(Destination destination) throws JMSException {
        return unshared(destination, null, false);
    }

    @Override
    public MessageConsumer createConsumer(Destination destination, String selector) throws JMSException {
        return unshared(destination, selector, false);
    }

    @Override
    public MessageConsumer createConsumer(Destination destination, String selector, boolean noLocal)
            throws JMSException {
        return unshared(destination, selector, noLocal);
    }

    @Override
    public QueueReceiver createReceiver(Queue queue) throws JMSException {
        return unshared(queue, null, false);
    }

    @Override
    public QueueReceiver createReceiver(Queue queue, String selector) throws JMSException {
        return unshared(queue, selector, false);
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic) throws JMSException {
        return unshared(topic, null, false);
    }

    @Override
    public TopicSubscriber createSubscriber(Topic topic, String selector, boolean noLocal) throws JMSException {
        return unshared(topic, selector, noLocal);
    }

    private PosthornConsumer unshared(Destination destination, String selector, boolean noLocal) throws JMSException {
        core.checkOpen();
        return new PosthornConsumer(core, destination, Sources.unshared(destination, selector, noLocal));
    }

    @Override
    public MessageConsumer createSharedConsumer(Topic topic, String name) throws JMSException {
        return createSharedConsumer(topic, name, null);
    }

    @Override
    public MessageConsumer createSharedConsumer(Topic topic, String name, String selector) throws JMSException {
        core.checkOpen();
        domain.requireTopics("createSharedConsumer");
        return new PosthornConsumer(core, topic, Sources.shared(topic, name, selector));
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String name) throws JMSException {
        return durable("createDurableSubscriber", topic, name, null, false);
    }

    @Override
    public TopicSubscriber createDurableSubscriber(Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        return durable("createDurableSubscriber", topic, name, selector, noLocal);
    }

    @Override
    public MessageConsumer createDurableConsumer(Topic topic, String name) throws JMSException {
        return durable("createDurableConsumer", topic, name, null, false);
    }

    @Override
    public MessageConsumer createDurableConsumer(Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        return durable("createDurableConsumer", topic, name, selector, noLocal);
    }

    private PosthornConsumer durable(String method, Topic topic, String name, String selector, boolean noLocal)
            throws JMSException {
        core.checkOpen();
        domain.requireTopics(method);
        String clientId = core.home().clientId();
        return new PosthornConsumer(core, topic, Sources.durable(topic, name, selector, noLocal, clientId));
    }

    @Override
    public MessageConsumer createSharedDurableConsumer(Topic topic, String name) throws JMSException {
        return createSharedDurableConsumer(topic, name, null);
    }

    @Override
    public MessageConsumer createSharedDurableConsumer(Topic topic, String name, String selector) throws JMSException {
        core.checkOpen();
        domain.requireTopics("createSharedDurableConsumer");
        return new PosthornConsumer(core, topic, Sources.sharedDurable(topic, name, selector));
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) throws JMSException {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) throws JMSException {
        core.checkOpen();
        domain.requireQueues("createBrowser");
        return new PosthornBrowser(core, queue, Sources.browse(queue, selector));
    }

    @Override
    public void unsubscribe(String name) throws JMSException {
        core.checkOpen();
        domain.requireTopics("unsubscribe");
        if (name == null || name.isEmpty()) {
            throw new InvalidDestinationException("no subscription has a name that is null or empty");
        }
        try {
            core.home().engine().unsubscribe(name).await();
        } catch (EngineException e) {
            throw JmsErrors.of("cannot unsubscribe '" + name + "'", e);
        }
    }
}
