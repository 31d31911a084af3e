package io.posthorn.tck.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.ts.lib.porting.TSJMSObjects;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import java.util.ArrayList;
import java.util.List;
import javax.naming.NamingException;
import org.junit.jupiter.api.Test;

/** The ground that the kit stands on. Runs on every build, so that the wiring is sound where the kit itself is not at hand. */
class PosthornObjectsTest {
    @Test
    void shouldBeTheProviderThatTheKitAsks() throws Exception {
        assertThat(TSJMSObjects.getJMSObjectsInstance().getQueue("MY_QUEUE").getQueueName())
                .isEqualTo("MY_QUEUE");
    }

    @Test
    void shouldKnowEveryDestinationOfTheKit() throws Exception {
        PosthornObjects objects = new PosthornObjects();
        for (String name : PosthornObjects.QUEUES) {
            assertThat(objects.getQueue(name).getQueueName()).isEqualTo(name);
        }
        for (String name : PosthornObjects.TOPICS) {
            assertThat(objects.getTopic(name).getTopicName()).isEqualTo(name);
        }
    }

    @Test
    void shouldGiveEveryFactoryInEachOfItsTypes() throws NamingException {
        PosthornObjects objects = new PosthornObjects();
        List<String> names = new ArrayList<>(PosthornObjects.FACTORIES);
        names.add(PosthornObjects.DURABLE_FACTORY);
        for (String name : names) {
            assertThat(objects.getConnectionFactory(name)).isNotNull();
            assertThat(objects.getQueueConnectionFactory(name)).isNotNull();
            assertThat(objects.getTopicConnectionFactory(name)).isNotNull();
        }
    }

    @Test
    void shouldSetTheClientIdOfTheDurableFactoryOnly() throws Exception {
        PosthornObjects objects = new PosthornObjects();
        try (Connection durable = objects.getTopicConnectionFactory(PosthornObjects.DURABLE_FACTORY)
                        .createConnection();
                Connection plain =
                        objects.getConnectionFactory("MyConnectionFactory").createConnection()) {
            assertThat(durable.getClientID()).isEqualTo(PosthornObjects.DURABLE_CLIENT_ID);
            assertThat(plain.getClientID()).isNull();
        }
    }

    @Test
    void shouldAcceptTheKitsUserAndThoseWithoutCredentials() throws Exception {
        ConnectionFactory factory = new PosthornObjects().getConnectionFactory("MyConnectionFactory");
        try (Connection named = factory.createConnection("j2ee", "j2ee");
                JMSContext anonymous = factory.createContext()) {
            assertThat(named.getMetaData().getJMSVersion()).isEqualTo("3.1");
            assertThat(anonymous.getMetaData().getJMSMajorVersion()).isEqualTo(3);
        }
    }

    @Test
    void shouldRefuseWrongCredentialsWhenConnecting() throws NamingException {
        ConnectionFactory factory = new PosthornObjects().getConnectionFactory("MyConnectionFactory");

        assertThatThrownBy(() -> connect(factory)).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> openContext(factory)).isInstanceOf(JMSSecurityRuntimeException.class);
    }

    private static void connect(ConnectionFactory factory) throws JMSException {
        factory.createConnection("invalid", "invalid").close();
    }

    private static void openContext(ConnectionFactory factory) {
        factory.createContext("invalid", "invalid").close();
    }
}
