package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.JmsTransactionManager;
import org.springframework.jms.connection.SingleConnectionFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.jms.listener.SessionAwareMessageListener;

/** The server is killed and comes back: nothing on top of the client learns of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartTest {

    private static final int COUNT = 100;
    private static final Duration WAIT = Duration.ofMillis(TestServer.WAIT_MS);

    /** What must not come: every failure that reaches a framework. */
    private Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private ServerProcess server;
    private PosthornConnectionFactory factory;

    @BeforeAll
    void start() {
        server = TestServer.start();
        factory = new PosthornConnectionFactory(server.url());
    }

    @BeforeEach
    void forget() {
        failures = new ConcurrentLinkedQueue<>();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void shouldNotReachATemplateOverCachedSessionsProducersAndConsumers() throws Exception {
        CachingConnectionFactory caching = new CachingConnectionFactory(factory);
        caching.setCacheConsumers(true);
        caching.setExceptionListener(failures::add);
        JmsTemplate template = new JmsTemplate(caching);
        template.setReceiveTimeout(TestServer.WAIT_MS);
        try (Connection before = caching.createConnection()) {
            send(template, "restart.template", 0, 10);
            assertThat(receive(template, "restart.template", 5)).isEqualTo(numbers(0, 5));

            CompletableFuture<Void> back = killAndRestart();
            send(template, "restart.template", 10, 20);

            assertThat(receive(template, "restart.template", 15)).isEqualTo(numbers(5, 20));
            back.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);
            try (Connection after = caching.createConnection()) {
                assertThat(after.toString()).isEqualTo(before.toString());
            }
        } finally {
            caching.destroy();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldNotReachAPoolNorWhatIsLent() throws Exception {
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(factory);
        pool.setMaxConnections(1);
        pool.start();
        JmsTemplate template = new JmsTemplate(pool);
        Inbox inbox = new Inbox();
        try (Connection lent = pool.createConnection();
                Session session = lent.createSession()) {
            lent.setExceptionListener(failures::add);
            session.createConsumer(session.createQueue("restart.pool")).setMessageListener(message -> {
                try {
                    inbox.hear(message);
                } catch (JMSException e) {
                    failures.add(e);
                }
            });
            lent.start();
            send(template, "restart.pool", 0, 10);
            assertThat(inbox.textsWithoutRepeats(10)).isEqualTo(numbers(0, 10));

            CompletableFuture<Void> back = killAndRestart();
            send(template, "restart.pool", 10, 20);

            assertThat(inbox.textsWithoutRepeats(10)).isEqualTo(numbers(10, 20));
            back.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);
            assertThat(pool.getNumConnections()).isEqualTo(1);
            assertThat(lent.createSession().createTextMessage("usable").getText())
                    .isEqualTo("usable");
        } finally {
            pool.stop();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldLetTransactedContainersForwardEachMessageOnce() throws Exception {
        CachingConnectionFactory caching = new CachingConnectionFactory(factory);
        SingleConnectionFactory single = new SingleConnectionFactory(factory);
        single.setReconnectOnException(true);
        single.setExceptionListener(failures::add);
        JmsTemplate template = new JmsTemplate(caching);
        List<Forwarding> all = List.of(
                forwarding("restart.connection", factory, "CACHE_CONNECTION"),
                forwarding("restart.consumer", factory, "CACHE_CONSUMER"),
                forwarding("restart.single", single, "CACHE_CONSUMER"),
                managed("restart.managed", caching));
        try {
            all.forEach(forwarding -> send(template, forwarding.name, 0, COUNT / 2));
            all.forEach(Forwarding::start);
            all.forEach(forwarding -> await().atMost(WAIT).until(() -> forwarding.forwarded.size() >= COUNT / 10));

            CompletableFuture<Void> back = killAndRestart();
            all.forEach(forwarding -> send(template, forwarding.name, COUNT / 2, COUNT));
            back.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);

            template.setReceiveTimeout(TestServer.WAIT_MS);
            for (Forwarding forwarding : all) {
                assertThat(receive(template, forwarding.name + ".out", COUNT))
                        .as(forwarding.name)
                        .containsExactlyInAnyOrderElementsOf(numbers(0, COUNT));
                assertThat(forwarding.unflagged()).as(forwarding.name).isEmpty();
            }
            // Before the end: a container that is shut down may interrupt a receive.
            assertThat(failures).isEmpty();
        } finally {
            all.forEach(forwarding -> forwarding.container.shutdown());
            single.destroy();
        }
        template.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        for (Forwarding forwarding : all) {
            assertThat(template.receive(forwarding.name + ".out"))
                    .as(forwarding.name)
                    .isNull();
            assertThat(template.receive(forwarding.name)).as(forwarding.name).isNull();
        }
        caching.destroy();
    }

    /** Such a container connects for each message, and cannot while there is no server; it tries again by itself. */
    @Test
    void shouldLetAContainerWithoutCacheGoOn() throws Exception {
        Forwarding forwarding = forwarding("restart.none", factory, "CACHE_NONE");
        forwarding.container.setRecoveryInterval(200);
        CachingConnectionFactory caching = new CachingConnectionFactory(factory);
        JmsTemplate template = new JmsTemplate(caching);
        template.setReceiveTimeout(TestServer.WAIT_MS);
        send(template, "restart.none", 0, COUNT / 2);
        forwarding.start();
        await().atMost(WAIT).until(() -> forwarding.forwarded.size() >= COUNT / 10);

        CompletableFuture<Void> back = killAndRestart();
        send(template, "restart.none", COUNT / 2, COUNT);
        back.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);

        assertThat(receive(template, "restart.none.out", COUNT)).containsExactlyInAnyOrderElementsOf(numbers(0, COUNT));
        forwarding.container.shutdown();
        caching.destroy();
        assertThat(forwarding.unflagged()).isEmpty();
    }

    @Test
    void shouldNotReachAnApplicationOfSpringBoot() throws Exception {
        try (ConfigurableApplicationContext context = BootTest.run(server.url(), "restart.boot", Map.of())) {
            JmsTemplate template = context.getBean(JmsTemplate.class);
            Inbox inbox = context.getBean(Inbox.class);
            send(template, "restart.boot", 0, 10);
            assertThat(inbox.textsWithoutRepeats(10)).isEqualTo(numbers(0, 10));

            CompletableFuture<Void> back = killAndRestart();
            send(template, "restart.boot", 10, 20);

            assertThat(inbox.textsWithoutRepeats(10)).isEqualTo(numbers(10, 20));
            back.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);
            assertThat(BootTest.health(context)).contains("UP");
        }
    }

    /** The server is gone when this returns, and on its way back. */
    private CompletableFuture<Void> killAndRestart() {
        server.kill();
        return CompletableFuture.runAsync(server::restart);
    }

    private Forwarding forwarding(String name, ConnectionFactory from, String cache) {
        Forwarding forwarding = new Forwarding(
                name,
                from,
                (session, text) -> session.createProducer(session.createQueue(name + ".out"))
                        .send(session.createTextMessage(text)));
        forwarding.container.setCacheLevelName(cache);
        forwarding.container.setSessionTransacted(true);
        forwarding.container.setConcurrency("1-3");
        return forwarding;
    }

    /** Forwards with a template, in the transaction that the container's transaction manager began. */
    private Forwarding managed(String name, ConnectionFactory from) {
        JmsTemplate template = new JmsTemplate(from);
        Forwarding forwarding =
                new Forwarding(name, from, (session, text) -> template.convertAndSend(name + ".out", text));
        forwarding.container.setTransactionManager(new JmsTransactionManager(from));
        return forwarding;
    }

    private static void send(JmsTemplate template, String queue, int from, int to) {
        numbers(from, to).forEach(number -> template.convertAndSend(queue, number));
    }

    private static List<String> receive(JmsTemplate template, String queue, int count) {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            texts.add((String) template.receiveAndConvert(queue));
        }
        return texts;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private interface Step {
        void forward(Session session, String text) throws JMSException;
    }

    /** A container that forwards from {@code name} to {@code name.out}, and what it saw. */
    private final class Forwarding {

        private final String name;
        private final DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
        private final Queue<Inbox.Entry> forwarded = new ConcurrentLinkedQueue<>();

        Forwarding(String name, ConnectionFactory from, Step step) {
            this.name = name;
            container.setConnectionFactory(from);
            container.setDestinationName(name);
            container.setReceiveTimeout(200);
            container.setErrorHandler(failures::add);
            container.setExceptionListener(failures::add);
            container.setMessageListener((SessionAwareMessageListener<jakarta.jms.Message>) (message, session) -> {
                String text = message.getBody(String.class);
                step.forward(session, text);
                forwarded.add(new Inbox.Entry(
                        text, message.getIntProperty("JMSXDeliveryCount"), message.getJMSRedelivered()));
            });
        }

        void start() {
            container.afterPropertiesSet();
            container.start();
        }

        /** Messages that were seen more than once without a repeat being flagged. */
        List<Inbox.Entry> unflagged() {
            List<Inbox.Entry> seen = new ArrayList<>(forwarded);
            return IntStream.range(0, seen.size())
                    .filter(index -> !seen.get(index).redelivered()
                            && seen.subList(0, index).stream()
                                    .anyMatch(earlier -> earlier.text()
                                            .equals(seen.get(index).text())))
                    .mapToObj(seen::get)
                    .toList();
        }
    }
}
