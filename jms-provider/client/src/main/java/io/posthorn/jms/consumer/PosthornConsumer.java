package io.posthorn.jms.consumer;

import io.posthorn.engine.EngineConsumer;
import io.posthorn.jms.session.Intake;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.wire.frame.Source;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.QueueReceiver;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import java.util.concurrent.TimeUnit;

/** The classic API's consumer, of all domains (section 8.1). One thread at a time, except {@link #close}. */
public final class PosthornConsumer implements QueueReceiver, TopicSubscriber {

    private final Destination destination;
    private final Source source;
    private final Intake intake;

    /** Opens a consumer of {@code destination}, which {@code source} describes. */
    public PosthornConsumer(SessionCore session, Destination destination, Source source) throws JMSException {
        this.destination = destination;
        this.source = source;
        this.intake = session.open(source);
    }

    @Override
    public Message receive() throws JMSException {
        return intake.receive(EngineConsumer.FOREVER);
    }

    /** Waits for at most {@code timeoutMs}; for ever when that is 0 or less. */
    @Override
    public Message receive(long timeoutMs) throws JMSException {
        return intake.receive(nanos(timeoutMs));
    }

    @Override
    public Message receiveNoWait() throws JMSException {
        return intake.receive(0);
    }

    /**
     * Waits, for at most {@code timeoutMs}, until there is a message, and does not take it: so that an application server can begin a
     * transaction first. False when there is none, or when this consumer, its session or connection was closed.
     */
    public boolean awaitMessage(long timeoutMs) throws JMSException {
        return intake.awaitMessage(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
    }

    /** Whether there is a message; if not, the signal of {@link #onMessage} comes with the next one. */
    public boolean hasMessage() throws JMSException {
        return intake.awaitMessage(0);
    }

    /**
     * {@code signal} is called on the client's event loop, and must not block, when there may be a message after there was none; null for
     * no signal.
     */
    public void onMessage(Runnable signal) throws JMSException {
        intake.onMessage(signal);
    }

    /**
     * Gives messages that were fetched ahead back to their places, so that others may have them and none overtakes one that comes again. More
     * come when this consumer is asked again whether there are any.
     */
    public void giveBack() throws JMSException {
        intake.giveBack();
    }

    /**
     * Hands one message that is here to a listener, on this thread: in the branch that an XA session is in, and otherwise acknowledged when
     * the listener has returned, as for a message listener. False when there is none, or the session does not hand over at the moment.
     */
    public boolean handOver(MessageListener listener) throws JMSException {
        return intake.handOver(listener);
    }

    /** Receives a body, as {@code JMSConsumer} does; the time is as in {@link #receive(long)}. */
    public <T> T receiveBody(Class<T> type, long timeoutMs) throws JMSException {
        return intake.receiveBody(type, nanos(timeoutMs));
    }

    public <T> T receiveBodyNoWait(Class<T> type) throws JMSException {
        return intake.receiveBody(type, 0);
    }

    private static long nanos(long timeoutMs) {
        return timeoutMs <= 0 ? EngineConsumer.FOREVER : TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    }

    @Override
    public String getMessageSelector() throws JMSException {
        intake.checkOpen();
        return source.selector();
    }

    @Override
    public MessageListener getMessageListener() throws JMSException {
        intake.checkOpen();
        return intake.listener();
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        intake.listen(listener);
    }

    @Override
    public Queue getQueue() throws JMSException {
        intake.checkOpen();
        return (Queue) destination;
    }

    @Override
    public Topic getTopic() throws JMSException {
        intake.checkOpen();
        return (Topic) destination;
    }

    @Override
    public boolean getNoLocal() throws JMSException {
        intake.checkOpen();
        return source.noLocal();
    }

    @Override
    public void close() {
        intake.close();
    }
}
