package io.posthorn.tck.resumption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testkit.process.LinkProxy.Direction;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The server has done what it was asked for, and the answer is lost: the call ends well all the same, and its effect is there once. The
 * effect is watched past the proxy before the link is broken.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostAnswerTest {

    private static final int WAIT_MS = 20_000;

    private Rig rig;
    private int queueCount;

    @BeforeAll
    void start(@TempDir Path home) {
        rig = new Rig(home);
    }

    @AfterEach
    void noConnectionWasLost() throws JMSException {
        assertThat(rig.lost()).isEmpty();
        rig.closeConnections();
    }

    @AfterAll
    void stop() throws JMSException {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldSendAPersistentMessageOnce(Break kind) throws Exception {
        Session session = rig.connect().createSession();
        Queue queue = queue(session);
        var producer = session.createProducer(queue);
        Witness witness = new Witness(queue);

        CompletableFuture<Void> sending = withoutAnswer(() -> {
            producer.send(session.createTextMessage("once"));
            return null;
        });
        witness.awaitDepth(1);
        kind.happen(rig);
        end(sending);

        assertThat(witness.depth()).isEqualTo(1);
    }

    /** Nothing in the log tells a server that was started again what the last one delivered from memory. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendAgainWithTheFlagOnlyWhatADeadServerKeptInMemory(boolean transacted) throws Exception {
        Session session =
                rig.connect().createSession(transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
        Session reading = rig.connectDirectly().createSession();
        Queue memory = reading.createTemporaryQueue();
        MessageConsumer reader = reading.createConsumer(memory);
        var producer = session.createProducer(memory);
        for (Break kind : List.of(Break.CUT, Break.KILL)) {
            CompletableFuture<Void> sending = withoutAnswer(() -> {
                producer.send(session.createTextMessage(kind.name()));
                if (transacted) {
                    session.commit();
                }
                return null;
            });
            Message first = reader.receive(WAIT_MS);
            assertThat(first.getBody(String.class)).isEqualTo(kind.name());
            assertThat(first.getJMSRedelivered()).isFalse();
            kind.happen(rig);
            end(sending);
            if (kind == Break.KILL) {
                Message again = reader.receive(WAIT_MS);
                assertThat(again.getBody(String.class)).isEqualTo(kind.name());
                assertThat(again.getJMSRedelivered()).isTrue();
                assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
            }
            assertThat(reader.receiveNoWait()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldCommitOnce(Break kind) throws Exception {
        Session session = rig.connect().createSession(Session.SESSION_TRANSACTED);
        Queue from = queue(session);
        Queue to = queue(session);
        new Witness(from).send("in");
        MessageConsumer consumer = session.createConsumer(from);
        assertThat(consumer.receive(WAIT_MS)).isNotNull();
        session.createProducer(to).send(session.createTextMessage("out"));
        Witness witness = new Witness(to);

        CompletableFuture<Void> committing = withoutAnswer(() -> {
            session.commit();
            return null;
        });
        witness.awaitDepth(1);
        kind.happen(rig);
        end(committing);

        assertThat(witness.depth()).isEqualTo(1);
        assertThat(new Witness(from).depth()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldCommitOnceWhatIsNotPersistent(Break kind) throws Exception {
        Session session = rig.connect().createSession(Session.SESSION_TRANSACTED);
        Queue queue = queue(session);
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer.send(session.createTextMessage("at most once"));
        Witness witness = new Witness(queue);

        CompletableFuture<Void> committing = withoutAnswer(() -> {
            session.commit();
            return null;
        });
        witness.awaitDepth(1);
        witness.receive();
        kind.happen(rig);
        end(committing);

        assertThat(witness.depth()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldAcknowledgeOnce(Break kind) throws Exception {
        Session session = rig.connect().createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = queue(session);
        Witness witness = new Witness(queue);
        witness.send("first");
        witness.send("second");
        MessageConsumer consumer = session.createConsumer(queue);
        assertThat(consumer.receive(WAIT_MS)).isNotNull();
        Message second = consumer.receive(WAIT_MS);

        CompletableFuture<Void> acknowledging = withoutAnswer(() -> {
            second.acknowledge();
            return null;
        });
        witness.awaitDepth(0);
        kind.happen(rig);
        end(acknowledging);

        assertThat(consumer.receiveNoWait()).isNull();
        assertThat(witness.depth()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "STOP", mode = EnumSource.Mode.EXCLUDE)
    void shouldPrepareAndCommitABranchOnce(Break kind) throws Exception {
        XAConnection connection =
                rig.opened(new PosthornXAConnectionFactory(rig.factory("").getUrl()).createXAConnection());
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        Queue queue = queue(session);
        Branch xid = new Branch(queue.getQueueName());
        resource.start(xid, XAResource.TMNOFLAGS);
        session.createProducer(queue).send(session.createTextMessage("in a branch"));
        resource.end(xid, XAResource.TMSUCCESS);
        Witness witness = new Witness(queue);

        CompletableFuture<Integer> preparing = withoutAnswer(() -> resource.prepare(xid));
        witness.awaitPrepared(xid);
        kind.happen(rig);
        assertThat(end(preparing)).isEqualTo(XAResource.XA_OK);
        assertThat(witness.depth()).isZero();

        CompletableFuture<Void> committing = withoutAnswer(() -> {
            resource.commit(xid, false);
            return null;
        });
        witness.awaitDepth(1);
        kind.happen(rig);
        end(committing);

        assertThat(witness.depth()).isEqualTo(1);
        assertThat(witness.prepared()).doesNotContain(xid);
    }

    /** Calls while what the server says is lost. */
    private <T> CompletableFuture<T> withoutAnswer(Callable<T> call) {
        rig.proxy().swallow(Direction.TO_CLIENT);
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                },
                "caller");
        caller.setDaemon(true);
        caller.start();
        return result;
    }

    private static <T> T end(CompletableFuture<T> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        return call.get(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private Queue queue(Session session) throws JMSException {
        return session.createQueue("lost-answer-" + ++queueCount);
    }

    /** Looks at a queue past the proxy. */
    private final class Witness {

        private final Queue queue;

        Witness(Queue queue) {
            this.queue = queue;
        }

        void send(String text) throws JMSException {
            try (Connection connection = rig.directFactory().createConnection()) {
                Session session = connection.createSession();
                session.createProducer(queue).send(session.createTextMessage(text));
            }
        }

        void receive() throws JMSException {
            try (Connection connection = rig.directFactory().createConnection()) {
                connection.start();
                assertThat(connection.createSession().createConsumer(queue).receive(WAIT_MS))
                        .isNotNull();
            }
        }

        int depth() throws JMSException {
            try (Connection connection = rig.directFactory().createConnection()) {
                connection.start();
                QueueBrowser browser = connection.createSession().createBrowser(queue);
                Enumeration<?> messages = browser.getEnumeration();
                return Collections.list(messages).size();
            }
        }

        void awaitDepth(int wanted) {
            await().until(() -> depth() == wanted);
        }

        List<Branch> prepared() throws Exception {
            try (XAConnection connection =
                    new PosthornXAConnectionFactory(rig.directFactory().getUrl()).createXAConnection()) {
                Xid[] found = connection
                        .createXASession()
                        .getXAResource()
                        .recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
                return Arrays.stream(found).map(Branch::of).toList();
            }
        }

        void awaitPrepared(Branch xid) {
            await().until(() -> prepared().contains(xid));
        }
    }

    /** A branch with a name. */
    private record Branch(String name) implements Xid {

        static Branch of(Xid xid) {
            return new Branch(new String(xid.getGlobalTransactionId(), StandardCharsets.UTF_8));
        }

        @Override
        public int getFormatId() {
            return 7;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return name.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }
}
