package io.posthorn.tck.resumption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.LinkProxy;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes on after a break as if nothing had been. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumptionTest {

    private static final int WAIT_MS = 20_000;

    private Rig rig;
    private int nameCount;

    @BeforeAll
    void start(@TempDir Path home) {
        rig = new Rig(home);
    }

    @AfterEach
    void noConnectionWasLost() throws JMSException {
        assertThat(rig.lost()).isEmpty();
        rig.closeConnections();
    }

    @AfterAll
    void stop() throws JMSException {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldCompleteAsynchronousSendsInOrder(Break kind) throws Exception {
        Session session = rig.connect().createSession();
        Queue queue = session.createQueue(name());
        MessageProducer producer = session.createProducer(queue);
        List<String> completed = new CopyOnWriteArrayList<>();
        List<Exception> failed = new CopyOnWriteArrayList<>();
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                completed.add(text(message));
            }

            @Override
            public void onException(Message message, Exception exception) {
                failed.add(exception);
            }
        };
        for (int number = 0; number < 200; number++) {
            producer.send(session.createTextMessage("" + number), listener);
            if (number == 100) {
                kind.happen(rig);
            }
        }

        List<String> all = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        await().until(() -> completed.size() + failed.size() == 200);
        assertThat(failed).isEmpty();
        assertThat(completed).isEqualTo(all);
        assertThat(receiveAll(session.createConsumer(queue))).isEqualTo(all);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithAnOpenTransaction(Break kind) throws Exception {
        Session session = rig.connect().createSession(Session.SESSION_TRANSACTED);
        Queue from = session.createQueue(name());
        Queue to = session.createQueue(name());
        send(from, "1", "2", "3", "4");
        MessageConsumer consumer = session.createConsumer(from);
        MessageProducer producer = session.createProducer(to);

        producer.send(consumer.receive(WAIT_MS));
        producer.send(consumer.receive(WAIT_MS));
        kind.happen(rig);
        producer.send(consumer.receive(WAIT_MS));
        session.commit();
        assertThat(text(consumer.receive(WAIT_MS))).isEqualTo("4");
        kind.happen(rig);
        session.rollback();

        Message again = consumer.receive(WAIT_MS);
        assertThat(text(again)).isEqualTo("4");
        assertThat(again.getJMSRedelivered()).isTrue();
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
        session.commit();
        assertThat(receiveAll(rig.connect().createSession().createConsumer(to))).containsExactly("1", "2", "3");
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepWhatAClientAcknowledgingSessionHolds(Break kind) throws Exception {
        Session session = rig.connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = session.createQueue(name());
        send(queue, "1", "2", "3");
        MessageConsumer consumer = session.createConsumer(queue);

        assertThat(text(consumer.receive(WAIT_MS))).isEqualTo("1");
        Message second = consumer.receive(WAIT_MS);
        kind.happen(rig);
        assertThat(text(consumer.receive(WAIT_MS))).isEqualTo("3");
        second.acknowledge();

        assertThat(consumer.receiveNoWait()).isNull();
        session.recover();
        assertThat(consumer.receiveNoWait()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldNotRepeatWhatAnAutoAcknowledgingConsumerHasHad(Break kind) throws Exception {
        Session session = rig.connect().createSession();
        Queue queue = session.createQueue(name());
        send(queue, "1", "2", "3");
        MessageConsumer consumer = session.createConsumer(queue);

        assertThat(text(consumer.receive(WAIT_MS))).isEqualTo("1");
        kind.happen(rig);
        assertThat(text(consumer.receive(WAIT_MS))).isEqualTo("2");
        kind.happen(rig);

        assertThat(receiveAll(consumer)).containsExactly("3");
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldGoOnCallingAListenerInOrder(Break kind) throws Exception {
        Session session = rig.connect().createSession();
        Queue queue = session.createQueue(name());
        ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
        CountDownLatch broken = new CountDownLatch(1);
        session.createConsumer(queue).setMessageListener(message -> {
            heard.add(text(message));
            if (heard.size() == 50) {
                awaitQuietly(broken);
            }
        });
        List<String> all = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
        send(queue, all.toArray(new String[0]));

        await().until(() -> heard.size() == 50);
        kind.happen(rig);
        broken.countDown();

        await().until(() -> heard.size() >= 100);
        assertThat(heard).containsExactlyElementsOf(all);
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldAnswerOverATemporaryQueueOfBefore(Break kind) throws Exception {
        Session asking = rig.connect().createSession();
        Session answering = rig.connect().createSession();
        Queue questions = asking.createQueue(name());
        TemporaryQueue answers = asking.createTemporaryQueue();
        MessageConsumer answer = asking.createConsumer(answers);
        MessageConsumer question = answering.createConsumer(questions);
        Message asked = asking.createTextMessage("?");
        asked.setJMSReplyTo(answers);
        asking.createProducer(questions).send(asked);

        kind.happen(rig);
        // Its connection has to be back before a restarted server knows the temporary queue again.
        assertThat(answer.receiveNoWait()).isNull();
        Message received = question.receive(WAIT_MS);
        answering.createProducer(received.getJMSReplyTo()).send(answering.createTextMessage("!"));

        assertThat(text(answer.receive(WAIT_MS))).isEqualTo("!");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithSubscriptions(Break kind) throws Exception {
        Connection connection = rig.factory("").createConnection();
        connection.setClientID(name());
        Session session = rig.opened(connection).createSession();
        Topic topic = session.createTopic(name());
        MessageConsumer plain = session.createConsumer(topic, "colour = 'red'");
        MessageConsumer durable = session.createDurableConsumer(topic, "durable");
        MessageConsumer shared = session.createSharedConsumer(topic, "shared");
        MessageConsumer sharedDurable = session.createSharedDurableConsumer(topic, "shared-durable");

        kind.happen(rig);
        assertThat(plain.receiveNoWait()).isNull();
        Session sending = rig.connectDirectly().createSession();
        for (String colour : List.of("red", "blue")) {
            Message message = sending.createTextMessage(colour);
            message.setStringProperty("colour", colour);
            sending.createProducer(topic).send(message);
        }

        assertThat(receiveAll(plain)).containsExactly("red");
        for (MessageConsumer consumer : List.of(durable, shared, sharedDurable)) {
            assertThat(receiveAll(consumer)).containsExactly("red", "blue");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldKeepForADurableSubscriptionWhatCameInTheMeantime(Break kind) throws Exception {
        Connection connection = rig.factory("").createConnection();
        connection.setClientID(name());
        Session session = rig.opened(connection).createSession();
        Topic topic = session.createTopic(name());
        session.createDurableConsumer(topic, "away").close();

        send(topic, "1");
        kind.happen(rig);
        send(topic, "2");

        assertThat(receiveAll(session.createDurableConsumer(topic, "away"))).containsExactly("1", "2");
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "CUT_AGAIN_DURING_THE_RESUMPTION"})
    void shouldNotLoseNonPersistentMessagesWithTheLink(Break kind) throws Exception {
        Session session = rig.connect().createSession();
        Queue queue = session.createQueue(name());
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        for (int number = 0; number < 20; number++) {
            producer.send(session.createTextMessage("" + number));
            if (number == 10) {
                kind.happen(rig);
            }
        }

        assertThat(receiveAll(session.createConsumer(queue)))
                .isEqualTo(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldFlagWhatComesAgainFromAConnectionThatWasClosed(Break kind) throws Exception {
        Queue queue = rig.connect().createSession().createQueue(name());
        send(queue, "seen");
        Connection dying = rig.connect("&reconnectTimeout=1s&maxReconnectAttempts=0");
        Session session = dying.createSession(Session.SESSION_TRANSACTED);
        assertThat(session.createConsumer(queue).receive(WAIT_MS)).isNotNull();
        dying.close();
        kind.happen(rig);

        Message again = rig.connect().createSession().createConsumer(queue).receive(WAIT_MS);
        assertThat(again.getJMSRedelivered()).isTrue();
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
    }

    @Test
    void shouldMoveOnToTheNextAddressOfTheUrl() throws Exception {
        try (LinkProxy other = new LinkProxy(rig.server().port())) {
            Connection connection = rig.opened(new PosthornConnectionFactory("tcp://127.0.0.1:"
                            + rig.proxy().port() + ",127.0.0.1:" + other.port()
                            + "?initialReconnectDelay=10&maxReconnectDelay=100")
                    .createConnection());
            Session session = connection.createSession();
            Queue queue = session.createQueue(name());
            session.createProducer(queue).send(session.createTextMessage("1"));
            assertThat(other.linkCount()).isZero();

            rig.proxy().refuse(true);
            rig.proxy().cut();
            session.createProducer(queue).send(session.createTextMessage("2"));

            assertThat(other.linkCount()).isEqualTo(1);
            assertThat(receiveAll(session.createConsumer(queue))).containsExactly("1", "2");
        } finally {
            rig.lost().clear();
        }
    }

    private void send(jakarta.jms.Destination destination, String... texts) throws JMSException {
        try (Connection connection = rig.directFactory().createConnection()) {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(destination);
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    /** All that is there. */
    private static List<String> receiveAll(MessageConsumer consumer) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Message message; (message = consumer.receiveNoWait()) != null; ) {
            texts.add(text(message));
        }
        return texts;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Message message) {
        try {
            return ((TextMessage) message).getText();
        } catch (JMSException e) {
            throw new IllegalStateException("A text message without a text", e);
        }
    }

    private String name() {
        return "resumption-" + ++nameCount;
    }
}
