package io.posthorn.tck.resumption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.process.LinkProxy.Direction;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every call has a bound, and who comes back too late is told. The resume window and the heartbeats are short here. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GivingUpTest {

    private static final int WAIT_MS = 20_000;

    private Rig rig;

    @BeforeAll
    void start(@TempDir Path home) {
        rig = new Rig(home, "resume-window=1s", "heartbeat=500ms");
    }

    @AfterEach
    void closeConnections() throws JMSException {
        rig.closeConnections();
    }

    @AfterAll
    void stop() throws JMSException {
        rig.close();
    }

    @Test
    void shouldTellALateClientWhatBecameOfItsThings() throws Exception {
        Session session = rig.connect("&closeTimeout=200ms").createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue("late");
        Session witness = rig.connectDirectly().createSession();
        witness.createProducer(queue).send(witness.createTextMessage("held"));
        assertThat(session.createConsumer(queue).receive(WAIT_MS)).isNotNull();

        rig.proxy().refuse(true);
        rig.proxy().cut();
        Message given = witness.createConsumer(queue).receive(WAIT_MS);
        rig.proxy().refuse(false);

        assertThat(given).as("given to another after the window").isNotNull();
        assertThat(given.getJMSRedelivered()).isTrue();
        await().until(() -> !rig.lost().isEmpty());
        assertThat(rig.lost()).hasSize(1);
        assertThat(rig.lost().get(0)).hasMessageContaining("resume window").hasMessageContaining("1000 ms");
        assertThatThrownBy(session::commit).isInstanceOf(JMSException.class);
    }

    @Test
    void shouldBoundACallByTheRequestTimeout() throws Exception {
        Session session =
                rig.connect("&requestTimeout=700ms&closeTimeout=200ms").createSession();
        var producer = session.createProducer(session.createQueue("bounded"));
        producer.send(session.createTextMessage("1"));

        rig.proxy().refuse(true);
        rig.proxy().cut();

        long startNs = System.nanoTime();
        assertThatThrownBy(() -> producer.send(session.createTextMessage("2")))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("requestTimeout")
                .hasMessageContaining("700 ms")
                .hasMessageContaining("interrupted");
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void shouldGiveUpAfterTheReconnectTimeoutAndSayWhy() throws Exception {
        Connection connection = rig.connect("&reconnectTimeout=600ms");
        Session session = connection.createSession();

        rig.proxy().refuse(true);
        rig.proxy().cut();

        await().until(() -> !rig.lost().isEmpty());
        assertThat(rig.lost()).hasSize(1);
        assertThat(rig.lost().get(0)).hasMessageContaining("reconnectTimeout").hasMessageContaining("600 ms");
        assertThatThrownBy(() ->
                        session.createProducer(null).send(session.createQueue("gone"), session.createTextMessage("x")))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void shouldTryLessAndLessOften() throws Exception {
        Session session = rig.connect().createSession();
        int before = rig.proxy().acceptedCount();
        rig.proxy().refuse(true);
        rig.proxy().cut();
        await().until(() -> rig.proxy().acceptedCount() >= before + 8);
        int after = rig.proxy().acceptedCount();
        rig.proxy().refuse(false);

        session.createProducer(session.createQueue("back-off")).send(session.createTextMessage("arrives"));

        assertThat(after - before).isLessThan(100);
        assertThat(rig.lost()).isEmpty();
    }

    @Test
    void shouldNoticeALinkThatHasGoneSilent() throws Exception {
        Session session = rig.connect("&heartbeat=500ms").createSession();
        var producer = session.createProducer(session.createQueue("silent"));
        producer.send(session.createTextMessage("1"));
        int before = rig.proxy().acceptedCount();

        rig.proxy().swallow(Direction.TO_CLIENT);
        producer.send(session.createTextMessage("2"));
        assertThat(rig.proxy().acceptedCount()).isEqualTo(before + 1);
        assertThat(rig.lost()).isEmpty();
    }
}
