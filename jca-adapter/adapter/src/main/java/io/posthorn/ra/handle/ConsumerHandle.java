package io.posthorn.ra.handle;

import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.QueueReceiver;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;

/** A consumer of a session handle. One thread at a time, except {@link #close}. */
final class ConsumerHandle implements QueueReceiver, TopicSubscriber, Child {

    private final SessionHandle session;
    private final SessionHandle.Opening opening;
    private PosthornConsumer consumer;
    private Session consuming;
    private volatile boolean closed;

    ConsumerHandle(SessionHandle session, SessionHandle.Opening opening) {
        this.session = session;
        this.opening = opening;
    }

    /** Opens it at the server, unless it is open in the session that is there now. */
    PosthornConsumer open() throws JMSException {
        if (closed) {
            throw JmsErrors.closed("consumer");
        }
        Session current = session.behind();
        synchronized (this) {
            if (consumer != null && current.equals(consuming)) {
                return consumer;
            }
        }
        PosthornConsumer opened = opening.open(current);
        synchronized (this) {
            consumer = opened;
            consuming = current;
        }
        return opened;
    }

    @Override
    public void closeBehind() {
        PosthornConsumer open;
        synchronized (this) {
            open = consumer;
            consumer = null;
            consuming = null;
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        closeBehind();
        session.forget(this);
    }

    @Override
    public Message receive() throws JMSException {
        return open().receive();
    }

    @Override
    public Message receive(long timeoutMs) throws JMSException {
        return open().receive(timeoutMs);
    }

    @Override
    public Message receiveNoWait() throws JMSException {
        return open().receiveNoWait();
    }

    @Override
    public String getMessageSelector() throws JMSException {
        return open().getMessageSelector();
    }

    @Override
    public Queue getQueue() throws JMSException {
        return open().getQueue();
    }

    @Override
    public Topic getTopic() throws JMSException {
        return open().getTopic();
    }

    @Override
    public boolean getNoLocal() throws JMSException {
        return open().getNoLocal();
    }

    @Override
    public MessageListener getMessageListener() throws JMSException {
        session.checkOpen();
        throw Forbidden.listener("getMessageListener");
    }

    @Override
    public void setMessageListener(MessageListener listener) throws JMSException {
        session.checkOpen();
        throw Forbidden.listener("setMessageListener");
    }
}
