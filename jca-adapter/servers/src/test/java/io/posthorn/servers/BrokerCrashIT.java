package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The broker killed and started again while listeners work. */
@ExtendWith(ArquillianExtension.class)
class BrokerCrashIT {

    private static final int MESSAGES = 1000;
    private static final long SOON_MS = 60_000;

    @ArquillianResource
    private Rig rig;

    @Deployment(testable = false)
    static Archive<?> application() {
        return Applications.application();
    }

    @Test
    void shouldPassEachMessageOnOnceThoughTheBrokerIsKilledTwice() throws Exception {
        List<String> sent = new ArrayList<>();
        for (int index = 0; index < MESSAGES; index++) {
            sent.add("load " + index);
        }
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try (JMSContext jms = rig.connect()) {
                sent.forEach(text -> jms.createProducer().send(jms.createQueue("it.load.in"), text));
            }
        });
        List<String> received = new ArrayList<>();
        try (JMSContext jms = rig.connect();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue("it.load.out"))) {
            for (int index = 0; index < MESSAGES; index++) {
                if (index == MESSAGES / 3 || index == MESSAGES * 2 / 3) {
                    rig.broker().kill();
                    rig.broker().restart();
                }
                String text = consumer.receiveBody(String.class, SOON_MS);
                assertThat(text).as("message %s of %s", index + 1, MESSAGES).isNotNull();
                received.add(text);
            }
            sending.get(SOON_MS, TimeUnit.MILLISECONDS);
            assertThat(consumer.receiveBodyNoWait(String.class))
                    .as("a message too many")
                    .isNull();
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
    }
}
