package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The application server killed with {@code kill -9} inside of a transaction that has two resource managers: a listener takes from one
 * broker and sends to the other. What was decided is done by the server's own recovery after its next start, and nothing twice.
 */
@ExtendWith(ArquillianExtension.class)
class ServerCrashIT {

    /** Of {@code docs/protocol.md}. */
    private static final int XA_PREPARE = 50;

    private static final int XA_COMMIT = 51;

    private static final Duration HELD_WITHIN = Duration.ofSeconds(60);

    /** Enough for the recovery of every server: some begin two minutes after their start. */
    private static final long RECOVERED_MS = 240_000;

    @ArquillianResource
    private Rig rig;

    @Deployment(testable = false)
    static Archive<?> application() {
        return Applications.application();
    }

    @BeforeEach
    void onlyWhereTheServerRecovers() {
        Rig.withoutRecovery().ifPresent(reason -> assumeTrue(false, reason));
    }

    @Test
    void shouldCommitWhatWasPreparedAndDecidedBeforeTheServerWasKilled() throws JMSException {
        rig.relay().hold(XA_COMMIT);
        rig.otherRelay().hold(XA_COMMIT);
        killTheServerInTheMidstOf("decided");
        // Committed in both: sent there, and gone here. A delivery anew would be a second message there.
        assertThat(receivedOnce("decided").getJMSRedelivered()).isFalse();
    }

    @Test
    void shouldRollBackWhatWasNotDecidedBeforeTheServerWasKilledAndDeliverItAnew() throws JMSException {
        rig.otherRelay().hold(XA_PREPARE);
        killTheServerInTheMidstOf("undecided");
        assertThat(receivedOnce("undecided").getBody(String.class)).isEqualTo("undecided");
    }

    private void killTheServerInTheMidstOf(String text) {
        try (JMSContext jms = rig.connect()) {
            jms.createProducer().send(jms.createQueue("it.transfer.in"), text);
        }
        await().atMost(HELD_WITHIN)
                .until(() -> rig.relay().isHeld() || rig.otherRelay().isHeld());
        rig.server().kill();
        rig.relay().release();
        rig.otherRelay().release();
        rig.server().start();
        rig.server().awaitApplication(Applications.APPLICATION);
    }

    private Message receivedOnce(String text) {
        try (JMSContext jms = rig.connectToOther();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue("it.transfer.out"))) {
            Message message = consumer.receive(RECOVERED_MS);
            assertThat(message).as("the message that was transferred").isNotNull();
            assertThat(text(message)).isEqualTo(text);
            // What is transferred after this one was behind it: nothing of the old transaction came later.
            try (JMSContext here = rig.connect()) {
                here.createProducer().send(here.createQueue("it.transfer.in"), "after " + text);
            }
            assertThat(text(consumer.receive(RECOVERED_MS))).isEqualTo("after " + text);
            return message;
        }
    }

    private static String text(Message message) {
        try {
            return message == null ? null : message.getBody(String.class);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
