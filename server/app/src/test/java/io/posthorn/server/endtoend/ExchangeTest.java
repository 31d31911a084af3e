package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What applications do all day. */
@Timeout(60)
class ExchangeTest {

    private static final int WAIT_MS = 10_000;
    private static final int LARGE_BYTES = 5 << 20;

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    @Test
    void shouldDeliverByPriorityAndInOrderWithinOne() throws Exception {
        Session session = site.connect().createSession();
        Queue queue = session.createQueue("priorities");
        MessageProducer producer = session.createProducer(queue);
        for (int priority : new int[] {4, 9, 0, 4, 9}) {
            producer.setPriority(priority);
            producer.send(session.createTextMessage("p" + priority));
        }

        assertThat(receiveAll(session.createConsumer(queue))).containsExactly("p9", "p9", "p4", "p4", "p0");
    }

    @Test
    void shouldNotDeliverWhatHasExpired() throws Exception {
        Session session = site.connect().createSession();
        Queue queue = session.createQueue("expiry");
        MessageProducer producer = session.createProducer(queue);
        producer.setTimeToLive(50);
        producer.send(session.createTextMessage("short-lived"));
        producer.setTimeToLive(0);
        producer.send(session.createTextMessage("lasting"));

        await().until(() -> count(session.createBrowser(queue)) == 1);
        assertThat(receiveAll(session.createConsumer(queue))).containsExactly("lasting");
    }

    @Test
    void shouldHoldADelayedMessageUntilItIsDueAlsoOverARestart() throws Exception {
        Session session = site.connect().createSession();
        Queue queue = session.createQueue("delays");
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryDelay(1_500);
        Message delayed = session.createTextMessage("late");
        producer.send(delayed);
        producer.setDeliveryDelay(0);
        producer.send(session.createTextMessage("early"));

        MessageConsumer consumer = session.createConsumer(queue);
        assertThat(receiveAll(consumer)).containsExactly("early");
        site.restart();
        Message received = consumer.receive(WAIT_MS);

        assertThat(received.getBody(String.class)).isEqualTo("late");
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(delayed.getJMSDeliveryTime());
        assertThat(received.getJMSDeliveryTime()).isEqualTo(delayed.getJMSDeliveryTime());
    }

    @Test
    void shouldShowMessagesToABrowserAndLeaveThem() throws Exception {
        Session session = site.connect().createSession();
        Queue queue = session.createQueue("browsed");
        MessageProducer producer = session.createProducer(queue);
        for (int number = 0; number < 10; number++) {
            Message message = session.createTextMessage("" + number);
            message.setIntProperty("number", number);
            producer.send(message);
        }

        assertThat(count(session.createBrowser(queue, "number > 6"))).isEqualTo(3);
        assertThat(count(session.createBrowser(queue))).isEqualTo(10);
        assertThat(receiveAll(session.createConsumer(queue))).hasSize(10);
    }

    @Test
    void shouldSelectOnQueueAndTopic() throws Exception {
        Session session = site.connect().createSession();
        Queue queue = session.createQueue("selected");
        Topic topic = session.createTopic("selected");
        MessageConsumer red = session.createConsumer(topic, "colour = 'red' AND weight BETWEEN 2 AND 4");
        for (var destination : List.of(queue, topic)) {
            for (int weight = 1; weight <= 4; weight++) {
                for (String colour : List.of("red", "blue")) {
                    Message message = session.createTextMessage(colour + weight);
                    message.setStringProperty("colour", colour);
                    message.setIntProperty("weight", weight);
                    session.createProducer(destination).send(message);
                }
            }
        }

        assertThat(receiveAll(red)).containsExactly("red2", "red3", "red4");
        assertThat(receiveAll(session.createConsumer(queue, "weight < 2"))).containsExactly("red1", "blue1");
        assertThat(receiveAll(session.createConsumer(queue))).hasSize(6);
    }

