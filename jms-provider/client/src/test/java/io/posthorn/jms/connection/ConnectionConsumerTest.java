package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.jms.fake.FakeServer;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectionConsumerTest {

    private final FakeServer server = new FakeServer();
    private final PosthornQueue queue = new PosthornQueue("q");
    private final Topic topic = new PosthornTopic("t");
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private PosthornConnection connection;

    @BeforeEach
    void connect() throws Exception {
        connection = Opened.connection(server, "me", Domain.ANY);
        connection.start();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    @Test
    void shouldFeedTheSessionsOfThePool() throws Exception {
        Pool pool = new Pool(2, false);
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue, null, pool, 2);
        assertThat(consumer.getServerSessionPool()).isSameAs(pool);

        sendTo(queue, 5);

        assertThat(take(5)).containsExactly("m0", "m1", "m2", "m3", "m4");
        consumer.close();
        consumer.close();
        assertThat(server.depth(queue.address())).isZero();
        assertThatThrownBy(consumer::getServerSessionPool).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldHandOverInTheTransactionOfTheSession() throws Exception {
        Pool pool = new Pool(1, true);
        connection.createConnectionConsumer(queue, null, pool, 1);

        sendTo(queue, 2);
        assertThat(take(2)).containsExactly("m0", "m1");
        connection.close();

        assertThat(server.depth(queue.address())).isEqualTo(1);
    }

    @Test
    void shouldFeedFromSubscriptions() throws Exception {
        connection.createConnectionConsumer(topic, null, new Pool(1, false), 10);
        connection.createSharedConnectionConsumer(topic, "shared", null, new Pool(1, false), 10);
        connection.createDurableConnectionConsumer(topic, "durable", null, new Pool(1, false), 10);
        connection.createSharedDurableConnectionConsumer(topic, "both", null, new Pool(1, false), 10);

        sendTo(topic, 1);
        for (int index = 0; index < 4; index++) {
            assertThat(seen.take()).isEqualTo("m0");
        }
        sendTo(topic, 1);
        for (int index = 0; index < 4; index++) {
            assertThat(seen.take()).isEqualTo("m0");
        }
    }

    @Test
    void shouldReportAPoolThatFailsAndStop() throws Exception {
        BlockingQueue<JMSException> problems = new LinkedBlockingQueue<>();
        connection.setExceptionListener(problems::add);
        ServerSessionPool failing = () -> {
            throw new JMSException("the test's pool is empty");
        };
        connection.createConnectionConsumer(queue, null, failing, 1);

        sendTo(queue, 1);

        assertThat(problems.take()).hasMessage("the test's pool is empty");
        assertThat(server.depth(queue.address())).isEqualTo(1);
    }

    @Test
    void shouldRefuseBadArguments() {
        assertThatThrownBy(() -> connection.createConnectionConsumer(queue, null, null, 1))
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> connection.createConnectionConsumer(queue, null, new Pool(1, false), 0))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void shouldExcludeOtherWaysToReceiveInASessionWithAListener() throws Exception {
        Session session = connection.createSession();
        session.setMessageListener(message -> {});

        assertThat(session.getMessageListener()).isNotNull();
        assertThatThrownBy(() -> session.createConsumer(queue).receiveNoWait())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createConsumer(queue).setMessageListener(message -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    private Set<String> take(int count) throws InterruptedException {
        Set<String> texts = new TreeSet<>();
        for (int index = 0; index < count; index++) {
            texts.add(seen.take());
        }
        return texts;
    }

    private void sendTo(jakarta.jms.Destination destination, int count) throws JMSException {
        Session session = Opened.connection(server).createSession();
        for (int index = 0; index < count; index++) {
            session.createProducer(destination).send(session.createTextMessage("m" + index));
        }
    }

    /** Server sessions with a thread each time they start; a transacted one commits all but its last message. */
    private final class Pool implements ServerSessionPool {

        private final BlockingQueue<ServerSession> free = new LinkedBlockingQueue<>();

        Pool(int size, boolean transacted) {
            for (int index = 0; index < size; index++) {
                ConnectionTest.run(() -> free.add(new One(connection.createSession(transacted, 1), transacted)));
            }
        }

        @Override
        public ServerSession getServerSession() throws JMSException {
            try {
                return free.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                JMSException interrupted = new JMSException("interrupted");
                interrupted.initCause(e);
                throw interrupted;
            }
        }

        private final class One implements ServerSession {

            private final Session session;

            One(Session session, boolean transacted) throws JMSException {
                this.session = session;
                session.setMessageListener(message -> ConnectionTest.run(() -> {
                    String text = text(message);
                    if (transacted && text.equals("m0")) {
                        session.commit();
                    }
                    seen.add(text);
                }));
            }

            private String text(Message message) throws JMSException {
                return ((TextMessage) message).getText();
            }

            @Override
            public Session getSession() {
                return session;
            }

            @Override
            public void start() {
                Thread thread = new Thread(() -> {
                    session.run();
                    free.add(this);
                });
                thread.setDaemon(true);
                thread.start();
            }
        }
    }
}
