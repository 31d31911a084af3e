package io.posthorn.tck.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.testkit.process.LinkProxy;
import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The manager, the link or the server fails between the first prepare and the last commit. Nothing is lost, doubled or made up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {

    private static final int WAIT_MS = 30_000;

    /** How often a manager asks again, for a second each time. */
    private static final int ASKED_MAX = 30;

    /** The manager is told soon that the server is gone. */
    private static final String IMPATIENT = "?requestTimeout=1000&closeTimeout=100";

    private final TransactionManager transactions = Coordinator.OF_THIS_JVM.transactions();
    private Node node;

    @TempDir
    Path folder;

    private Ledger ledger;

    @BeforeAll
    void start(@TempDir Path home) {
        node = Node.start(home);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @AfterEach
    void leaveNoTransaction() throws Exception {
        if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
            transactions.rollback();
        }
    }

    @BeforeEach
    void open() {
        ledger = new Ledger(folder.resolve("ledger"));
    }

    private int child(Child.Task task) throws Exception {
        return Child.run(task, folder.resolve("store"), node.url(), folder.resolve("ledger"), folder.resolve("log"));
    }

    /** One message goes from in to out, and a line into the ledger, which is asked first. */
    private void move(XASession session) throws Exception {
        transactions.begin();
        transactions.getTransaction().enlistResource(ledger);
        transactions.getTransaction().enlistResource(session.getXAResource());
        String text;
        try (MessageConsumer consumer = session.createConsumer(session.createQueue("in"))) {
            text = consumer.receive(WAIT_MS).getBody(String.class);
        }
        ledger.write(text);
        session.createProducer(session.createQueue("out")).send(session.createTextMessage(text + " done"));
        transactions.commit();
    }

    private void assertMoved(String... texts) throws JMSException, XAException {
        List<String> done = new ArrayList<>();
        for (String text : texts) {
            done.add(text + " done");
        }
        assertThat(node.inDoubt()).isEmpty();
        assertThat(node.drain("in")).isEmpty();
        assertThat(node.drain("out")).containsExactlyElementsOf(done);
        assertThat(ledger.lines()).containsExactly(texts);
    }

    @Test
    void shouldCommitAfterTheManagersProcessDiedBetweenPrepareAndCommit() throws Exception {
        node.send("in", "job", "other");
        assertThat(child(Child.Task.HALT_IN_COMMIT)).isEqualTo(Child.HALTED);

        assertThat(node.inDoubt()).hasSize(1);
        assertThat(node.drain("out")).isEmpty();
        assertThat(node.drain("in")).containsExactly("other");
        assertThat(ledger.lines()).isEmpty();

        assertThat(child(Child.Task.RECOVER)).isZero();
        assertMoved("job");
    }

    @Test
    void shouldCommitAfterManagerAndServerDied() throws Exception {
        node.send("in", "job");
        assertThat(child(Child.Task.HALT_IN_COMMIT)).isEqualTo(Child.HALTED);
        node.crash();

        assertThat(child(Child.Task.RECOVER)).isZero();
        assertMoved("job");
    }

    @Test
    void shouldRollBackAfterTheManagersProcessDiedBeforeItsDecision() throws Exception {
        node.send("in", "job");
        assertThat(child(Child.Task.HALT_IN_PREPARE)).isEqualTo(Child.HALTED);
        assertThat(node.inDoubt()).hasSize(1);
        assertThat(node.drain("in")).isEmpty();

        assertThat(child(Child.Task.RECOVER)).isZero();
        assertThat(node.inDoubt()).isEmpty();
        assertThat(node.drain("out")).isEmpty();
        assertThat(node.drain("in")).containsExactly("job");
        assertThat(ledger.lines()).isEmpty();
    }

    @Test
    void shouldCommitByItselfWhenTheServerIsKilledBetweenPrepareAndCommit() throws Exception {
        node.send("in", "job");
        try (XAConnection connection = node.connect()) {
            ledger.beforeCommit(node::crash);
            move(connection.createXASession());
        }
        assertMoved("job");
    }

    @Test
    void shouldCommitByItselfWhenTheServerIsKilledBeforePrepare() throws Exception {
        node.send("in", "job");
        try (XAConnection connection = node.connect()) {
            ledger.beforePrepare(node::crash);
            move(connection.createXASession());
        }
        assertMoved("job");
    }

    @Test
    void shouldCommitByRecoveryWhenTheServerComesBackLate() throws Exception {
        node.send("in", "job");
        // Were it to reconnect, it would commit: what was not answered in time is still to be done.
        try (XAConnection connection =
                Node.connect(node.url() + IMPATIENT + "&initialReconnectDelay=10m&maxReconnectDelay=10m")) {
            ledger.beforeCommit(node::kill);
            move(connection.createXASession());
            node.restart();
            assertThat(node.drain("out")).isEmpty();
            try (XAConnection recovering = node.connect()) {
                Coordinator.OF_THIS_JVM.recover(recovering.createXASession().getXAResource(), ledger);
            }
        }
        assertMoved("job");
    }

    @Test
    void shouldCommitOverALinkThatIsCut() throws Exception {
        node.send("in", "job");
        try (LinkProxy link = new LinkProxy(node.port());
                XAConnection connection = Node.connect(link.url())) {
            ledger.beforePrepare(link::cut);
            ledger.beforeCommit(link::cut);
            move(connection.createXASession());
        }
        assertMoved("job");
    }

    @Test
    void shouldCallALostLinkUnavailableAndCommitOnceAfterIt() throws Exception {
        try (LinkProxy link = new LinkProxy(node.port());
                XAConnection connection = Node.connect(link.url() + IMPATIENT)) {
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            BranchXid xid = BranchXid.next();
            resource.start(xid, XAResource.TMNOFLAGS);
            session.createProducer(session.createQueue("out")).send(session.createTextMessage("once done"));
            resource.end(xid, XAResource.TMSUCCESS);
            assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);

            link.tear();
            assertThat(Codes.of(() -> resource.commit(xid, false))).isEqualTo("RMFAIL");
            assertThat(Codes.of(() -> resource.recover(XAResource.TMSTARTRSCAN)))
                    .isEqualTo("RMFAIL");
            assertThat(Codes.of(() -> resource.start(BranchXid.next(), XAResource.TMNOFLAGS)))
                    .isEqualTo("RMFAIL");
            assertThat(node.inDoubt()).containsExactly(xid);
            link.refuse(false);
            String answer = "RMFAIL";
            for (int asked = 0; answer.equals("RMFAIL") && asked < ASKED_MAX; asked++) {
                answer = Codes.of(() -> resource.commit(xid, false));
            }
            assertThat(answer).isEqualTo("OK");
        }
        assertThat(node.drain("out")).containsExactly("once done");
        assertThat(node.inDoubt()).isEmpty();
    }

    /** One connection receives, another sends, the manager joins both in one branch. */
    private void moveOverTwoConnections(XASession receiving, XASession sending) throws Exception {
        transactions.begin();
        transactions.getTransaction().enlistResource(ledger);
        transactions.getTransaction().enlistResource(receiving.getXAResource());
        transactions.getTransaction().enlistResource(sending.getXAResource());
        String text;
        try (MessageConsumer consumer = receiving.createConsumer(receiving.createQueue("in"))) {
            text = consumer.receive(WAIT_MS).getBody(String.class);
        }
        ledger.write(text);
        sending.createProducer(sending.createQueue("out")).send(sending.createTextMessage(text + " done"));
        transactions.commit();
    }

    /** Returns when the connection has told a server that was started again all that it must know. */
    private static void awaitBack(XAConnection connection) {
        try (Session session = connection.createSession()) {
            session.createTemporaryQueue().delete();
        } catch (JMSException e) {
            throw new IllegalStateException("The connection did not come back", e);
        }
    }

    @Test
    void shouldCommitASharedBranchWhenTheServerIsKilledBeforePrepareAndBothAreBack() throws Exception {
        node.send("in", "job");
        try (XAConnection receiver = node.connect();
                XAConnection sender = node.connect()) {
            ledger.beforePrepare(() -> {
                node.crash();
                awaitBack(receiver);
                awaitBack(sender);
            });
            moveOverTwoConnections(receiver.createXASession(), sender.createXASession());
        }
        assertMoved("job");
    }

    @Test
    void shouldCommitASharedBranchWhenTheServerIsKilledBetweenPrepareAndCommit() throws Exception {
        node.send("in", "job");
        try (XAConnection receiver = node.connect();
                XAConnection sender = node.connect()) {
            ledger.beforeCommit(node::crash);
            moveOverTwoConnections(receiver.createXASession(), sender.createXASession());
        }
        assertMoved("job");
    }

    @Test
    void shouldRollBackASharedBranchWhenOnePartDoesNotComeBackAfterAKill() throws Exception {
        node.send("in", "job");
        try (LinkProxy link = new LinkProxy(node.port());
                XAConnection receiver = node.connect();
                XAConnection sender = Node.connect(link.url() + IMPATIENT)) {
            ledger.beforePrepare(() -> {
                link.tear();
                node.crash();
            });
            assertThatThrownBy(() -> moveOverTwoConnections(receiver.createXASession(), sender.createXASession()))
                    .isInstanceOf(RollbackException.class);
            link.refuse(false);
        }
        assertThat(node.inDoubt()).isEmpty();
        assertThat(node.drain("out")).isEmpty();
        assertThat(node.drain("in")).containsExactly("job");
        assertThat(ledger.lines()).isEmpty();
    }

    /** What is not prepared, a resource manager may roll back (XA specification 3.3 and 3.4), and says so when asked to prepare. */
    @Test
    void shouldRollBackABranchWhoseSessionWasClosedBeforeTheServerWasKilled() throws Exception {
        node.send("in", "job");
        try (XAConnection connection = node.connect()) {
            XASession closed = connection.createXASession();
            BranchXid xid = BranchXid.next();
            closed.getXAResource().start(xid, XAResource.TMNOFLAGS);
            try (MessageConsumer consumer = closed.createConsumer(closed.createQueue("in"))) {
                assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("job");
            }
            closed.createProducer(closed.createQueue("out")).send(closed.createTextMessage("never"));
            closed.getXAResource().end(xid, XAResource.TMSUCCESS);
            closed.close();
            node.crash();

            XAResource resource = connection.createXASession().getXAResource();
            assertThat(Codes.ofResult(() -> resource.prepare(xid))).isIn("RBROLLBACK", "NOTA");
            assertThat(Codes.of(() -> resource.commit(xid, true))).isEqualTo("NOTA");
        }
        assertThat(node.inDoubt()).isEmpty();
        assertThat(node.drain("out")).isEmpty();
        assertThat(node.drain("in")).containsExactly("job");
    }

    /** More rounds with {@code -Dxa.rounds=100}; another row of faults with {@code -Dxa.seed=N}. */
    @Test
    void shouldMoveEachMessageOnceWhateverIsKilledWhen() throws Exception {
        long seed = Long.getLong("xa.seed", System.nanoTime());
        int rounds = Integer.getInteger("xa.rounds", 2);
        Random chance = new Random(seed);
        List<String> texts = new ArrayList<>();
        try (LinkProxy link = new LinkProxy(node.port());
                XAConnection connection = Node.connect(link.url())) {
            XASession session = connection.createXASession();
            for (int round = 0; round < rounds; round++) {
                String text = String.format("%04d", round);
                texts.add(text);
                node.send("in", text);
                ledger.beforePrepare(fault(chance, link));
                ledger.beforeCommit(fault(chance, link));
                move(session);
            }
        } catch (Exception e) {
            throw new AssertionError("with seed " + seed, e);
        }
        assertMoved(texts.toArray(String[]::new));
    }

    private Runnable fault(Random chance, LinkProxy link) {
        return switch (chance.nextInt(4)) {
            case 0 -> node::crash;
            case 1 -> link::cut;
            case 2 ->
                () -> {
                    node.stop();
                    node.restart();
                };
            default -> () -> {};
        };
    }
}
