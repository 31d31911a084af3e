package io.posthorn.tck.xa;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Branches that are prepared and wait: they keep what they hold, over any restart, and are in nobody's way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InDoubtTest {

    private static final int WAIT_MS = 30_000;

    /** With {@code -Dxa.branches=20000} more than fit in a frame of the protocol. */
    private static final int MANY = Integer.getInteger("xa.branches", 200);

    private Node node;

    @BeforeAll
    void start(@TempDir Path home) {
        node = Node.start(home);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** Takes one message from a queue and sends another to it, and prepares that. */
    private BranchXid prepare(String queue, String text) throws JMSException, XAException {
        BranchXid xid = BranchXid.next();
        try (XAConnection connection = node.connect()) {
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            resource.start(xid, XAResource.TMNOFLAGS);
            assertThat(session.createConsumer(session.createQueue(queue)).receive(WAIT_MS))
                    .isNotNull();
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage(text));
            resource.end(xid, XAResource.TMSUCCESS);
            assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
        }
        return xid;
    }

    @Test
    void shouldKeepBranchesOverRestartsAndBeInNobodysWay() throws Exception {
        node.send("busy", "taken and kept", "taken and given back", "free");
        BranchXid kept = prepare("busy", "out");
        BranchXid back = prepare("busy", "never");
        assertThat(node.drain("busy")).containsExactly("free");
        node.crash();
        assertThat(node.inDoubt()).containsExactly(kept, back);
        node.send("busy", "after the crash");
        assertThat(node.drain("busy")).containsExactly("after the crash");
        node.stop();
        node.restart();
        node.crash();
        assertListedOverAnyConnection(kept, back);
        assertThat(node.drain("busy")).isEmpty();

        try (XAConnection connection = node.connect()) {
            XAResource resource = connection.createXASession().getXAResource();
            resource.rollback(back);
            resource.commit(kept, false);
            resource.commit(kept, false);
        }

        try (JMSContext context = new PosthornConnectionFactory(node.url()).createContext();
                JMSConsumer consumer = context.createConsumer(context.createQueue("busy"))) {
            Message again = consumer.receive(WAIT_MS);
            assertThat(again.getBody(String.class)).isEqualTo("taken and given back");
            assertThat(again.getJMSRedelivered()).isTrue();
            assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
            Message sent = consumer.receive(WAIT_MS);
            assertThat(sent.getBody(String.class)).isEqualTo("out");
            assertThat(sent.getJMSRedelivered()).isFalse();
            assertThat(consumer.receiveNoWait()).isNull();
        }
        assertThat(node.inDoubt()).isEmpty();
        try (XAConnection connection = node.connect()) {
            XAResource resource = connection.createXASession().getXAResource();
            assertThat(Codes.of(() -> resource.commit(kept, false))).isEqualTo("OK");
            assertThat(Codes.of(() -> resource.rollback(back))).isEqualTo("NOTA");
        }
    }

    private void assertListedOverAnyConnection(BranchXid... branches) throws JMSException, XAException {
        try (XAConnection one = node.connect();
                XAConnection two = node.connect()) {
            for (XAConnection each : List.of(one, two)) {
                XAResource resource = each.createXASession().getXAResource();
                assertThat(Node.xids(resource, XAResource.TMSTARTRSCAN)).containsExactly(branches);
                assertThat(Node.xids(resource, XAResource.TMNOFLAGS)).isEmpty();
                assertThat(Node.xids(resource, XAResource.TMSTARTRSCAN)).containsExactly(branches);
                assertThat(Node.xids(resource, XAResource.TMENDRSCAN)).isEmpty();
                assertThat(Node.xids(resource, XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                        .containsExactly(branches);
            }
        }
    }

    @Test
    void shouldListAndEndManyBranches() throws Exception {
        List<BranchXid> prepared = new ArrayList<>();
        try (XAConnection connection = node.connect()) {
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            jakarta.jms.MessageProducer producer = session.createProducer(session.createQueue("many"));
            for (int count = 0; count < MANY; count++) {
                BranchXid xid = BranchXid.next();
                prepared.add(xid);
                resource.start(xid, XAResource.TMNOFLAGS);
                producer.send(session.createMessage());
                resource.end(xid, XAResource.TMSUCCESS);
                resource.prepare(xid);
            }
        }
        node.crash();
        assertThat(node.inDoubt()).isEqualTo(prepared);
        try (XAConnection connection = node.connect()) {
            XAResource resource = connection.createXASession().getXAResource();
            for (BranchXid xid : prepared) {
                resource.rollback(xid);
            }
        }
        assertThat(node.inDoubt()).isEmpty();
    }
}
