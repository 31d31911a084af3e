package io.posthorn.tck.xa;

import static io.posthorn.tck.xa.Codes.of;
import static io.posthorn.tck.xa.Codes.ofResult;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The codes of every verb in every state of a branch: Distributed TP, The XA Specification, tables 6-2 to 6-4 and chapter 5. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerbTableTest {

    private static final int WAIT_MS = 30_000;

    private Node node;
    private XAConnection connection;
    private XAConnection other;

    @BeforeAll
    void start(@TempDir Path home) throws JMSException {
        node = Node.start(home);
        connection = node.connect();
        other = node.connect();
    }

    @AfterAll
    void stop() throws JMSException {
        connection.close();
        other.close();
        node.close();
    }

    /** Where a branch is when the verb comes. The session that made it asks, unless it says otherwise. */
    enum State {
        UNKNOWN,
        ACTIVE,
        ACTIVE_ELSEWHERE,
        SUSPENDED,
        IDLE,
        EMPTY,
        PREPARED,
        COMMITTED,
        ROLLED_BACK,
        FAILED,
        TIMED_OUT,
        TIMED_OUT_ACTIVE,
        TIMED_OUT_SUSPENDED
    }

    /** One field of the table: a branch in a state, and who asks. */
    private record Field(XAResource resource, Xid xid) {

        String ask(int verb) {
            return switch (verb) {
                case 0 -> of(() -> resource.start(xid, XAResource.TMNOFLAGS));
                case 1 -> of(() -> resource.start(xid, XAResource.TMJOIN));
                case 2 -> of(() -> resource.start(xid, XAResource.TMRESUME));
                case 3 -> of(() -> resource.end(xid, XAResource.TMSUCCESS));
                case 4 -> of(() -> resource.end(xid, XAResource.TMFAIL));
                case 5 -> of(() -> resource.end(xid, XAResource.TMSUSPEND));
                case 6 -> ofResult(() -> resource.prepare(xid));
                case 7 -> of(() -> resource.commit(xid, false));
                case 8 -> of(() -> resource.commit(xid, true));
                case 9 -> of(() -> resource.rollback(xid));
                default -> of(() -> resource.forget(xid));
            };
        }
    }

    private static final int VERBS = 11;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            STATE               | start join resume success fail suspend prepare commit onePhase rollback forget
            UNKNOWN             | OK    NOTA NOTA   NOTA    NOTA NOTA    NOTA    NOTA   NOTA     NOTA     NOTA
            ACTIVE              | PROTO PROTO PROTO OK      OK   OK      PROTO   PROTO  PROTO    PROTO    PROTO
            ACTIVE_ELSEWHERE    | DUPID OK   PROTO  PROTO   PROTO PROTO  PROTO   PROTO  PROTO    PROTO    PROTO
            SUSPENDED           | DUPID PROTO OK    OK      OK   PROTO   PROTO   PROTO  PROTO    OK       PROTO
            IDLE                | DUPID OK   PROTO  PROTO   PROTO PROTO  OK      PROTO  OK       OK       PROTO
            EMPTY               | DUPID OK   PROTO  PROTO   PROTO PROTO  RDONLY  PROTO  OK       OK       PROTO
            PREPARED            | DUPID PROTO PROTO PROTO   PROTO PROTO  PROTO   OK     PROTO    OK       PROTO
            COMMITTED           | DUPID NOTA NOTA   NOTA    NOTA NOTA    NOTA    OK     NOTA     NOTA     NOTA
            ROLLED_BACK         | OK    NOTA NOTA   NOTA    NOTA NOTA    NOTA    NOTA   NOTA     NOTA     NOTA
            FAILED              | DUPID ROLLBACK PROTO PROTO PROTO PROTO ROLLBACK PROTO ROLLBACK OK       PROTO
            TIMED_OUT           | DUPID TIMEOUT TIMEOUT PROTO PROTO PROTO TIMEOUT PROTO TIMEOUT  OK       PROTO
            TIMED_OUT_ACTIVE    | PROTO PROTO PROTO TIMEOUT TIMEOUT TIMEOUT TIMEOUT PROTO TIMEOUT OK      PROTO
            TIMED_OUT_SUSPENDED | DUPID TIMEOUT TIMEOUT TIMEOUT TIMEOUT PROTO TIMEOUT PROTO TIMEOUT OK    PROTO
            """)
    void shouldAnswerAsTheSpecificationSays(State state, String answers) throws Exception {
        List<Field> row = new ArrayList<>();
        for (int verb = 0; verb < VERBS; verb++) {
            row.add(bring(state, "verb.table"));
        }
        if (state.name().startsWith("TIMED_OUT")) {
            awaitTimeout();
        }
        List<String> said = new ArrayList<>();
        for (int verb = 0; verb < VERBS; verb++) {
            said.add(row.get(verb).ask(verb));
        }
        assertThat(said).containsExactly(answers.trim().split(" +"));
    }

    private Field bring(State state, String queue) throws JMSException, XAException {
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        Xid xid = BranchXid.next();
        if (state == State.UNKNOWN) {
            return new Field(resource, xid);
        }
        if (state.name().startsWith("TIMED_OUT")) {
            resource.setTransactionTimeout(1);
        }
        resource.start(xid, XAResource.TMNOFLAGS);
        if (state != State.EMPTY) {
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage("in a branch"));
        }
        switch (state) {
            case ACTIVE, TIMED_OUT_ACTIVE, UNKNOWN -> {}
            case ACTIVE_ELSEWHERE -> {
                return new Field(other.createXASession().getXAResource(), xid);
            }
            case SUSPENDED, TIMED_OUT_SUSPENDED -> resource.end(xid, XAResource.TMSUSPEND);
            case FAILED -> resource.end(xid, XAResource.TMFAIL);
            case IDLE, EMPTY, TIMED_OUT -> resource.end(xid, XAResource.TMSUCCESS);
            case PREPARED -> prepare(resource, xid);
            case COMMITTED -> {
                prepare(resource, xid);
                resource.commit(xid, false);
            }
            case ROLLED_BACK -> {
                prepare(resource, xid);
                resource.rollback(xid);
            }
        }
        return new Field(resource, xid);
    }

    private static void prepare(XAResource resource, Xid xid) throws XAException {
        resource.end(xid, XAResource.TMSUCCESS);
        assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
    }

    /** Until a branch that is younger than all others has timed out, so that its message is there for others. */
    private void awaitTimeout() throws JMSException, XAException {
        String queue = "verb.timeout";
        node.send(queue, "marker");
        XASession session = connection.createXASession();
        XAResource resource = session.getXAResource();
        resource.setTransactionTimeout(1);
        Xid xid = BranchXid.next();
        resource.start(xid, XAResource.TMNOFLAGS);
        assertThat(session.createConsumer(session.createQueue(queue)).receive(WAIT_MS))
                .isNotNull();
        resource.end(xid, XAResource.TMSUSPEND);
        session.close();
        try (XASession outside = other.createXASession();
                MessageConsumer consumer = outside.createConsumer(outside.createQueue(queue))) {
            Message marker = consumer.receive(WAIT_MS);
            assertThat(marker.getJMSRedelivered()).isTrue();
        }
    }

    @Test
    void shouldRefuseArgumentsThatAreNone() throws JMSException {
        XAResource resource = connection.createXASession().getXAResource();
        Xid xid = BranchXid.next();

        assertThat(of(() -> resource.start(null, XAResource.TMNOFLAGS))).isEqualTo("INVAL");
        assertThat(of(() -> resource.commit(null, false))).isEqualTo("INVAL");
        assertThat(of(() -> resource.start(xid, XAResource.TMSUCCESS))).isEqualTo("INVAL");
        assertThat(of(() -> resource.end(xid, XAResource.TMJOIN))).isEqualTo("INVAL");
        assertThat(of(() -> resource.setTransactionTimeout(-1))).isEqualTo("INVAL");
        assertThat(of(() -> resource.recover(XAResource.TMJOIN))).isEqualTo("INVAL");
        assertThat(of(() -> resource.recover(XAResource.TMNOFLAGS))).isEqualTo("INVAL");
        assertThat(of(() -> resource.recover(XAResource.TMENDRSCAN))).isEqualTo("INVAL");
        assertThat(of(() -> resource.start(new BranchXid(1, "00".repeat(65), "00"), XAResource.TMNOFLAGS)))
                .isEqualTo("INVAL");
    }

    @Test
    void shouldKnowItsOwnServerFromAnother(@TempDir Path home) throws JMSException, XAException {
        XAResource resource = connection.createXASession().getXAResource();
        assertThat(resource.isSameRM(resource)).isTrue();
        assertThat(resource.isSameRM(other.createXASession().getXAResource())).isTrue();
        assertThat(resource.isSameRM(new Ledger(home))).isFalse();
        assertThat(resource.isSameRM(null)).isFalse();
        try (Node second = Node.start(home.resolve("second"));
                XAConnection elsewhere = second.connect()) {
            assertThat(resource.isSameRM(elsewhere.createXASession().getXAResource()))
                    .isFalse();
        }
    }

    @Test
    void shouldKeepItsTimeout() throws JMSException, XAException {
        XAResource resource = connection.createXASession().getXAResource();
        assertThat(resource.setTransactionTimeout(17)).isTrue();
        assertThat(resource.getTransactionTimeout()).isEqualTo(17);
        assertThat(resource.setTransactionTimeout(0)).isTrue();
        assertThat(resource.getTransactionTimeout()).isZero();
    }
}
