package io.posthorn.servers.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.servers.Applications;
import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.TemporaryQueue;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A servlet that listens and sends with what it finds in JNDI. */
@ExtendWith(ArquillianExtension.class)
class PlainIT {

    private static final long SOON_MS = 30_000;

    @ArquillianResource
    private Rig rig;

    private final String text = UUID.randomUUID().toString();

    @Deployment(testable = false)
    static Archive<?> application() {
        return Applications.plain();
    }

    @Test
    void shouldListenAndAnswer() {
        assertAnswered();
    }

    @Test
    void shouldSend() {
        try (JMSContext jms = rig.connect();
                JMSConsumer news = jms.createConsumer(jms.createTopic("news"))) {
            rig.server().http().get("/plain/send", "text", text);
            assertThat(news.receiveBody(String.class, SOON_MS)).isEqualTo(text);
        }
    }

    @Test
    void shouldGoOnAfterTheBrokerWasKilled() {
        assertAnswered();
        rig.broker().kill();
        rig.broker().restart();
        assertAnswered();
    }

    private void assertAnswered() {
        try (JMSContext jms = rig.connect()) {
            TemporaryQueue answers = jms.createTemporaryQueue();
            try (JMSConsumer consumer = jms.createConsumer(answers)) {
                jms.createProducer().setJMSReplyTo(answers).send(jms.createQueue("orders"), text);
                assertThat(consumer.receiveBody(String.class, SOON_MS)).isEqualTo("answer to " + text);
            }
        }
    }
}
