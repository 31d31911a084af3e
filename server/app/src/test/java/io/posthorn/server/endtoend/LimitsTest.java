package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.TransactionRolledBackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Senders to a queue that holds three messages at most, and what becomes of messages that are tried too often. */
@Timeout(60)
class LimitsTest {

    private static final long WAIT_MS = 20_000;

    private static final String DESTINATIONS = """
            destinations=[
              {match: small, messages-max: 3, when-full: block},
              {match: strict, messages-max: 3, when-full: fail},
              {match: picky, redelivery-max: 2, redelivery-delay: 0s, dead-letter-queue: dead},
              {match: patient, redelivery-at-once: 1, redelivery-delay: 300ms}]""";

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Site site;
    private Connection connection;
    private Session session;
    private Queue small;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder, DESTINATIONS.replace("\n", " "), "memory.transactions=1MiB");
        connection = site.connect();
        session = connection.createSession();
        small = session.createQueue("small");
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        site.close();
    }

    private static void send(Session of, Queue to, String text) throws JMSException {
        try (MessageProducer producer = of.createProducer(to)) {
            producer.send(of.createTextMessage(text));
        }
    }

    private void fill(Queue queue) throws JMSException {
        for (int number = 0; number < 3; number++) {
            send(session, queue, "m" + number);
        }
    }

    private static List<String> receive(MessageConsumer consumer, int count) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            TextMessage message = (TextMessage) consumer.receive(WAIT_MS);
            assertThat(message).as("after " + texts).isNotNull();
            texts.add(message.getText());
        }
        return texts;
    }

    @Test
    void shouldLetASenderWaitUntilThereIsRoom() throws Exception {
        fill(small);
        Session waiting = connection.createSession();
        Future<?> sent = threads.submit(() -> {
            send(waiting, small, "m3");
            return null;
        });
        // other sessions of the connection go on
        Queue other = session.createQueue("other");
        send(session, other, "beside");
        assertThat(receive(session.createConsumer(other), 1)).containsExactly("beside");
        assertThat(sent.isDone()).isFalse();

        MessageConsumer consumer = session.createConsumer(small);
        assertThat(receive(consumer, 1)).containsExactly("m0");
        sent.get(WAIT_MS, TimeUnit.MILLISECONDS);
        assertThat(receive(consumer, 3)).containsExactly("m1", "m2", "m3");
    }

    @Test
    void shouldGoOnAtOnceAlsoWhenTheServerWasStartedAgain() throws Exception {
        fill(small);
        Connection resuming = site.connect("?initialReconnectDelay=10&maxReconnectDelay=100");
        Session waiting = resuming.createSession();
        Future<?> sent = threads.submit(() -> {
            send(waiting, small, "m3");
            return null;
        });
        await().until(() -> !sent.isDone());
        site.restart();
        MessageConsumer consumer = resuming.createSession().createConsumer(small);
        assertThat(receive(consumer, 1)).containsExactly("m0");
        sent.get(3, TimeUnit.SECONDS);
        assertThat(receive(consumer, 3)).containsExactly("m1", "m2", "m3");
    }

    @Test
    void shouldRollBackATransactionThatTakesTooMuchOfTheServersMemory() throws Exception {
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        Queue queue = transacted.createQueue("transacted");
        assertThatThrownBy(() -> {
                    for (int number = 0; number < 10_000; number++) {
                        send(transacted, queue, "too much " + number);
                    }
                    transacted.commit();
                })
                .isInstanceOf(TransactionRolledBackException.class)
                .hasMessageContainingAll("memory.transactions is 1048576", "Commit more often");
        send(transacted, queue, "a little");
        transacted.commit();
        assertThat(receive(session.createConsumer(queue), 1)).containsExactly("a little");
    }

    @Test
    void shouldFailASendThatHasWaitedAsLongAsItMayAndSayWhy() throws Exception {
        fill(small);
        Session impatient = site.connect("?requestTimeout=500ms").createSession();
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> send(impatient, small, "never"))
                    .isInstanceOf(ResourceAllocationException.class)
                    .hasMessageContainingAll(
                            "queue 'small' is full since 20", "messages-max is 3", "500 ms (requestTimeout)");
        }
        MessageConsumer consumer = session.createConsumer(small);
        assertThat(receive(consumer, 3)).containsExactly("m0", "m1", "m2");
        send(impatient, small, "at last");
        assertThat(receive(consumer, 1)).containsExactly("at last");
    }

    @Test
    void shouldFailAtOnceWhereThatIsAskedFor() throws Exception {
        Queue strict = session.createQueue("strict");
        fill(strict);
        assertThatThrownBy(() -> send(session, strict, "never"))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageContainingAll("queue 'strict' is full since 20", "messages-max is 3");
    }

    @Test
    void shouldKeepTheOrderOfAsynchronousSendsThatWait() throws Exception {
        Session sending = connection.createSession();
        MessageProducer producer = sending.createProducer(small);
        ConcurrentLinkedQueue<String> outcomes = new ConcurrentLinkedQueue<>();
        Future<?> all = threads.submit(() -> {
            for (int number = 0; number < 50; number++) {
                producer.send(sending.createTextMessage("m" + number), new Noting(outcomes));
            }
            return null;
        });
        MessageConsumer consumer = session.createConsumer(small);
        assertThat(receive(consumer, 50)).isEqualTo(numbered(50));
        all.get(WAIT_MS, TimeUnit.MILLISECONDS);
        await().until(() -> outcomes.size() == 50);
        assertThat(outcomes).containsExactlyElementsOf(numbered(50));
        assertThat(consumer.receive(100)).isNull();
    }

    @Test
    void shouldTellTheListenerOfAnAsynchronousSendThatWaitedInVain() throws Exception {
        fill(small);
        Session sending = site.connect("?requestTimeout=500ms").createSession();
        CompletableFuture<Exception> failure = new CompletableFuture<>();
        sending.createProducer(small).send(sending.createTextMessage("never"), new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                failure.complete(null);
            }

            @Override
            public void onException(Message message, Exception exception) {
                failure.complete(exception);
            }
        });
        assertThat(failure.get(WAIT_MS, TimeUnit.MILLISECONDS))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageContaining("messages-max is 3");
    }

    @Test
    void shouldLoseNoneOfTheMessagesThatNobodyWaitsFor() throws Exception {
        Session sending = connection.createSession();
        Future<?> all = threads.submit(() -> {
            MessageProducer producer = sending.createProducer(small);
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            for (int number = 0; number < 200; number++) {
                producer.send(sending.createTextMessage("m" + number));
            }
            return null;
        });
        assertThat(receive(session.createConsumer(small), 200)).isEqualTo(numbered(200));
        all.get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldGoOnWaitingOverARestartOfTheServer() throws Exception {
        fill(small);
        Session waiting = connection.createSession();
        Future<?> sent = threads.submit(() -> {
            send(waiting, small, "m3");
            return null;
        });
        Connection asynchronous = site.connect();
        Session sending = asynchronous.createSession();
        MessageProducer producer = sending.createProducer(session.createQueue("small"));
        ConcurrentLinkedQueue<String> outcomes = new ConcurrentLinkedQueue<>();
        Future<?> others = threads.submit(() -> {
            for (int number = 4; number < 10; number++) {
                producer.send(sending.createTextMessage("m" + number), new Noting(outcomes));
            }
            return null;
        });
        site.restart();
        assertThat(sent.isDone()).isFalse();
        List<String> received = receive(session.createConsumer(small), 10);
        sent.get(WAIT_MS, TimeUnit.MILLISECONDS);
        others.get(WAIT_MS, TimeUnit.MILLISECONDS);
        assertThat(received).containsExactlyInAnyOrderElementsOf(numbered(10));
        received.remove("m3");
        assertThat(received).isSorted();
    }

    @Test
    void shouldLetACommitWaitAndRollItBackWhenThatWasInVain() throws Exception {
        fill(small);
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        send(transacted, small, "m3");
        send(transacted, session.createQueue("other"), "beside");
        Future<?> committed = threads.submit(() -> {
            transacted.commit();
            return null;
        });
        MessageConsumer consumer = session.createConsumer(small);
        assertThat(receive(consumer, 4)).isEqualTo(numbered(4));
        committed.get(WAIT_MS, TimeUnit.MILLISECONDS);
        consumer.close();

        fill(small);
        Session impatient = site.connect("?requestTimeout=500ms").createSession(Session.SESSION_TRANSACTED);
        send(impatient, small, "never");
        send(impatient, session.createQueue("other"), "never beside");
        assertThatThrownBy(impatient::commit)
                .isInstanceOf(TransactionRolledBackException.class)
                .hasMessageContainingAll("messages-max is 3", "500 ms (requestTimeout)");
        impatient.commit();
        assertThat(receive(session.createConsumer(session.createQueue("other")), 1))
                .containsExactly("beside");
        assertThat(receive(session.createConsumer(small), 3)).isEqualTo(numbered(3));
    }

    @Test
    void shouldTellWhoIsClosedThatItsMessageWasNotSent() throws Exception {
        fill(small);
        Connection closing = site.connect();
        Session waiting = closing.createSession();
        Future<?> sent = threads.submit(() -> {
            send(waiting, small, "never");
            return null;
        });
        await().until(() -> !sent.isDone());
        closing.close();
        assertThatThrownBy(() -> sent.get(WAIT_MS, TimeUnit.MILLISECONDS)).hasCauseInstanceOf(JMSException.class);
        assertThat(receive(session.createConsumer(small), 3)).isEqualTo(numbered(3));
    }

    @Test
    void shouldSayOnADeadLetterWhereItCameFromAndWhy() throws Exception {
        Queue picky = session.createQueue("picky");
        send(session, picky, "poison");
        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = transacted.createConsumer(picky);
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(consumer.receive(WAIT_MS).getIntProperty("JMSXDeliveryCount"))
                    .isEqualTo(attempt);
            transacted.rollback();
        }
        Message letter = session.createConsumer(session.createQueue("dead")).receive(WAIT_MS);
        assertThat(letter.getBody(String.class)).isEqualTo("poison");
        assertThat(letter.getStringProperty("JMS_POSTHORN_ORIGIN")).isEqualTo("queue 'picky'");
        assertThat(letter.getStringProperty("JMS_POSTHORN_REASON")).isEqualTo("attempts");
        assertThat(letter.getStringProperty("JMS_POSTHORN_CAUSE")).isEqualTo("delivered 2 times without success");
        assertThat(letter.getIntProperty("JMS_POSTHORN_ATTEMPTS")).isEqualTo(2);
        assertThat(letter.getLongProperty("JMS_POSTHORN_TIME")).isPositive();
    }

    @Test
    void shouldDelayWhatAListenerFailsAtFromTheThirdAttemptOn() throws Exception {
        Queue patient = session.createQueue("patient");
        List<Long> times = new ArrayList<>();
        ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Session listening = connection.createSession();
        listening.createConsumer(patient).setMessageListener(message -> {
            try {
                if (message.getBody(String.class).equals("poison")) {
                    times.add(System.nanoTime());
                    if (times.size() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    done.complete(null);
                } else {
                    others.add(message.getBody(String.class));
                }
            } catch (JMSException e) {
                done.completeExceptionally(e);
            }
        });
        send(session, patient, "poison");
        send(session, patient, "good");
        done.get(WAIT_MS, TimeUnit.MILLISECONDS);
        assertThat(Duration.ofNanos(times.get(2) - times.get(1))).isGreaterThan(Duration.ofMillis(250));
        assertThat(others).containsExactly("good");
    }

    private static List<String> numbered(int count) {
        List<String> texts = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            texts.add("m" + number);
        }
        return texts;
    }

    /** Notes which messages were sent, and what went wrong. */
    private record Noting(ConcurrentLinkedQueue<String> outcomes) implements CompletionListener {

        @Override
        public void onCompletion(Message message) {
            try {
                outcomes.add(message.getBody(String.class));
            } catch (JMSException e) {
                outcomes.add(e.toString());
            }
        }

        @Override
        public void onException(Message message, Exception exception) {
            outcomes.add(exception.toString());
        }
    }
}
