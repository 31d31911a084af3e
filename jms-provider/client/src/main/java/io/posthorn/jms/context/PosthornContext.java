package io.posthorn.jms.context;

import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.error.Unchecked;
import io.posthorn.jms.message.PosthornBytesMessage;
import io.posthorn.jms.message.PosthornMapMessage;
import io.posthorn.jms.message.PosthornObjectMessage;
import io.posthorn.jms.message.PosthornPlainMessage;
import io.posthorn.jms.message.PosthornStreamMessage;
import io.posthorn.jms.message.PosthornTextMessage;
import io.posthorn.jms.producer.PosthornProducer;
import io.posthorn.jms.session.AcknowledgingSession;
import io.posthorn.jms.session.SessionMode;
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
 * A connection and a session in one (section 2.8.4). The session is opened when it is first needed, so that a client identifier
 * can be set on a new context. One thread at a time, except {@link #close} and {@link #createContext}.
 */
public class PosthornContext implements JMSContext {

    private final SharedConnection shared;
    private final SessionMode mode;

    /** Guards the fields below; held while the session is opened, and not while it is closed. */
    private final Object lock = new Object();

    private Session session;
    private PosthornProducer producer;
    private boolean closed;

    private volatile boolean autoStart = true;

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

    final Session session() throws JMSException {
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

    /** What this context's producers send through. */
    final PosthornProducer producer() throws JMSException {
        Session current = session();
        synchronized (lock) {
            if (producer == null) {
                producer = (PosthornProducer) current.createProducer(null);
            }
            return producer;
        }
    }

    final Connection connection() throws JMSException {
        checkOpen();
        return shared.get();
    }

    private void checkOpen() throws JMSException {
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
    public boolean getTransacted() {
        Unchecked.run(this::checkOpen);
        return mode == SessionMode.TRANSACTED || mode == SessionMode.XA;
    }

    @Override
    public int getSessionMode() {
        Unchecked.run(this::checkOpen);
        return mode.constant();
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
            PosthornConsumer consumer = (PosthornConsumer) opening.run();
            startIfAutomatic();
            return new ContextConsumer(consumer);
        });
    }

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
