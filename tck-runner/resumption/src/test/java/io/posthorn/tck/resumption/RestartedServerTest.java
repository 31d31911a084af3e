package io.posthorn.tck.resumption;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server that is started again does not know by itself. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartedServerTest {

    private static final int WAIT_MS = 20_000;

    /** How often the server is killed right behind an acknowledgement that nobody waits for. */
    private static final int KILLS = 3;

    private Rig rig;

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

    @Test
    void shouldNotDeliverAgainWhatWasAcknowledgedRightBeforeTheEnd() throws Exception {
        Session session = rig.connectDirectly().createSession();
        Queue queue = session.createQueue("acknowledged");
        MessageProducer producer = session.createProducer(queue);
        Session receiving = rig.connectDirectly().createSession();
        MessageConsumer consumer = receiving.createConsumer(queue);
        int sent = 0;
        int received = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            sent = send(session, producer, sent, 10);
            received = receive(consumer, received, 5);
            rig.server().kill();
            CompletableFuture<Void> back = CompletableFuture.runAsync(rig.server()::restart);
            sent = send(session, producer, sent, 10);
            received = receive(consumer, received, 15);
            back.get(WAIT_MS, TimeUnit.MILLISECONDS);
        }
        assertThat(consumer.receiveNoWait()).isNull();
    }

    private static int send(Session session, MessageProducer producer, int from, int count) throws JMSException {
        for (int number = from; number < from + count; number++) {
            producer.send(session.createTextMessage("m" + number));
        }
        return from + count;
    }

    private static int receive(MessageConsumer consumer, int from, int count) throws JMSException {
        List<String> texts = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int number = from; number < from + count; number++) {
            texts.add(text(consumer.receive(WAIT_MS)));
            expected.add("m" + number);
        }
        assertThat(texts).isEqualTo(expected);
        return from + count;
    }

    private static String text(Message message) throws JMSException {
        return message == null ? null : ((TextMessage) message).getText();
    }

    @Test
    void shouldKeepAReplyForARequesterThatIsNotBackYet() throws Exception {
        Session asking = rig.connect().createSession();
        TemporaryQueue replies = asking.createTemporaryQueue();
        MessageConsumer consumer = asking.createConsumer(replies);
        Session answering = rig.connectDirectly().createSession();
        rig.proxy().refuse(true);
        rig.killAndRestart();

        answering.createProducer(replies).send(answering.createTextMessage("answer"));
        rig.proxy().refuse(false);

        assertThat(text(consumer.receive(WAIT_MS))).isEqualTo("answer");
    }

    @Test
    void shouldWaitForAServerThatIsStillStarting() throws Exception {
        rig.server().kill();
        PosthornConnectionFactory patient = new PosthornConnectionFactory(
                rig.server().url() + "?initialConnectAttempts=-1&initialConnectTimeout=20s&maxReconnectDelay=100");
        CompletableFuture<Connection> connecting = CompletableFuture.supplyAsync(() -> {
            try {
                return patient.createConnection();
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
        rig.server().restart();

        try (Connection connection = connecting.get(WAIT_MS, TimeUnit.MILLISECONDS)) {
            assertThat(connection.getMetaData().getJMSMajorVersion()).isEqualTo(3);
        }
    }
}
