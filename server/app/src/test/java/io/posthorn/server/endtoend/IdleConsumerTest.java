package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A consumer that fetched ahead and does nothing keeps nothing from others. */
@Timeout(60)
class IdleConsumerTest {

    private static final int WAIT_MS = 10_000;
    private static final int MESSAGES = 50;

    @TempDir
    private Path folder;

    private Site site;
    private Session session;
    private Queue queue;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder);
        session = site.connect().createSession();
        queue = session.createQueue("idle");
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private void send() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        for (int number = 0; number < MESSAGES; number++) {
            producer.send(session.createTextMessage("m" + number));
        }
    }

    private static List<String> numbered(int from) {
        return IntStream.range(from, MESSAGES).mapToObj(number -> "m" + number).toList();
    }

    @Test
    void shouldGiveAllToWhoeverReceivesWhenAnOpenConsumerNeverDoes() throws Exception {
        Session other = site.connect().createSession();
        MessageConsumer never = other.createConsumer(queue);
        send();
        MessageConsumer consumer = session.createConsumer(queue);

        List<String> received = new ArrayList<>();
        for (int count = 0; count < MESSAGES; count++) {
            Message message = consumer.receive(WAIT_MS);
            assertThat(message).as("message %s", count).isNotNull();
            assertThat(message.getJMSRedelivered()).isFalse();
            assertThat(message.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
            received.add(message.getBody(String.class));
        }

        assertThat(received).containsExactlyInAnyOrderElementsOf(numbered(0));
        session.createProducer(queue).send(session.createTextMessage("late"));
        consumer.close();
        assertThat(never.receive(WAIT_MS).getBody(String.class)).isEqualTo("late");
    }

    @Test
    void shouldLeaveWithAListenerThatIsBusyOnlyWhatItIsBusyWith() throws Exception {
        Connection connection = site.connect();
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> listened = new CopyOnWriteArrayList<>();
        connection.createSession().createConsumer(queue).setMessageListener(message -> {
            try {
                listened.add(message.getBody(String.class));
                goOn.await();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        send();
        await().until(() -> listened.size() == 1);

        List<String> received = new ArrayList<>();
        MessageConsumer consumer = session.createConsumer(queue);
        while (received.size() < MESSAGES - 1) {
            received.add(consumer.receive(WAIT_MS).getBody(String.class));
        }
        consumer.close();
        session.createProducer(queue).send(session.createTextMessage("late"));
        goOn.countDown();

        await().until(() -> listened.size() == 2);
        assertThat(listened).containsExactly("m0", "late");
        assertThat(received).containsExactlyInAnyOrderElementsOf(numbered(1));
    }
}