    @Test
    void shouldAnswerRequestsOverATemporaryQueue() throws Exception {
        Session serving = site.connect().createSession();
        Queue requests = serving.createQueue("requests");
        MessageProducer answers = serving.createProducer(null);
        List<Exception> failed = new CopyOnWriteArrayList<>();
        serving.createConsumer(requests).setMessageListener(request -> {
            try {
                Message answer = serving.createTextMessage("re " + request.getBody(String.class));
                answer.setJMSCorrelationID(request.getJMSMessageID());
                answers.send(request.getJMSReplyTo(), answer);
            } catch (Exception e) {
                failed.add(e);
            }
        });
        Session asking = site.connect().createSession();
        TemporaryQueue mine = asking.createTemporaryQueue();
        MessageConsumer consumer = asking.createConsumer(mine);
        for (int number = 0; number < 20; number++) {
            Message request = asking.createTextMessage("" + number);
            request.setJMSReplyTo(mine);
            asking.createProducer(requests).send(request);
            Message answer = consumer.receive(WAIT_MS);
            assertThat(answer.getBody(String.class)).isEqualTo("re " + number);
            assertThat(answer.getJMSCorrelationID()).isEqualTo(request.getJMSMessageID());
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void shouldKeepDurableAndSharedSubscriptionsOverARestart() throws Exception {
        Connection reading = site.connect("?clientID=reader");
        Session session = reading.createSession();
        Topic topic = session.createTopic("news");
        session.createDurableConsumer(topic, "one").close();
        session.createSharedDurableConsumer(topic, "shared", "urgent = TRUE").close();
        reading.close();
        publish(topic, "1", true);
        publish(topic, "2", false);

        site.restart();

        Session again = site.connect("?clientID=reader").createSession();
        assertThat(receiveAll(again.createDurableConsumer(topic, "one"))).containsExactly("1", "2");
        MessageConsumer shared = again.createSharedDurableConsumer(topic, "shared", "urgent = TRUE");
        assertThat(receiveAll(shared)).containsExactly("1");
        shared.close();
        again.unsubscribe("shared");
        publish(topic, "3", true);
        assertThat(receiveAll(again.createSharedDurableConsumer(topic, "shared", "urgent = TRUE")))
                .isEmpty();
    }

    private void publish(Topic topic, String text, boolean urgent) throws Exception {
        Session session = site.connect().createSession();
        Message message = session.createTextMessage(text);
        message.setBooleanProperty("urgent", urgent);
        session.createProducer(topic).send(message);
    }

    @Test
    void shouldCompleteAsynchronousSendsInOrder() throws Exception {
        Session session = site.connect().createSession();
        MessageProducer producer = session.createProducer(session.createQueue("async"));
        List<String> completed = new CopyOnWriteArrayList<>();
        List<Exception> failed = new CopyOnWriteArrayList<>();
        for (int number = 0; number < 500; number++) {
            producer.send(session.createTextMessage("" + number), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    try {
                        completed.add(message.getBody(String.class));
                    } catch (Exception e) {
                        failed.add(e);
                    }
                }

                @Override
                public void onException(Message message, Exception exception) {
                    failed.add(exception);
                }
            });
        }
        session.close();

        assertThat(failed).isEmpty();
        assertThat(completed)
                .isEqualTo(IntStream.range(0, 500).mapToObj(Integer::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?useCompression=true", "?prefetch=0"})
    void shouldCarryLargeMessagesWithSmallOnesBetween(String options) throws Exception {
        byte[] noise = new byte[LARGE_BYTES];
        new Random(LARGE_BYTES).nextBytes(noise);
        String text = "compressible ".repeat(LARGE_BYTES / 13);
        Session session = site.connect(options).createSession();
        Queue queue = session.createQueue("large");
        MessageProducer producer = session.createProducer(queue);
        BytesMessage bytes = session.createBytesMessage();
        bytes.writeBytes(noise);
        producer.send(bytes);
        producer.send(session.createTextMessage("small"));
        producer.send(session.createTextMessage(text));

        MessageConsumer consumer = session.createConsumer(queue);
        assertThat(consumer.receive(WAIT_MS).getBody(byte[].class)).isEqualTo(noise);
        assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("small");
        assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo(text);
    }

    @Test
    void shouldReturnFromAReceiveWhenItsConnectionIsClosed() throws Exception {
        Connection connection = site.connect();
        MessageConsumer consumer = connection
                .createSession()
                .createConsumer(connection.createSession().createQueue("empty"));
        List<Object> results = new CopyOnWriteArrayList<>();
        Thread receiver = new Thread(
                () -> {
                    try {
                        results.add(consumer.receive() == null ? "null" : "message");
                    } catch (Exception e) {
                        results.add(e);
                    }
                },
                "receiver");
        receiver.start();
        await().until(() ->
                receiver.getState() == Thread.State.WAITING || receiver.getState() == Thread.State.TIMED_WAITING);

        connection.close();

        receiver.join(Duration.ofSeconds(10).toMillis());
        assertThat(results).containsExactly("null");
    }

    private static int count(QueueBrowser browser) throws JMSException {
        int count = 0;
        for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); all.nextElement()) {
            count++;
        }
        return count;
    }

    private static List<String> receiveAll(MessageConsumer consumer) throws Exception {
        List<String> texts = new ArrayList<>();
        for (Message message; (message = consumer.receiveNoWait()) != null; ) {
            texts.add(message.getBody(String.class));
        }
        return texts;
    }
}
