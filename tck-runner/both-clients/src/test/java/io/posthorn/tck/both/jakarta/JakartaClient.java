package io.posthorn.tck.both.jakarta;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.tck.both.Client;
import io.posthorn.tck.both.Headers;
import io.posthorn.tck.both.Letter;
import io.posthorn.tck.both.Sending;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;

/** The client on one {@code JMSContext}. */
public final class JakartaClient implements Client {
    private final JMSContext context;
    private final TemporaryQueue answers;

    public JakartaClient(String url) {
        context = new PosthornConnectionFactory(url).createContext();
        answers = context.createTemporaryQueue();
    }

    @Override
    public Headers send(String queue, Letter letter, Sending how) {
        try {
            Message message = JakartaMessages.write(context, letter);
            JMSProducer producer = context.createProducer()
                    .setDeliveryMode(how.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT)
                    .setPriority(how.priority())
                    .setTimeToLive(how.timeToLive())
                    .setDeliveryDelay(how.deliveryDelay());
            producer.send(context.createQueue(queue), message);
            return JakartaMessages.headers(message);
        } catch (JMSException e) {
            throw new IllegalStateException("cannot send " + letter, e);
        }
    }

    @Override
    public Letter receive(String queue, String selector) {
        Queue source = context.createQueue(queue);
        try (JMSConsumer consumer = context.createConsumer(source, selector)) {
            return next(consumer);
        }
    }

    @Override
    public void subscribe(String topic, String subscription) {
        context.createSharedDurableConsumer(context.createTopic(topic), subscription)
                .close();
    }

    @Override
    public void publish(String topic, Letter letter) {
        try {
            context.createProducer().send(context.createTopic(topic), JakartaMessages.write(context, letter));
        } catch (JMSException e) {
            throw new IllegalStateException("cannot publish " + letter, e);
        }
    }

    @Override
    public Letter receiveFrom(String topic, String subscription) {
        try (JMSConsumer consumer = context.createSharedDurableConsumer(context.createTopic(topic), subscription)) {
            return next(consumer);
        }
    }

    @Override
    public Headers ask(String queue, String question) {
        try {
            Message message = context.createTextMessage(question);
            message.setJMSReplyTo(answers);
            context.createProducer().send(context.createQueue(queue), message);
            return JakartaMessages.headers(message);
        } catch (JMSException e) {
            throw new IllegalStateException("cannot ask " + question, e);
        }
    }

    @Override
    public void answer(String queue, String answer) {
        try (JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            Message question = consumer.receive(WAIT_MS);
            context.createProducer()
                    .setJMSCorrelationID(question.getJMSMessageID())
                    .send(question.getJMSReplyTo(), answer + " to " + question.getBody(String.class));
        } catch (JMSException e) {
            throw new IllegalStateException("cannot answer " + answer, e);
        }
    }

    @Override
    public Letter awaitAnswer() {
        try (JMSConsumer consumer = context.createConsumer(answers)) {
            return next(consumer);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    private static Letter next(JMSConsumer consumer) {
        try {
            Message message = consumer.receive(WAIT_MS);
            if (message == null) {
                throw new IllegalStateException("nothing came within " + WAIT_MS + " ms");
            }
            return JakartaMessages.read(message);
        } catch (JMSException e) {
            throw new IllegalStateException("cannot read what came", e);
        }
    }
}
