package io.posthorn.tck.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ServerSession;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What applications do under a transaction manager (section 11.3; Jakarta Transactions 3.4). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GlobalTransactionTest {

    private static final int WAIT_MS = 30_000;

    private final TransactionManager transactions = Coordinator.OF_THIS_JVM.transactions();
    private Node here;
    private Node there;
    private XAConnection connection;
    private XAConnection remote;
    private XASession session;
    private String in;
    private String out;
    private Ledger ledger;

    @BeforeAll
    void start(@TempDir Path home) throws JMSException {
        here = Node.start(home.resolve("here"));
        there = Node.start(home.resolve("there"));
        connection = here.connect();
        remote = there.connect();
    }

    @AfterAll
    void stop() throws JMSException {
        connection.close();
        remote.close();
        here.close();
        there.close();
    }

    @BeforeEach
    void open(TestInfo test, @TempDir Path folder) throws JMSException {
        in = test.getDisplayName() + ".in";
        out = test.getDisplayName() + ".out";
        ledger = new Ledger(folder);
        session = connection.createXASession();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(transactions.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        session.close();
        assertThat(here.inDoubt()).isEmpty();
        assertThat(there.inDoubt()).isEmpty();
    }

    private Transaction begin(XAResource... resources) throws Exception {
        transactions.begin();
        Transaction transaction = transactions.getTransaction();
        for (XAResource resource : resources) {
            assertThat(transaction.enlistResource(resource)).isTrue();
        }
        return transaction;
    }

    private static void send(Session by, String queue, String text) throws JMSException {
        by.createProducer(by.createQueue(queue)).send(by.createTextMessage(text));
    }

    /** Receives without closing the consumer. */
    private static Message receive(Session by, String queue) throws JMSException {
        return by.createConsumer(by.createQueue(queue)).receive(WAIT_MS);
    }

    @Test
    void shouldCommitAtTwoServers() throws Exception {
        XASession far = remote.createXASession();
        here.send(in, "job");
        begin(session.getXAResource(), far.getXAResource());
        assertThat(receive(session, in).getBody(String.class)).isEqualTo("job");
        send(far, out, "done");
        send(session, out, "noted");
        assertThat(here.drain(out)).isEmpty();
        assertThat(there.drain(out)).isEmpty();

        transactions.commit();

        far.close();
        assertThat(there.drain(out)).containsExactly("done");
        assertThat(here.drain(out)).containsExactly("noted");
        session.close();
        assertThat(here.drain(in)).isEmpty();
    }

    @Test
    void shouldRollBackAtTwoServersAndDeliverAgain() throws Exception {
        XASession far = remote.createXASession();
        here.send(in, "job");
        MessageConsumer consumer = session.createConsumer(session.createQueue(in));
        begin(session.getXAResource(), far.getXAResource());
        assertThat(consumer.receive(WAIT_MS).getJMSRedelivered()).isFalse();
        send(far, out, "done");

        transactions.rollback();

        assertThat(there.drain(out)).isEmpty();
        begin(session.getXAResource());
        Message again = consumer.receive(WAIT_MS);
        assertThat(again.getJMSRedelivered()).isTrue();
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
        transactions.commit();
        session.close();
        assertThat(here.drain(in)).isEmpty();
        far.close();
    }

    @Test
    void shouldDeliverWhatWasRolledBackBeforeWhatWasNotReceivedYet() throws Exception {
        here.send(in, "1", "2", "3");
        MessageConsumer consumer = session.createConsumer(session.createQueue(in));
        begin(session.getXAResource());
        assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("1");

        transactions.rollback();

        begin(session.getXAResource());
        for (String expected : List.of("1", "2", "3")) {
            assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo(expected);
        }
        transactions.commit();
        session.close();
        assertThat(here.drain(in)).isEmpty();
    }

    @Test
    void shouldDeliverInOrderWhatAnotherConnectionRollsBack() throws Exception {
        here.send(in, "1", "2", "3");
        MessageConsumer consumer = session.createConsumer(session.createQueue(in));
        BranchXid xid = BranchXid.next();
        session.getXAResource().start(xid, XAResource.TMNOFLAGS);
        assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("1");
        session.getXAResource().end(xid, XAResource.TMSUCCESS);
        assertThat(session.getXAResource().prepare(xid)).isEqualTo(XAResource.XA_OK);

        try (XAConnection recovering = here.connect()) {
            recovering.createXASession().getXAResource().rollback(xid);
        }

        session.createTemporaryQueue().delete(); // what the server had to say before, this connection has heard then
        begin(session.getXAResource());
        for (String expected : List.of("1", "2", "3")) {
            assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo(expected);
        }
        transactions.commit();
        session.close();
        assertThat(here.drain(in)).isEmpty();
    }

    @Test
    void shouldRollBackHereWhenTheOtherResourceCannotPrepare() throws Exception {
        here.send(in, "job");
        ledger.beforePrepare(() -> {
            throw new IllegalStateException("the ledger is full");
        });
        begin(session.getXAResource(), ledger);
        ledger.write("line");
        receive(session, in);
        send(session, out, "done");

        assertThatThrownBy(transactions::commit).isInstanceOf(RollbackException.class);

        session.close();
        assertThat(here.drain(out)).isEmpty();
        assertThat(here.drain(in)).containsExactly("job");
        assertThat(ledger.lines()).isEmpty();
    }

    @Test
    void shouldCommitWithAnotherKindOfResource() throws Exception {
        begin(ledger, session.getXAResource());
        ledger.write("line");
        send(session, out, "done");

        transactions.commit();

        assertThat(here.drain(out)).containsExactly("done");
        assertThat(ledger.lines()).containsExactly("line");
    }

    @Test
    void shouldCommitAloneInOnePhase() throws Exception {
        here.send(in, "job");
        begin(session.getXAResource());
        receive(session, in);
        send(session, out, "done");

        transactions.commit();

        session.close();
        assertThat(here.drain(in)).isEmpty();
        assertThat(here.drain(out)).containsExactly("done");
    }

    @Test
    void shouldTakePartWithoutDoingAnything() throws Exception {
        begin(session.getXAResource(), ledger);
        ledger.write("line");

        transactions.commit();

        assertThat(ledger.lines()).containsExactly("line");
    }

    @Test
    void shouldJoinTwoConnectionsToOneServerInOneBranch() throws Exception {
        AtomicReference<List<BranchXid>> prepared = new AtomicReference<>();
        ledger.beforeCommit(() -> prepared.set(inDoubt()));
        here.send(in, "job");
        try (XAConnection second = here.connect()) {
            XASession joined = second.createXASession();
            begin(ledger, session.getXAResource(), joined.getXAResource());
            ledger.write("line");
            receive(joined, in);
            send(session, out, "one");
            send(joined, out, "two");

            transactions.commit();
        }

        assertThat(prepared.get()).hasSize(1);
        // Messages of two sessions have no order among each other (section 6.2.9).
        assertThat(here.drain(out)).containsExactlyInAnyOrder("one", "two");
        assertThat(here.drain(in)).isEmpty();
    }

    private List<BranchXid> inDoubt() {
        try {
            return here.inDoubt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldSuspendAndResume() throws Exception {
        here.send(in, "first", "second");
        MessageConsumer consumer = session.createConsumer(session.createQueue(in));
        Transaction suspended = begin(session.getXAResource());
        assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("first");
        send(session, out, "inside");
        suspended.delistResource(session.getXAResource(), XAResource.TMSUSPEND);
        assertThat(transactions.suspend()).isEqualTo(suspended);

        send(session, out, "outside");
        assertThat(here.drain(out)).containsExactly("outside");
        begin(session.getXAResource());
        send(session, out, "another transaction");
        transactions.commit();
        assertThat(here.drain(out)).containsExactly("another transaction");

        transactions.resume(suspended);
        suspended.enlistResource(session.getXAResource());
        assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("second");
        transactions.commit();
        assertThat(here.drain(out)).containsExactly("inside");
        session.close();
        assertThat(here.drain(in)).isEmpty();
    }

    @Test
    void shouldRollBackWhatWasDelistedAsFailed() throws Exception {
        here.send(in, "job");
        Transaction transaction = begin(session.getXAResource());
        receive(session, in);
        send(session, out, "done");
        transaction.delistResource(session.getXAResource(), XAResource.TMFAIL);

        assertThatThrownBy(transactions::commit).isInstanceOf(RollbackException.class);

        session.close();
        assertThat(here.drain(out)).isEmpty();
        assertThat(here.drain(in)).containsExactly("job");
    }

    @Test
    void shouldRollBackWhenTheManagersTimeoutPasses() throws Exception {
        here.send(in, "job");
        transactions.setTransactionTimeout(1);
        try {
            begin(session.getXAResource());
        } finally {
            transactions.setTransactionTimeout(0);
        }
        assertThat(session.getXAResource().getTransactionTimeout()).isEqualTo(1);
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(in))) {
            assertThat(consumer.receive(WAIT_MS).getJMSRedelivered()).isFalse();
        }
        send(session, out, "done");

        try (XAConnection elsewhere = here.connect();
                XASession outside = elsewhere.createXASession()) {
            Message again = receive(outside, in);
            assertThat(again.getBody(String.class)).isEqualTo("job");
            assertThat(again.getJMSRedelivered()).isTrue();
        }
        assertThatThrownBy(transactions::commit).isInstanceOf(RollbackException.class);
        session.close();
        assertThat(here.drain(in)).isEmpty();
        assertThat(here.drain(out)).isEmpty();
    }

    /** Containers begin the transaction and run the session in it; generic resource adapters begin it in the listener. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeliverToAContainersListenersInTheirTransactions(boolean listenerBegins) throws Exception {
        here.send(in, "one", "poison", "two");
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        ExecutorService work = Executors.newSingleThreadExecutor();
        XASession pooled = connection.createXASession();
        pooled.setMessageListener(
                listenerBegins
                        ? message -> runInTransaction(pooled, () -> process(pooled, message, seen))
                        : message -> process(pooled, message, seen));
        ServerSession one = new ServerSession() {
            @Override
            public Session getSession() {
                return pooled;
            }

            @Override
            public void start() {
                work.execute(listenerBegins ? pooled : () -> runInTransaction(pooled, pooled));
            }
        };
        BlockingQueue<ServerSession> idle = new LinkedBlockingQueue<>(List.of(one));
        ConnectionConsumer consumer =
                connection.createConnectionConsumer(session.createQueue(in), null, () -> returning(idle, work), 1);
        List<String> attempts = new java.util.ArrayList<>();
        while (!attempts.contains("two")
                || attempts.stream().filter("poison again"::equals).count() < 1) {
            String text = seen.poll(WAIT_MS, TimeUnit.MILLISECONDS);
            assertThat(text).as("after %s", attempts).isNotNull();
            attempts.add(text);
        }
        consumer.close();
        work.shutdown();
        assertThat(work.awaitTermination(WAIT_MS, TimeUnit.MILLISECONDS)).isTrue();
        pooled.close();
        assertThat(attempts).containsExactlyInAnyOrder("one", "poison", "poison again", "two");
        assertThat(here.drain(out)).containsExactlyInAnyOrder("one", "poison again", "two");
        assertThat(here.drain(in)).isEmpty();
    }

    /** A pool of one: given out when its thread has nothing more to do. */
    private static ServerSession returning(BlockingQueue<ServerSession> idle, ExecutorService work) {
        try {
            ServerSession taken = idle.take();
            return new ServerSession() {
                @Override
                public Session getSession() throws JMSException {
                    return taken.getSession();
                }

                @Override
                public void start() throws JMSException {
                    taken.start();
                    work.execute(() -> idle.add(taken));
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Replies; the first attempt at poison fails after that. */
    private void process(Session by, Message message, BlockingQueue<String> seen) {
        try {
            String text = ((TextMessage) message).getText() + (message.getJMSRedelivered() ? " again" : "");
            send(by, out, text);
            if (text.equals("poison")) {
                transactions.setRollbackOnly();
            }
            seen.add(text);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void runInTransaction(XASession pooled, Runnable code) {
        try {
            Transaction transaction = begin(pooled.getXAResource());
            code.run();
            if (transaction.getStatus() == Status.STATUS_MARKED_ROLLBACK) {
                transactions.rollback();
            } else {
                transactions.commit();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
