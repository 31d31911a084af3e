package io.posthorn.jms.context;

import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.error.Unchecked;
import jakarta.jms.JMSConsumer;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** The simplified API's consumer: the classic one with unchecked exceptions. */
public class ContextConsumer implements JMSConsumer {

    private final Unchecked.Call<PosthornConsumer> source;

    /** {@code source} gives the consumer each time that it is used. */
    public ContextConsumer(Unchecked.Call<PosthornConsumer> source) {
        this.source = source;
    }

    @Override
    public String getMessageSelector() {
        return Unchecked.call(() -> source.run().getMessageSelector());
    }

    @Override
    public MessageListener getMessageListener() {
        return Unchecked.call(() -> source.run().getMessageListener());
    }

    @Override
    public void setMessageListener(MessageListener listener) {
        Unchecked.run(() -> source.run().setMessageListener(listener));
    }

    @Override
    public Message receive() {
        return Unchecked.call(() -> source.run().receive());
    }

    @Override
    public Message receive(long timeout) {
        return Unchecked.call(() -> source.run().receive(timeout));
    }

    @Override
    public Message receiveNoWait() {
        return Unchecked.call(() -> source.run().receiveNoWait());
    }

    @Override
    public <T> T receiveBody(Class<T> type) {
        return receiveBody(type, 0);
    }

    @Override
    public <T> T receiveBody(Class<T> type, long timeout) {
        return Unchecked.call(() -> source.run().receiveBody(type, timeout));
    }

    @Override
    public <T> T receiveBodyNoWait(Class<T> type) {
        return Unchecked.call(() -> source.run().receiveBodyNoWait(type));
    }

    @Override
    public void close() {
        Unchecked.run(() -> source.run().close());
    }
}
