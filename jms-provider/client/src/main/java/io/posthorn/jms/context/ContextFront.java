package io.posthorn.jms.context;

import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.error.Unchecked;
import io.posthorn.jms.message.PosthornBytesMessage;
import io.posthorn.jms.message.PosthornMapMessage;
import io.posthorn.jms.message.PosthornObjectMessage;
import io.posthorn.jms.message.PosthornPlainMessage;
import io.posthorn.jms.message.PosthornStreamMessage;
import io.posthorn.jms.message.PosthornTextMessage;
import io.posthorn.jms.producer.PosthornProducer;
import io.posthorn.jms.session.AcknowledgingSession;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.io.Serializable;

/**
 * The simplified API in front of a connection and a session, wherever a subclass has them from (section 2.8). Its producers and consumers
 * work in the session that it has at the moment. One thread at a time, except {@code close} and {@code createContext}.
 */
public abstract class ContextFront implements JMSContext {

    private PosthornProducer producer;
    private Session producing;

    private volatile boolean autoStart = true;

    protected ContextFront() {}

    /** The session to work in, which is one of ours; {@link jakarta.jms.IllegalStateException} when the context is closed. */
    protected abstract Session session() throws JMSException;

    /** The connection of {@link #session()}. */
    protected abstract Connection connection() throws JMSException;

    /** Refuses when the context is closed; needs neither session nor connection. */
    protected abstract void checkOpen() throws JMSException;

    /** What this context's producers send through. */
    final PosthornProducer producer() throws JMSException {
        Session current = session();
        synchronized (this) {
            if (producer == null || !current.equals(producing)) {
                producer = (PosthornProducer) current.createProducer(null);
                producing = current;
            }
            return producer;
        }
    }

    @Override
    public JMSProducer createProducer() {
        Unchecked.run(this::checkOpen);
        return new ContextProducer(this);
    }

    @Override
    public String getClientID() {
        return Unchecked.call(() -> connection().getClientID());
    }

    @Override
    public void setClientID(String clientId) {
        Unchecked.run(() -> connection().setClientID(clientId));
    }

    @Override
    public ConnectionMetaData getMetaData() {
        return Unchecked.call(() -> connection().getMetaData());
    }

    @Override
    public ExceptionListener getExceptionListener() {
        return Unchecked.call(() -> connection().getExceptionListener());
    }

    @Override
    public void setExceptionListener(ExceptionListener listener) {
        Unchecked.run(() -> connection().setExceptionListener(listener));
    }

    @Override
    public void start() {
        Unchecked.run(() -> connection().start());
    }

    @Override
    public void stop() {
        Unchecked.run(() -> connection().stop());
    }

    @Override
    public void setAutoStart(boolean value) {
        Unchecked.run(this::checkOpen);
        autoStart = value;
    }

    @Override
    public boolean getAutoStart() {
        Unchecked.run(this::checkOpen);
        return autoStart;
    }

    @Override
    public BytesMessage createBytesMessage() {
        Unchecked.run(this::checkOpen);
        return new PosthornBytesMessage();
    }

    @Override
    public MapMessage createMapMessage() {
        Unchecked.run(this::checkOpen);
        return new PosthornMapMessage();
    }

    @Override
    public Message createMessage() {
        Unchecked.run(this::checkOpen);
        return new PosthornPlainMessage();
    }

    @Override
    public ObjectMessage createObjectMessage() {
        Unchecked.run(this::checkOpen);
        return new PosthornObjectMessage();
    }

    @Override
    public ObjectMessage createObjectMessage(Serializable object) {
        ObjectMessage message = createObjectMessage();
        Unchecked.run(() -> message.setObject(object));
        return message;
    }

    @Override
    public StreamMessage createStreamMessage() {
        Unchecked.run(this::checkOpen);
        return new PosthornStreamMessage();
    }

    @Override
    public TextMessage createTextMessage() {
        Unchecked.run(this::checkOpen);
        return new PosthornTextMessage();
    }

    @Override
    public TextMessage createTextMessage(String text) {
        TextMessage message = createTextMessage();
        Unchecked.run(() -> message.setText(text));
        return message;
    }

    @Override
    public void commit() {
        Unchecked.run(() -> session().commit());
    }

    @Override
    public void rollback() {
        Unchecked.run(() -> session().rollback());
    }

    @Override
    public void recover() {
        Unchecked.run(() -> session().recover());
    }

    @Override
    public void acknowledge() {
        Unchecked.run(() -> ((AcknowledgingSession) session()).acknowledge());
    }

    @Override
    public JMSConsumer createConsumer(Destination destination) {
        return consumer(() -> session().createConsumer(destination));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector) {
        return consumer(() -> session().createConsumer(destination, selector));
    }

    @Override
    public JMSConsumer createConsumer(Destination destination, String selector, boolean noLocal) {
        return consumer(() -> session().createConsumer(destination, selector, noLocal));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name) {
        return consumer(() -> session().createDurableConsumer(topic, name));
    }

    @Override
    public JMSConsumer createDurableConsumer(Topic topic, String name, String selector, boolean noLocal) {
        return consumer(() -> session().createDurableConsumer(topic, name, selector, noLocal));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name) {
        return consumer(() -> session().createSharedDurableConsumer(topic, name));
    }

    @Override
    public JMSConsumer createSharedDurableConsumer(Topic topic, String name, String selector) {
        return consumer(() -> session().createSharedDurableConsumer(topic, name, selector));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name) {
        return consumer(() -> session().createSharedConsumer(topic, name));
    }

    @Override
    public JMSConsumer createSharedConsumer(Topic topic, String name, String selector) {
        return consumer(() -> session().createSharedConsumer(topic, name, selector));
    }

    private JMSConsumer consumer(Unchecked.Call<MessageConsumer> opening) {
        return Unchecked.call(() -> {
            JMSConsumer consumer = open(opening);
            startIfAutomatic();
            return consumer;
        });
    }

    /** Opens a consumer; {@code opening} does so in the session that is there when it is called, with one of ours. */
    protected JMSConsumer open(Unchecked.Call<MessageConsumer> opening) throws JMSException {
        PosthornConsumer consumer = (PosthornConsumer) opening.run();
        return new ContextConsumer(() -> consumer);
    }

    /** Before a producer is made asynchronous. */
    protected void checkAsyncAllowed() throws JMSException {}

    private void startIfAutomatic() throws JMSException {
        if (autoStart) {
            connection().start();
        }
    }

    @Override
    public QueueBrowser createBrowser(Queue queue) {
        return createBrowser(queue, null);
    }

    @Override
    public QueueBrowser createBrowser(Queue queue, String selector) {
        return Unchecked.call(() -> {
            QueueBrowser browser = session().createBrowser(queue, selector);
            startIfAutomatic();
            return browser;
        });
    }

    @Override
    public Queue createQueue(String queueName) {
        return Unchecked.call(() -> session().createQueue(queueName));
    }

    @Override
    public Topic createTopic(String topicName) {
        return Unchecked.call(() -> session().createTopic(topicName));
    }

    @Override
    public TemporaryQueue createTemporaryQueue() {
        return Unchecked.call(() -> session().createTemporaryQueue());
    }

    @Override
    public TemporaryTopic createTemporaryTopic() {
        return Unchecked.call(() -> session().createTemporaryTopic());
    }

    @Override
    public void unsubscribe(String name) {
        Unchecked.run(() -> session().unsubscribe(name));
    }
}
