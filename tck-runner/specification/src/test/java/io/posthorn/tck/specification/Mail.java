package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Site.WAIT_MS;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.IntStream;

/** Text messages that are sent and received by their texts. Knows no thread: the session's rules are the caller's. */
final class Mail {

    private Mail() {}

    static void send(Session session, Destination destination, String... texts) throws JMSException {
        send(session, destination, List.of(texts));
    }

    static void send(Session session, Destination destination, List<String> texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(destination)) {
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    /** Waits for a message, which must come. */
    static Message receive(MessageConsumer consumer) throws JMSException {
        Message message = consumer.receive(WAIT_MS);
        assertThat(message).as("a message within %d ms", WAIT_MS).isNotNull();
        return message;
    }

    /** Waits for so many messages, in the order in which they come. */
    static List<String> receive(MessageConsumer consumer, int count) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            texts.add(text(receive(consumer)));
        }
        return texts;
    }

    /** All that is there, in the order in which it comes. */
    static List<String> drain(MessageConsumer consumer) throws JMSException {
        List<String> texts = new ArrayList<>();
        Message message = consumer.receiveNoWait();
        while (message != null) {
            texts.add(text(message));
            message = consumer.receiveNoWait();
        }
        return texts;
    }

    /** All that is on the queue, taken by a consumer that comes and goes. */
    static List<String> drain(Session session, Queue queue) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            return drain(consumer);
        }
    }

    static List<String> browse(Session session, Queue queue, String selector) throws JMSException {
        List<String> texts = new ArrayList<>();
        try (QueueBrowser browser = session.createBrowser(queue, selector)) {
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                texts.add(text((Message) messages.nextElement()));
            }
        }
        return texts;
    }

    /** Also where a checked exception has no way out. */
    static String text(Message message) {
        try {
            return message.getBody(String.class);
        } catch (JMSException e) {
            throw new IllegalStateException("A message without a text", e);
        }
    }

    static int deliveryCount(Message message) {
        try {
            return message.getIntProperty("JMSXDeliveryCount");
        } catch (JMSException e) {
            throw new IllegalStateException("A message without a delivery count", e);
        }
    }

    /** Its text, the count of its deliveries, and whether it is flagged as delivered before: {@code "a 2 again"}. */
    static String story(Message message) throws JMSException {
        return text(message) + " " + deliveryCount(message) + (message.getJMSRedelivered() ? " again" : " first");
    }

    /** {@code from} and the numbers up to {@code to}, as texts. */
    static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }
}
