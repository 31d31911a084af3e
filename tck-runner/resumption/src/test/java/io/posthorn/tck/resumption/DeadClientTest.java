package io.posthorn.tck.resumption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client's JVM is killed with messages in hand, and another client gets them: flag and count tell what the dead one may have seen
 * (JMS 3.1 sections 3.4.7, 3.5.11 and 6.2.10).
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadClientTest {

    private static final int WAIT_MS = 20_000;
    private static final Duration START = Duration.ofSeconds(60);

    /** The server sends a client only what it asks for. */
    private static final String TAKES_NOTHING_AHEAD = "?prefetch=0";

    private final List<DyingClient> dying = new ArrayList<>();

    @TempDir
    Path folder;

    private Rig rig;
    private int count;

    @BeforeAll
    void start(@TempDir Path home) {
        rig = new Rig(home, "resume-window=1s");
    }

    @AfterEach
    void close() throws JMSException {
        dying.forEach(DyingClient::close);
        rig.closeConnections();
    }

    @AfterAll
    void stop() throws JMSException {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.SESSION_TRANSACTED, Session.CLIENT_ACKNOWLEDGE})
    void shouldFlagAndCountWhatADeadClientHadInHandAndNothingElse(int mode) throws Exception {
        String queue = queueWith("1", "2", "3", "4");
        die(queue, TAKES_NOTHING_AHEAD, mode, 2, "1 false 1", "2 false 1");

        // What a dead client holds is kept for it until the resume window is over.
        assertThat(receive(queue, 4)).containsExactly("3 false 1", "4 false 1", "1 true 2", "2 true 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.SESSION_TRANSACTED, Session.CLIENT_ACKNOWLEDGE})
    void shouldFlagWhatADeadClientHadInHandAfterTheServerDiedToo(int mode) throws Exception {
        String queue = queueWith("1", "2", "3", "4");
        die(queue, TAKES_NOTHING_AHEAD, mode, 2, "1 false 1", "2 false 1");
        rig.killAndRestart();

        // Nobody holds anything now, so all is in its place; the mark for what may have been delivered runs ahead.
        assertThat(receive(queue, 4)).containsExactly("1 true 2", "2 true 2", "3 true 2", "4 true 2");
    }

    /** Nobody can know how much of what was on its way, or in its buffers, the application has seen. */
    @Test
    void shouldFlagWhatADeadClientMayHaveSeenButNotWhatWasSentLater() throws Exception {
        String queue = queueWith("1", "2", "3");
        die(queue, "", Session.SESSION_TRANSACTED, 1, "1 false 1");
        send(queue, "4");

        assertThat(receive(queue, 4)).containsExactly("4 false 1", "1 true 2", "2 true 2", "3 true 2");
    }

    @Test
    void shouldNotRepeatWhatADeadClientHadAcknowledgedAutomatically() throws Exception {
        String queue = queueWith("1", "2", "3");
        die(queue, TAKES_NOTHING_AHEAD, Session.AUTO_ACKNOWLEDGE, 2, "1 false 1", "2 false 1");

        assertThat(receive(queue, 1)).containsExactly("3 false 1");
    }

    @Test
    void shouldCountEachClientThatDiesOfAMessage() throws Exception {
        String queue = queueWith("poison");
        die(queue, TAKES_NOTHING_AHEAD, Session.SESSION_TRANSACTED, 1, "poison false 1");
        die(queue, TAKES_NOTHING_AHEAD, Session.SESSION_TRANSACTED, 1, "poison true 2");

        assertThat(receive(queue, 1)).containsExactly("poison true 3");
    }

    private String queueWith(String... texts) throws JMSException {
        String queue = "dead-client-" + ++count;
        send(queue, texts);
        return queue;
    }

    private void send(String queue, String... texts) throws JMSException {
        try (Connection connection = rig.directFactory().createConnection()) {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(session.createQueue(queue));
            for (String text : texts) {
                producer.send(session.createTextMessage(text));
            }
        }
    }

    /** A client receives so many, sees this, and dies. */
    private void die(String queue, String options, int mode, int receives, String... sees) throws Exception {
        Path seen = folder.resolve(queue + "-" + dying.size());
        DyingClient client = DyingClient.start(rig.server().url() + options, mode, queue, receives, seen);
        dying.add(client);
        await().atMost(START).until(() -> Files.exists(seen));
        client.kill();
        List<String> expected = new ArrayList<>(List.of(sees));
        expected.add("ready");
        assertThat(Files.readAllLines(seen)).isEqualTo(expected);
    }

    /** What another client gets: so many, and then nothing more. */
    private List<String> receive(String queue, int expected) throws JMSException {
        Session session = rig.connectDirectly().createSession();
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        List<String> lines = new ArrayList<>();
        for (int index = 0; index < expected; index++) {
            // The first comes when the resume window of the dead client is over.
            lines.add(DyingClient.line(consumer.receive(WAIT_MS)));
        }
        assertThat(consumer.receiveNoWait()).isNull();
        return lines;
    }
}
