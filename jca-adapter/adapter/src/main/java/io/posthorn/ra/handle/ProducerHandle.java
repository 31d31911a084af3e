package io.posthorn.ra.handle;

import io.posthorn.jms.error.JmsErrors;
import io.posthorn.jms.producer.PosthornProducer;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueSender;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;
import java.util.HashMap;
import java.util.Map;

/** A producer of a session handle: its settings, and sends with them through the session that is there. One thread at a time. */
final class ProducerHandle implements QueueSender, TopicPublisher, Child {

    private final SessionHandle session;
    private final Destination destination;
    /** What was set last, by the name of its method. */
    private final Map<String, Setting> settings = new HashMap<>();

    private PosthornProducer producer;
    private Session producing;
    private boolean closed;

    ProducerHandle(SessionHandle session, Destination destination) throws JMSException {
        this.session = session;
        this.destination = destination;
        behind();
    }

    private PosthornProducer behind() throws JMSException {
        if (closed) {
            throw JmsErrors.closed("producer");
        }
        Session current = session.behind();
        if (producer == null || !current.equals(producing)) {
            producer = (PosthornProducer) current.createProducer(destination);
            producing = current;
            for (Setting setting : settings.values()) {
                setting.apply(producer);
            }
        }
        return producer;
    }

    private void set(String name, Setting setting) throws JMSException {
        setting.apply(behind());
        settings.put(name, setting);
    }

    /** A producer is nothing at the server. */
    @Override
    public void closeBehind() {
        producing = null;
    }

    @Override
    public void close() {
        closed = true;
        session.forget(this);
    }

    @Override
    public void send(Message message) throws JMSException {
        behind().send(message);
    }

    @Override
    public void send(Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        behind().send(message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void send(Destination to, Message message) throws JMSException {
        behind().send(to, message);
    }

    @Override
    public void send(Destination to, Message message, int deliveryMode, int priority, long timeToLive)
            throws JMSException {
        behind().send(to, message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void send(Queue to, Message message) throws JMSException {
        behind().send((Destination) to, message);
    }

    @Override
    public void send(Queue to, Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        behind().send((Destination) to, message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void publish(Message message) throws JMSException {
        send(message);
    }

    @Override
    public void publish(Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        send(message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void publish(Topic to, Message message) throws JMSException {
        send((Destination) to, message);
    }

    @Override
    public void publish(Topic to, Message message, int deliveryMode, int priority, long timeToLive)
            throws JMSException {
        send((Destination) to, message, deliveryMode, priority, timeToLive);
    }

    @Override
    public void send(Message message, CompletionListener listener) throws JMSException {
        throw refused();
    }

    @Override
    public void send(Message message, int deliveryMode, int priority, long timeToLive, CompletionListener listener)
            throws JMSException {
        throw refused();
    }

    @Override
    public void send(Destination to, Message message, CompletionListener listener) throws JMSException {
        throw refused();
    }

    @Override
    public void send(
            Destination to,
            Message message,
            int deliveryMode,
            int priority,
            long timeToLive,
            CompletionListener listener)
            throws JMSException {
        throw refused();
    }

    private JMSException refused() throws JMSException {
        session.checkOpen();
        return Forbidden.async();
    }

    @Override
    public void setDisableMessageID(boolean value) throws JMSException {
        set("setDisableMessageID", producer -> producer.setDisableMessageID(value));
    }

    @Override
    public boolean getDisableMessageID() throws JMSException {
        return behind().getDisableMessageID();
    }

    @Override
    public void setDisableMessageTimestamp(boolean value) throws JMSException {
        set("setDisableMessageTimestamp", producer -> producer.setDisableMessageTimestamp(value));
    }

    @Override
    public boolean getDisableMessageTimestamp() throws JMSException {
        return behind().getDisableMessageTimestamp();
    }

    @Override
    public void setDeliveryMode(int value) throws JMSException {
        set("setDeliveryMode", producer -> producer.setDeliveryMode(value));
    }

    @Override
    public int getDeliveryMode() throws JMSException {
        return behind().getDeliveryMode();
    }

    @Override
    public void setPriority(int value) throws JMSException {
        set("setPriority", producer -> producer.setPriority(value));
    }

    @Override
    public int getPriority() throws JMSException {
        return behind().getPriority();
    }

    @Override
    public void setTimeToLive(long value) throws JMSException {
        set("setTimeToLive", producer -> producer.setTimeToLive(value));
    }

    @Override
    public long getTimeToLive() throws JMSException {
        return behind().getTimeToLive();
    }

    @Override
    public void setDeliveryDelay(long value) throws JMSException {
        set("setDeliveryDelay", producer -> producer.setDeliveryDelay(value));
    }

    @Override
    public long getDeliveryDelay() throws JMSException {
        return behind().getDeliveryDelay();
    }

    @Override
    public Destination getDestination() throws JMSException {
        return behind().getDestination();
    }

    @Override
    public Queue getQueue() throws JMSException {
        return behind().getQueue();
    }

    @Override
    public Topic getTopic() throws JMSException {
        return behind().getTopic();
    }

    /** A setting, as it is made again on another producer. */
    @FunctionalInterface
    private interface Setting {
        void apply(PosthornProducer producer) throws JMSException;
    }
}
