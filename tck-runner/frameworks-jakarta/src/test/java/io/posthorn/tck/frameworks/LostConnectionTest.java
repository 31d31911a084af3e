package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.util.backoff.FixedBackOff;

/** The server stays away for longer than {@code reconnectTimeout}: then frameworks are told, and do what they are made for. */
class LostConnectionTest {

    private static final Duration WAIT = Duration.ofMillis(TestServer.WAIT_MS);

    private final Queue<Exception> reported = new ConcurrentLinkedQueue<>();
    private ServerProcess server;
    private PosthornConnectionFactory factory;

    @BeforeEach
    void start() {
        server = TestServer.start();
        factory = new PosthornConnectionFactory(server.url() + "?reconnectTimeout=300ms");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldComeBackWithNewConnectionsAfterwards() throws Exception {
        CachingConnectionFactory caching = new CachingConnectionFactory(factory);
        caching.setExceptionListener(reported::add);
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(factory);
        pool.setMaxConnections(1);
        pool.start();
        Inbox inbox = new Inbox();
        DefaultMessageListenerContainer container = container(inbox);
        JmsTemplate cached = new JmsTemplate(caching);
        JmsTemplate pooled = new JmsTemplate(pool);
        try (Connection lent = pool.createConnection()) {
            lent.setExceptionListener(reported::add);
            lent.start();
            cached.convertAndSend("lost.queue", "before");
            assertThat(inbox.textsWithoutRepeats(1)).containsExactly("before");

            server.kill();
            await().atMost(WAIT).until(() -> reported.size() >= 2);
            server.restart();

            cached.convertAndSend("lost.queue", "cached");
            pooled.convertAndSend("lost.queue", "pooled");
            assertThat(inbox.textsWithoutRepeats(2)).containsExactlyInAnyOrder("cached", "pooled");
        } finally {
            container.shutdown();
            pool.stop();
            caching.destroy();
        }
        assertThat(reported).hasSize(2);
    }

    private DefaultMessageListenerContainer container(Inbox inbox) {
        DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        container.setConnectionFactory(factory);
        container.setDestinationName("lost.queue");
        container.setMessageListener(inbox);
        container.setSessionTransacted(true);
        container.setReceiveTimeout(200);
        container.setBackOff(new FixedBackOff(100, FixedBackOff.UNLIMITED_ATTEMPTS));
        container.afterPropertiesSet();
        container.start();
        return container;
    }
}
