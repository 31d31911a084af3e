package io.posthorn.jms.producer;

import io.posthorn.jms.PosthornDestination;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.wire.frame.Address;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueSender;
import jakarta.jms.Topic;
import jakarta.jms.TopicPublisher;

/** The classic API's producer, of all domains (section 7.1). One thread at a time, except {@link #close}. */
public final class PosthornProducer implements QueueSender, TopicPublisher {

    private final Sender sender;
    private final Destination destination;
    private final Address address;
    private final DeliveryOptions options = new DeliveryOptions();
    private volatile boolean closed;

    /** {@code destination} is null for a producer that is given one with each send. */
    public PosthornProducer(Sender sender, Destination destination) throws JMSException {
        this.sender = sender;
        this.destination = destination;
        this.address = destination == null ? null : PosthornDestination.addressOf(destination);
    }

    @Override
    public void send(Message message) throws JMSException {
        sendFixed(message, options, null);
    }

    @Override
    public void send(Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        sendFixed(message, options.with(deliveryMode, priority, timeToLive), null);
    }

    @Override
    public void send(Destination to, Message message) throws JMSException {
        sendTo(to, message, options, null);
    }

    @Override
    public void send(Destination to, Message message, int deliveryMode, int priority, long timeToLive)
            throws JMSException {
        sendTo(to, message, options.with(deliveryMode, priority, timeToLive), null);
    }

    @Override
    public void send(Message message, CompletionListener listener) throws JMSException {
        checkListener(listener);
        sendFixed(message, options, listener);
    }

    @Override
    public void send(Message message, int deliveryMode, int priority, long timeToLive, CompletionListener listener)
            throws JMSException {
        checkListener(listener);
        sendFixed(message, options.with(deliveryMode, priority, timeToLive), listener);
    }

    @Override
    public void send(Destination to, Message message, CompletionListener listener) throws JMSException {
        checkListener(listener);
        sendTo(to, message, options, listener);
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
        checkListener(listener);
        sendTo(to, message, options.with(deliveryMode, priority, timeToLive), listener);
    }

    @Override
    public void send(Queue to, Message message) throws JMSException {
        send((Destination) to, message);
    }

    @Override
    public void send(Queue to, Message message, int deliveryMode, int priority, long timeToLive) throws JMSException {
        send((Destination) to, message, deliveryMode, priority, timeToLive);
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

    /** Sends with other options than this producer's; {@code listener} is null for a synchronous send. */
    public void send(Destination to, Message message, DeliveryOptions how, CompletionListener listener)
            throws JMSException {
        sendTo(to, message, how, listener);
    }

    private void sendFixed(Message message, DeliveryOptions how, CompletionListener listener) throws JMSException {
        checkOpen();
        if (address == null) {
            throw new UnsupportedOperationException(
                    "this producer was created without a destination; give one with each send");
        }
        Sender.checkMessage(message);
        sender.send(this, address, message, how, listener);
    }

    private void sendTo(Destination to, Message message, DeliveryOptions how, CompletionListener listener)
            throws JMSException {
        checkOpen();
        if (address != null) {
            throw new UnsupportedOperationException("this producer was created for " + address
                    + "; send without a destination, or create the producer with null");
        }
        Address target = PosthornDestination.addressOf(to);
        Sender.checkMessage(message);
        sender.send(this, target, message, how, listener);
    }

    private static void checkListener(CompletionListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("no completion listener is given: it is null");
        }
    }

    /** Closes after the asynchronous sends were completed and called back (section 7.3.4). */
    @Override
    public void close() throws JMSException {
        if (!closed) {
            sender.session().awaitSends(this);
            closed = true;
        }
    }

    @Override
    public void setDisableMessageID(boolean value) throws JMSException {
        checkOpen();
        options.messageIdDisabled(value);
    }

    @Override
    public boolean getDisableMessageID() throws JMSException {
        checkOpen();
        return options.messageIdDisabled();
    }

    @Override
    public void setDisableMessageTimestamp(boolean value) throws JMSException {
        checkOpen();
        options.timestampDisabled(value);
    }

    @Override
    public boolean getDisableMessageTimestamp() throws JMSException {
        checkOpen();
        return options.timestampDisabled();
    }

    @Override
    public void setDeliveryMode(int deliveryMode) throws JMSException {
        checkOpen();
        options.mode(deliveryMode);
    }

    @Override
    public int getDeliveryMode() throws JMSException {
        checkOpen();
        return options.mode();
    }

    @Override
    public void setPriority(int priority) throws JMSException {
        checkOpen();
        options.priority(priority);
    }

    @Override
    public int getPriority() throws JMSException {
        checkOpen();
        return options.priority();
    }

    @Override
    public void setTimeToLive(long timeToLive) throws JMSException {
        checkOpen();
        options.timeToLiveMs(timeToLive);
    }

    @Override
    public long getTimeToLive() throws JMSException {
        checkOpen();
        return options.timeToLiveMs();
    }

    @Override
    public void setDeliveryDelay(long deliveryDelay) throws JMSException {
        checkOpen();
        options.delayMs(deliveryDelay);
    }

    @Override
    public long getDeliveryDelay() throws JMSException {
        checkOpen();
        return options.delayMs();
    }

    @Override
    public Destination getDestination() throws JMSException {
        checkOpen();
        return destination;
    }

    @Override
    public Queue getQueue() throws JMSException {
        checkOpen();
        return (Queue) destination;
    }

    @Override
    public Topic getTopic() throws JMSException {
        checkOpen();
        return (Topic) destination;
    }

    private void checkOpen() throws JMSException {
        sender.session().checkOpen();
        if (closed) {
            throw JmsErrors.closed("producer");
        }
    }
}
