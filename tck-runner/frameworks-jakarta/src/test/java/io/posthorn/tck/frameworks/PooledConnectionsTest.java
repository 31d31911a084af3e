package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.springframework.jms.core.JmsTemplate;

/** The pool of messaginghub over our factory. */
@ExtendWith(TestServer.class)
class PooledConnectionsTest {

    private static final int NO_WAIT_MS = 50;

    private final JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
    private final String url;

    PooledConnectionsTest(ServerProcess server) {
        url = server.url();
    }

    @BeforeEach
    void start() {
        pool.setConnectionFactory(new PosthornConnectionFactory(url));
        pool.setMaxConnections(1);
        pool.start();
    }

    @AfterEach
    void stop() {
        pool.stop();
    }

    @Test
    void shouldLendOneConnectionAgainAndAgain() throws JMSException {
        for (int round = 0; round < 3; round++) {
            try (Connection connection = pool.createConnection();
                    Session session = connection.createSession()) {
                connection.start();
                Queue queue = session.createQueue("pool.again");
                session.createProducer(queue).send(session.createTextMessage("m" + round));
                MessageConsumer consumer = session.createConsumer(queue);
                assertThat(consumer.receive(TestServer.WAIT_MS).getBody(String.class))
                        .isEqualTo("m" + round);
            }
        }
        assertThat(pool.getNumConnections()).isEqualTo(1);
    }

    @Test
    void shouldSendAndReceiveThroughATemplateOverThePool() {
        JmsTemplate template = new JmsTemplate(pool);
        template.setReceiveTimeout(TestServer.WAIT_MS);
        for (int number = 0; number < 20; number++) {
            template.convertAndSend("pool.template", "m" + number);
        }
        for (int number = 0; number < 20; number++) {
            assertThat(template.receiveAndConvert("pool.template")).isEqualTo("m" + number);
        }
        assertThat(pool.getNumConnections()).isEqualTo(1);
    }

    @Test
    void shouldRollBackASessionThatIsGivenBackUncommitted() throws JMSException {
        try (Connection connection = pool.createConnection()) {
            connection.start();
            try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
                session.createProducer(session.createQueue("pool.transacted")).send(session.createTextMessage("never"));
            }
            try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
                Queue queue = session.createQueue("pool.transacted");
                session.createProducer(queue).send(session.createTextMessage("committed"));
                session.commit();
                MessageConsumer consumer = session.createConsumer(queue);
                assertThat(consumer.receive(TestServer.WAIT_MS).getBody(String.class))
                        .isEqualTo("committed");
                assertThat(consumer.receive(NO_WAIT_MS)).isNull();
                session.commit();
            }
        }
    }

    @Test
    void shouldPassTheMethodsOfJms2Through() throws Exception {
        try (Connection connection = pool.createConnection();
                Session session = connection.createSession()) {
            connection.start();
            Topic topic = session.createTopic("pool.jms2");
            MessageConsumer first = session.createSharedConsumer(topic, "pool.shared");
            MessageConsumer durable = session.createSharedDurableConsumer(topic, "pool.durable");
            MessageProducer producer = session.createProducer(topic);
            producer.setDeliveryDelay(100);
            CompletableFuture<Message> completed = new CompletableFuture<>();
            long beforeMs = System.currentTimeMillis();
            producer.send(session.createTextMessage("delayed"), new Completion(completed));

            assertThat(completed.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS).getBody(String.class))
                    .isEqualTo("delayed");
            assertThat(first.receive(TestServer.WAIT_MS).getJMSDeliveryTime()).isGreaterThanOrEqualTo(beforeMs + 100);
            assertThat(durable.receive(TestServer.WAIT_MS).getBody(String.class))
                    .isEqualTo("delayed");
            durable.close();
            session.unsubscribe("pool.durable");
        }
    }

    @Test
    void shouldGiveContextsAndTemporaryQueues() throws JMSException {
        try (JMSContext context = pool.createContext()) {
            TemporaryQueue temporary = context.createTemporaryQueue();
            JMSConsumer consumer = context.createConsumer(temporary);
            context.createProducer().setPriority(8).send(temporary, "temporary");
            // The pool's consumers have no receiveBody.
            assertThat(consumer.receive(TestServer.WAIT_MS).getBody(String.class))
                    .isEqualTo("temporary");
            consumer.close();
            temporary.delete();
        }
    }

    private record Completion(CompletableFuture<Message> future) implements CompletionListener {

        @Override
        public void onCompletion(Message message) {
            future.complete(message);
        }

        @Override
        public void onException(Message message, Exception failure) {
            future.completeExceptionally(failure);
        }
    }
}
