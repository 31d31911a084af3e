package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.SingleConnectionFactory;

/** What {@link CachingConnectionFactory} and {@link SingleConnectionFactory} do with connections, sessions, producers and consumers. */
@ExtendWith(TestServer.class)
class CachedConnectionsTest {

    private static final int NO_WAIT_MS = 50;

    private final PosthornConnectionFactory plain;
    private final CachingConnectionFactory caching;

    CachedConnectionsTest(ServerProcess server) {
        plain = new PosthornConnectionFactory(server.url());
        caching = new CachingConnectionFactory(plain);
    }

    @AfterEach
    void close() {
        caching.destroy();
    }

    @Test
    void shouldTellQueueAndTopicOfOneNameApartInTheCacheOfProducers() throws JMSException {
        try (Connection connection = caching.createConnection();
                Session session = connection.createSession()) {
            connection.start();
            Queue queue = session.createQueue("cached.name");
            Topic topic = session.createTopic("cached.name");
            MessageConsumer ofQueue = session.createConsumer(queue);
            MessageConsumer ofTopic = session.createConsumer(topic);

            for (int round = 0; round < 2; round++) {
                try (MessageProducer toQueue = session.createProducer(queue);
                        MessageProducer toTopic = session.createProducer(topic)) {
                    toQueue.send(session.createTextMessage("queue " + round));
                    toTopic.send(session.createTextMessage("topic " + round));
                }
                assertThat(text(ofQueue)).isEqualTo("queue " + round);
                assertThat(text(ofTopic)).isEqualTo("topic " + round);
            }
        }
    }

    @Test
    void shouldGoOnWithACachedConsumer() throws JMSException {
        caching.setCacheConsumers(true);
        try (Connection connection = caching.createConnection()) {
            connection.start();
            for (int round = 0; round < 3; round++) {
                try (Session session = connection.createSession()) {
                    Queue queue = session.createQueue("cached.consumer");
                    session.createProducer(queue).send(session.createTextMessage("m" + round));
                    try (MessageConsumer consumer = session.createConsumer(queue)) {
                        assertThat(text(consumer)).isEqualTo("m" + round);
                    }
                }
            }
        }
    }

    @Test
    void shouldGiveBackWhatACachedConsumerHasFetchedWhenTheCacheIsReset() throws JMSException {
        caching.setCacheConsumers(true);
        try (Connection connection = caching.createConnection()) {
            connection.start();
            try (Session session = connection.createSession()) {
                Queue queue = session.createQueue("cached.reset");
                for (int number = 0; number < 20; number++) {
                    session.createProducer(queue).send(session.createTextMessage("m" + number));
                }
                try (MessageConsumer consumer = session.createConsumer(queue)) {
                    assertThat(text(consumer)).isEqualTo("m0");
                }
            }
            caching.resetConnection();
        }
        try (JMSContext context = plain.createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue("cached.reset"));
            for (int number = 1; number < 20; number++) {
                assertThat(consumer.receiveBody(String.class, TestServer.WAIT_MS))
                        .isEqualTo("m" + number);
            }
        }
    }

    @Test
    void shouldRollBackATransactedSessionThatGoesBackIntoTheCache() throws JMSException {
        try (Connection connection = caching.createConnection()) {
            connection.start();
            try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                session.createProducer(session.createQueue("cached.transacted"))
                        .send(session.createTextMessage("never committed"));
            }
            try (Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                Queue queue = session.createQueue("cached.transacted");
                session.createProducer(queue).send(session.createTextMessage("committed"));
                session.commit();
                MessageConsumer consumer = session.createConsumer(queue);
                assertThat(text(consumer)).isEqualTo("committed");
                assertThat(consumer.receive(NO_WAIT_MS)).isNull();
                session.commit();
                consumer.close();
            }
        }
    }

    @Test
    void shouldUseTemporaryQueuesOfTheSharedConnection() throws JMSException {
        try (Connection connection = caching.createConnection();
                Session session = connection.createSession();
                Session other = connection.createSession()) {
            connection.start();
            TemporaryQueue temporary = session.createTemporaryQueue();
            MessageConsumer consumer = session.createConsumer(temporary);
            other.createProducer(temporary).send(other.createTextMessage("reply"));
            assertThat(text(consumer)).isEqualTo("reply");
            consumer.close();
            temporary.delete();
        }
    }

    @Test
    void shouldSetTheClientIdentifierAndReadADurableSubscriptionAgain() throws JMSException {
        for (int round = 0; round < 2; round++) {
            SingleConnectionFactory single = new SingleConnectionFactory(plain);
            single.setClientId("cached.client");
            single.setReconnectOnException(true);
            try (Connection connection = single.createConnection();
                    Session session = connection.createSession()) {
                connection.start();
                assertThat(connection.getClientID()).isEqualTo("cached.client");
                assertThatThrownBy(() -> connection.setClientID("another"))
                        .isInstanceOf(jakarta.jms.IllegalStateException.class);
                Topic topic = session.createTopic("cached.durable");
                MessageConsumer subscriber = session.createDurableConsumer(topic, "cached.subscription");
                if (round == 1) {
                    assertThat(text(subscriber)).isEqualTo("while away");
                }
                subscriber.close();
                session.createProducer(topic).send(session.createTextMessage("while away"));
            }
            single.destroy();
        }
    }

    @Test
    void shouldOpenContextsOverASingleConnection() {
        SingleConnectionFactory single = new SingleConnectionFactory(plain);
        try (JMSContext context = single.createContext()) {
            Queue queue = context.createQueue("cached.context");
            context.createProducer().send(queue, "in a context");
            assertThat(context.createConsumer(queue).receiveBody(String.class, TestServer.WAIT_MS))
                    .isEqualTo("in a context");
        } finally {
            single.destroy();
        }
    }

    private static String text(MessageConsumer consumer) throws JMSException {
        TextMessage message = (TextMessage) consumer.receive(TestServer.WAIT_MS);
        assertThat(message).as("the next message").isNotNull();
        return message.getText();
    }
}
