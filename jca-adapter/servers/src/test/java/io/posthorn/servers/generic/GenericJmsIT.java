package io.posthorn.servers.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.servers.Applications;
import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A listener and a sender behind the generic adapter of WildFly, in XA transactions. */
@ExtendWith(ArquillianExtension.class)
class GenericJmsIT {

    private static final long SOON_MS = 30_000;

    @ArquillianResource
    private Rig rig;

    private final String text = UUID.randomUUID().toString();

    @Deployment(testable = false)
    static Archive<?> application() {
        return Applications.generic();
    }

    @Test
    void shouldSendInTheCallersTransaction() {
        try (JMSContext jms = rig.connect();
                JMSConsumer sent = jms.createConsumer(jms.createQueue("it.generic.sent"))) {
            send("undone", "rollback");
            send(text, "commit");
            assertThat(sent.receiveBody(String.class, SOON_MS)).isEqualTo(text);
            assertThat(sent.receiveNoWait()).isNull();
        }
    }

    @Test
    void shouldTakeAndSendInOneTransactionAndTakeAgainAfterARollback() {
        passOn(2, text + " 3");
    }

    @Test
    void shouldGoOnAfterTheBrokerWasKilled() {
        passOn(0, text + " 1");
        rig.broker().kill();
        rig.broker().restart();
        passOn(1, text + " 2");
        shouldSendInTheCallersTransaction();
    }

    private void send(String body, String outcome) {
        rig.server().http().get("/generic/send", "text", body, "outcome", outcome);
    }

    private void passOn(int failures, String expected) {
        try (JMSContext jms = rig.connect();
                JMSConsumer out = jms.createConsumer(jms.createQueue("it.generic.out"))) {
            jms.createProducer().setProperty("failures", failures).send(jms.createQueue("it.generic.in"), text);
            assertThat(out.receiveBody(String.class, SOON_MS)).isEqualTo(expected);
            assertThat(out.receiveNoWait()).isNull();
        }
    }
}
