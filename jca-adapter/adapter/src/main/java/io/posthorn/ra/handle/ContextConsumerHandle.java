package io.posthorn.ra.handle;

import io.posthorn.jms.context.ContextConsumer;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.MessageListener;

/** The simplified API's consumer of a context handle. */
final class ContextConsumerHandle extends ContextConsumer {

    private final ConsumerHandle consumer;

    ContextConsumerHandle(ConsumerHandle consumer) {
        super(consumer::open);
        this.consumer = consumer;
    }

    @Override
    public MessageListener getMessageListener() {
        throw JmsErrors.unchecked(Forbidden.listener("getMessageListener"));
    }

    @Override
    public void setMessageListener(MessageListener listener) {
        throw JmsErrors.unchecked(Forbidden.listener("setMessageListener"));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
