package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code @JMSConnectionFactoryDefinition} and {@code @JMSDestinationDefinition}. */
@ExtendWith(ArquillianExtension.class)
class DefinitionsIT {

    private static final long SOON_MS = 30_000;

    @ArquillianResource
    private Rig rig;

    @Deployment(testable = false)
    static Archive<?> definitions() {
        return Applications.definitions();
    }

    @Test
    void shouldSendToDefinedDestinationsWithADefinedFactoryInTheCallersTransaction() {
        try (JMSContext jms = rig.connect();
                JMSConsumer queue = jms.createConsumer(jms.createQueue("it.defined"));
                JMSConsumer topic = jms.createConsumer(jms.createTopic("it.defined.news"))) {
            rig.server().http().get("/definitions/send", "text", "undone", "outcome", "rollback");
            rig.server().http().get("/definitions/send", "text", "one", "outcome", "commit");
            assertThat(queue.receiveBody(String.class, SOON_MS)).isEqualTo("one");
            assertThat(topic.receiveBody(String.class, SOON_MS)).isEqualTo("one");
            assertThat(queue.receiveNoWait()).isNull();
            assertThat(topic.receiveNoWait()).isNull();
        }
    }
}
