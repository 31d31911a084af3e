package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.fake.FakeServer;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that come and go, and a connection that stops and starts, while messages flow. */
@Timeout(60)
class ConcurrencyTest {

    private static final int MESSAGES = 3000;

    private final FakeServer server = new FakeServer();
    private final PosthornQueue queue = new PosthornQueue("q");
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final CountDownLatch all = new CountDownLatch(MESSAGES);

    @Test
    void shouldHandOverEachMessageOnceWhateverHappensAround() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PosthornConnection connection = Opened.connection(server);
        connection.start();
        List<Session> sessions = new ArrayList<>();
        List<MessageConsumer> consumers = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            sessions.add(connection.createSession(index % 2 == 0 ? 1 : 3));
            consumers.add(listen(sessions.get(index)));
        }
        Session sending = Opened.connection(server).createSession();

        for (int count = 0; count < MESSAGES; count++) {
            sending.createProducer(queue).send(sending.createTextMessage("m" + count));
            if (count % 50 == 0) {
                disturb(connection, sessions, consumers, random);
            }
        }
        connection.start();

        all.await();
        assertThat(seen)
                .hasSize(MESSAGES)
                .allSatisfy((text, times) -> assertThat(times).isEqualTo(1));
        connection.close();
        assertThat(server.depth(queue.address())).isZero();
    }

    private void disturb(
            PosthornConnection connection, List<Session> sessions, List<MessageConsumer> consumers, Random random)
            throws Exception {
        int which = random.nextInt(sessions.size());
        switch (random.nextInt(5)) {
            case 0 -> connection.stop();
            case 1 -> connection.start();
            case 2 -> {
                consumers.get(which).close();
                consumers.set(which, listen(sessions.get(which)));
            }
            case 3 -> {
                sessions.get(which).close();
                sessions.set(which, connection.createSession(random.nextBoolean() ? 1 : 3));
                consumers.set(which, listen(sessions.get(which)));
            }
            default -> {
                consumers.get(which).setMessageListener(null);
                consumers.get(which).setMessageListener(message -> note((TextMessage) message));
            }
        }
    }

    private MessageConsumer listen(Session session) throws Exception {
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.setMessageListener(message -> note((TextMessage) message));
        return consumer;
    }

    private void note(TextMessage message) {
        ConnectionTest.run(() -> seen.merge(message.getText(), 1, Integer::sum));
        all.countDown();
    }
}
