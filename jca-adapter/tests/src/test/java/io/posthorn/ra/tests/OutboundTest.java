package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.harness.Node;
import io.posthorn.ra.harness.Pool;
import io.posthorn.ra.outbound.PosthornManagedConnectionFactory;
import io.posthorn.ra.outbound.PosthornManagedQueueConnectionFactory;
import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What applications may do with a factory of the resource adapter, and in which transaction it happens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboundTest {

    private static final int WAIT_MS = 20_000;

    private final TransactionManager transactions = Coordinator.OF_THIS_JVM.transactions();
    private Node node;
    private Pool pool;
    private ConnectionFactory factory;
    private String queue;

    @BeforeAll
    void start(@TempDir Path home) {
        node = Node.start(home);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        queue = test.getTestMethod().orElseThrow().getName();
        use(TransactionSupportLevel.XATransaction, 4);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (Coordinator.OF_THIS_JVM.inTransaction()) {
            transactions.rollback();
        }
        pool.close();
    }

    private PosthornManagedConnectionFactory managed() {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setUrl(node.url());
        PosthornManagedConnectionFactory managed = new PosthornManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        return managed;
    }

    private void use(TransactionSupportLevel level, int size) {
        pool = new Pool(level, size);
        factory = (ConnectionFactory) managed().createConnectionFactory(pool);
    }

    private void send(String text) {
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue(queue), text);
        }
    }

    private String receive() {
        try (JMSContext context = factory.createContext()) {
            return context.createConsumer(context.createQueue(queue)).receiveBody(String.class, WAIT_MS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldActAtOnceOutsideOfATransaction(TransactionSupportLevel level) {
        use(level, 1);
        send("a");
        assertThat(node.drain(queue)).containsExactly("a");
        send("b");
        assertThat(receive()).isEqualTo("b");
        assertThat(node.drain(queue)).isEmpty();
        assertThat(pool.made()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"XATransaction", "LocalTransaction"})
    void shouldSendAndReceiveWithTheTransaction(TransactionSupportLevel level) throws Exception {
        use(level, 1);
        node.send(queue, "taken");
        transactions.begin();
        assertThat(receive()).isEqualTo("taken");
        send("sent");
        assertThat(node.drain(queue)).isEmpty();
        transactions.rollback();
        assertThat(node.drain(queue)).containsExactly("taken");

        node.send(queue, "taken");
        transactions.begin();
        assertThat(receive()).isEqualTo("taken");
        send("sent");
        transactions.commit();
        assertThat(node.drain(queue)).containsExactly("sent");
        assertThat(pool.made()).isEqualTo(1);
        assertThat(pool.free()).isEqualTo(1);
    }

    @Test
    void shouldActAtOnceInATransactionThatThePoolDoesNotTakePartIn() throws Exception {
        use(TransactionSupportLevel.NoTransaction, 1);
        transactions.begin();
        send("a");
        transactions.rollback();
        assertThat(node.drain(queue)).containsExactly("a");
    }

    @Test
    void shouldGiveContextsInAllForms() {
        List<JMSContext> contexts = List.of(
                factory.createContext(),
                factory.createContext(JMSContext.DUPS_OK_ACKNOWLEDGE),
                factory.createContext(null, null),
                factory.createContext(null, null, JMSContext.AUTO_ACKNOWLEDGE));
        for (JMSContext context : contexts) {
            context.createProducer().setProperty("n", 1).send(context.createQueue(queue), "text");
            try (JMSConsumer consumer = context.createConsumer(context.createQueue(queue), "n = 1")) {
                assertThat(consumer.receiveBody(String.class, WAIT_MS)).isEqualTo("text");
            }
            assertThat(context.getTransacted()).isFalse();
            assertThat(context.getMetaData()).isNotNull();
        }
        assertThat(contexts).extracting(JMSContext::getSessionMode).containsExactly(1, 3, 1, 1);
        contexts.forEach(JMSContext::close);
        contexts.forEach(JMSContext::close);
        assertThat(pool.free()).isEqualTo(4);
    }

    @Test
    void shouldIgnoreWhatASessionIsAskedToBeInATransaction() throws Exception {
        for (int mode : new int[] {Session.SESSION_TRANSACTED, Session.CLIENT_ACKNOWLEDGE, Session.AUTO_ACKNOWLEDGE}) {
            transactions.begin();
            try (Connection connection = factory.createConnection()) {
                Session session = connection.createSession(mode);
                assertThat(session.getTransacted()).isTrue();
                assertThat(session.getAcknowledgeMode()).isEqualTo(Session.SESSION_TRANSACTED);
                session.createProducer(session.createQueue(queue)).send(session.createTextMessage("a"));
                assertThatThrownBy(session::commit).isInstanceOf(jakarta.jms.IllegalStateException.class);
                assertThatThrownBy(session::recover).isInstanceOf(jakarta.jms.IllegalStateException.class);
            }
            transactions.rollback();
        }
        assertThat(node.drain(queue)).isEmpty();
    }

    @Test
    void shouldProvideAnAutomaticSessionOutsideOfATransactionWhateverIsAskedFor() throws Exception {
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            assertThat(session.getTransacted()).isFalse();
            assertThat(session.getAcknowledgeMode()).isEqualTo(Session.AUTO_ACKNOWLEDGE);
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage("a"));
            assertThatThrownBy(session::commit).isInstanceOf(jakarta.jms.IllegalStateException.class);
        }
        assertThat(node.drain(queue)).containsExactly("a");
    }

    @Test
    void shouldJoinATransactionThatBeginsWhileTheSessionIsOpen() throws Exception {
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(session.createQueue(queue));
            producer.send(session.createTextMessage("before"));
            transactions.begin();
            // As a container does that knows which connections a component has open.
            ManagedConnection open = pool.idle().stream().findAny().orElse(null);
            assertThat(open).isNull();
            try (JMSContext other = factory.createContext()) {
                other.createProducer().send(other.createQueue(queue), "inside");
            }
            producer.send(session.createTextMessage("beside"));
            transactions.rollback();
        }
        assertThat(node.drain(queue)).containsExactly("before", "beside");
    }

    @Test
    void shouldRefuseWhatAContainerDoesNotAllow() throws Exception {
        try (Connection connection = factory.createConnection();
                JMSContext context = factory.createContext()) {
            Session session = connection.createSession();
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            MessageProducer producer = session.createProducer(session.createQueue(queue));
            TextMessage message = session.createTextMessage("a");
            List<ThrowingCallable> classic = List.of(
                    () -> connection.setClientID("x"),
                    () -> connection.setExceptionListener(problem -> {}),
                    connection::stop,
                    () -> connection.createConnectionConsumer(session.createQueue(queue), null, null, 1),
                    connection::createSession,
                    () -> session.setMessageListener(null),
                    session::getMessageListener,
                    () -> consumer.setMessageListener(null),
                    consumer::getMessageListener,
                    session::rollback,
                    () -> producer.send(message, null));
            for (ThrowingCallable call : classic) {
                assertThatThrownBy(call).isInstanceOf(jakarta.jms.IllegalStateException.class);
            }
            JMSConsumer simple = context.createConsumer(context.createQueue(queue));
            List<ThrowingCallable> simplified = List.of(
                    () -> context.setClientID("x"),
                    () -> context.setExceptionListener(problem -> {}),
                    context::stop,
                    () -> context.createContext(JMSContext.AUTO_ACKNOWLEDGE),
                    () -> simple.setMessageListener(null),
                    simple::getMessageListener,
                    context::commit,
                    context::rollback,
                    session::run,
                    () -> context.createProducer().setAsync(new IgnoringListener()));
            for (ThrowingCallable call : simplified) {
                assertThatThrownBy(call).isInstanceOf(IllegalStateRuntimeException.class);
            }
            session.close();
            connection.createSession().close();
        }
    }

    @Test
    void shouldKeepTheDomainOfASession() throws Exception {
        PosthornManagedQueueConnectionFactory managed = new PosthornManagedQueueConnectionFactory();
        managed.setUrl(node.url());
        QueueConnectionFactory queues = (QueueConnectionFactory) managed.createConnectionFactory(pool);
        try (QueueConnection connection = queues.createQueueConnection()) {
            QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            assertThatThrownBy(() -> session.createTopic("t")).isInstanceOf(jakarta.jms.IllegalStateException.class);
            assertThat(session.createQueue("q")).isNotNull();
        }
    }

    @Test
    void shouldLeaveNothingOfTheLastUser() throws Exception {
        Connection connection = factory.createConnection();
        Session session = connection.createSession();
        connection.start();
        TemporaryQueue temporary = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        node.send(queue, "a");
        connection.close();
        assertThat(node.drain(queue)).containsExactly("a");
        assertThatThrownBy(connection::createSession).isInstanceOf(jakarta.jms.IllegalStateException.class);
        assertThatThrownBy(() -> session.createProducer(null)).isInstanceOf(jakarta.jms.IllegalStateException.class);
        assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(jakarta.jms.IllegalStateException.class);
        try (JMSContext next = factory.createContext()) {
            assertThatThrownBy(() -> next.createConsumer(temporary))
                    .isInstanceOf(jakarta.jms.InvalidDestinationRuntimeException.class);
        }
        assertThat(pool.made()).isEqualTo(1);
    }

    @Test
    void shouldGoOnBehindAnotherManagedConnection() throws Exception {
        node.send(queue, "one", "two");
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession();
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
            MessageProducer producer = session.createProducer(session.createQueue(queue + "-out"));
            producer.setPriority(7);
            assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("one");
            ManagedConnection before = managedConnectionOf(pool);
            ((jakarta.resource.spi.DissociatableManagedConnection) before).dissociateConnections();
            pool.takeBack(before);
            try (Connection other = factory.createConnection()) {
                other.start();
                assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("two");
                producer.send(session.createTextMessage("done"));
            }
        }
        assertThat(pool.made()).isEqualTo(2);
        assertThat(node.drain(queue + "-out")).containsExactly("done");
    }

    private static ManagedConnection managedConnectionOf(Pool pool) {
        Set<ManagedConnection> all = pool.inUse();
        assertThat(all).hasSize(1);
        return all.iterator().next();
    }

    @Test
    void shouldReportALostConnectionSoThatThePoolDropsIt(@TempDir Path home) throws Exception {
        try (Node other = Node.start(home)) {
            PosthornManagedConnectionFactory managed = new PosthornManagedConnectionFactory();
            managed.setUrl(other.url());
            managed.setReconnectTimeout("300ms");
            managed.setRequestTimeout("2s");
            factory = (ConnectionFactory) managed.createConnectionFactory(pool);
            send("a");
            Set<ManagedConnection> idle = pool.idle();
            assertThat((Object) managed.getInvalidConnections(idle)).isEqualTo(Set.of());
            other.kill();
            await().atMost(Duration.ofSeconds(20)).until(() -> pool.dropped() == 1);
            assertThat((Object) managed.getInvalidConnections(idle)).isEqualTo(idle);
            assertThatThrownBy(factory::createConnection)
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("127.0.0.1");
            assertThat(pool.free()).isEqualTo(4);
            other.restart();
            send("b");
            assertThat(other.drain(queue)).containsExactly("a", "b");
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNoUrl() {
        ConnectionFactory lost =
                (ConnectionFactory) new PosthornManagedConnectionFactory().createConnectionFactory(pool);
        assertThatThrownBy(lost::createConnection)
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("url is not set");
    }

    @Test
    void shouldSurviveManyThreadsAtAPoolOfOne() throws Exception {
        use(TransactionSupportLevel.XATransaction, 1);
        long seed = Long.getLong("ra.seed", System.nanoTime());
        int threads = 6;
        int rounds = 60;
        AtomicInteger committed = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int index = 0; index < threads; index++) {
                Random chance = new Random(seed + index);
                tasks.add(() -> {
                    for (int round = 0; round < rounds; round++) {
                        oneTransaction(chance, committed);
                    }
                    return null;
                });
            }
            for (Future<Void> task : executor.invokeAll(tasks)) {
                task.get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError("with seed " + seed, e);
        } finally {
            executor.shutdownNow();
        }
        assertThat(node.drain(queue)).hasSize(committed.get());
        assertThat(pool.made()).isEqualTo(1);
        assertThat(pool.free()).isEqualTo(1);
    }

    private void oneTransaction(Random chance, AtomicInteger committed) throws Exception {
        boolean inTransaction = chance.nextInt(4) > 0;
        boolean commits = chance.nextBoolean();
        if (inTransaction) {
            transactions.begin();
        }
        int sends = 1 + chance.nextInt(2);
        for (int count = 0; count < sends; count++) {
            send("x");
        }
        if (inTransaction && commits) {
            transactions.commit();
        } else if (inTransaction) {
            transactions.rollback();
        }
        if (!inTransaction || commits) {
            committed.addAndGet(sends);
        }
    }

    @Test
    void shouldWorkWithoutAContainer() throws Exception {
        ConnectionFactory plain = (ConnectionFactory) managed().createConnectionFactory();
        try (Connection connection = plain.createConnection()) {
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            Queue target = session.createQueue(queue);
            session.createProducer(target).send(session.createTextMessage("a"));
            session.rollback();
            session.createProducer(target).send(session.createTextMessage("b"));
            session.commit();
            connection.createSession().close();
        }
        assertThat(node.drain(queue)).containsExactly("b");
    }

    /** Never called. */
    private static final class IgnoringListener implements jakarta.jms.CompletionListener {

        @Override
        public void onCompletion(jakarta.jms.Message message) {
            throw new AssertionError();
        }

        @Override
        public void onException(jakarta.jms.Message message, Exception exception) {
            throw new AssertionError(exception);
        }
    }
}
