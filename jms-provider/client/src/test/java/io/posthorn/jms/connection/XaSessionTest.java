package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.consumer.PosthornConsumer;
import io.posthorn.jms.fake.FakeServer;
import io.posthorn.wire.frame.ErrorCode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TransactionInProgressException;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class XaSessionTest {

    private final FakeServer server = new FakeServer();
    private final PosthornQueue queue = new PosthornQueue("q");
    private final Xid xid = new TestXid("global", "one");
    private PosthornXAConnection connection;
    private XASession session;
    private XAResource resource;

    @BeforeEach
    void connect() throws Exception {
        connection = Opened.xaConnection(server);
        connection.start();
        session = connection.createXASession();
        resource = session.getXAResource();
    }

    @Test
    void shouldShowSendsWithTheCommitOfTheBranch() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        send();
        resource.end(xid, XAResource.TMSUCCESS);
        assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
        assertThat(depth()).isZero();

        resource.commit(xid, false);

        assertThat(depth()).isEqualTo(1);
    }

    @Test
    void shouldGiveBackWhatWasReceivedInABranchThatRollsBack() throws Exception {
        send();
        MessageConsumer consumer = session.createConsumer(queue);
        resource.start(xid, XAResource.TMNOFLAGS);
        assertThat(consumer.receive()).isNotNull();
        resource.end(xid, XAResource.TMFAIL);

        resource.rollback(xid);

        resource.start(new TestXid("global", "two"), XAResource.TMNOFLAGS);
        assertThat(consumer.receive().getJMSRedelivered()).isTrue();
    }

    @Test
    void shouldHandOverInTheBranchThatBeginsAfterAMessageWasAwaited() throws Exception {
        PosthornConsumer consumer = (PosthornConsumer) session.createConsumer(queue);
        assertThat(consumer.hasMessage()).isFalse();
        assertThat(consumer.handOver(message -> {
                    throw new AssertionError("there is none");
                }))
                .isFalse();
        send();
        assertThat(consumer.awaitMessage(20_000)).isTrue();

        resource.start(xid, XAResource.TMNOFLAGS);
        List<Message> handed = new ArrayList<>();
        assertThat(consumer.handOver(handed::add)).isTrue();
        resource.end(xid, XAResource.TMSUCCESS);
        assertThat(handed).hasSize(1);
        assertThat(consumer.hasMessage()).isFalse();

        resource.rollback(xid);
        assertThat(consumer.awaitMessage(20_000)).isTrue();
    }

    @Test
    void shouldTellWhenNothingWasDone() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        resource.end(xid, XAResource.TMSUCCESS);

        assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_RDONLY);
    }

    @Test
    void shouldWorkForOneBranchAfterTheOther() throws Exception {
        Xid other = new TestXid("global", "two");
        resource.start(xid, XAResource.TMNOFLAGS);
        send();
        resource.end(xid, XAResource.TMSUSPEND);
        resource.start(other, XAResource.TMNOFLAGS);
        resource.end(other, XAResource.TMSUCCESS);
        resource.start(xid, XAResource.TMRESUME);
        send();
        resource.end(xid, XAResource.TMSUCCESS);

        resource.commit(xid, true);

        assertThat(depth()).isEqualTo(2);
    }

    @Test
    void shouldAcknowledgeAutomaticallyOutsideOfABranch() throws Exception {
        send();
        assertThat(depth()).isEqualTo(1);
        assertThat(session.createConsumer(queue).receive()).isNotNull();

        session.close();

        assertThat(depth()).isZero();
    }

    @Test
    void shouldListPreparedBranchesOnceAScan() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        send();
        resource.end(xid, XAResource.TMSUCCESS);
        resource.prepare(xid);
        XAResource elsewhere = Opened.xaConnection(server).createXASession().getXAResource();

        Xid[] found = elsewhere.recover(XAResource.TMSTARTRSCAN);

        assertThat(found).hasSize(1);
        assertThat(found[0].getFormatId()).isEqualTo(xid.getFormatId());
        assertThat(found[0].getGlobalTransactionId()).isEqualTo(xid.getGlobalTransactionId());
        assertThat(found[0].getBranchQualifier()).isEqualTo(xid.getBranchQualifier());
        assertThat(elsewhere.recover(XAResource.TMNOFLAGS)).isEmpty();
        assertThat(elsewhere.recover(XAResource.TMENDRSCAN)).isEmpty();
        assertThat(elsewhere.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                .hasSize(1);
        elsewhere.commit(found[0], false);
        assertThat(depth()).isEqualTo(1);
    }

    @Test
    void shouldOutliveItsSession() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        send();
        resource.end(xid, XAResource.TMSUCCESS);
        session.close();

        resource.prepare(xid);
        resource.commit(xid, false);

        assertThat(depth()).isEqualTo(1);
    }

    @Test
    void shouldRefuseABranchWhoseMessageCouldNotBeSent() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        server.failNextSend(ErrorCode.RESOURCE_LIMIT);
        send();

        assertXa(XAException.XA_RBROLLBACK, () -> resource.end(xid, XAResource.TMSUCCESS));
        resource.rollback(xid);
    }

    @Test
    void shouldTellWhatIsWrongAsXaDoes() throws Exception {
        Xid unknown = new TestXid("global", "unknown");
        resource.start(xid, XAResource.TMNOFLAGS);
        XAResource other = connection.createXASession().getXAResource();

        assertXa(XAException.XAER_PROTO, () -> resource.start(unknown, XAResource.TMNOFLAGS));
        assertXa(XAException.XAER_DUPID, () -> other.start(xid, XAResource.TMNOFLAGS));
        assertXa(XAException.XAER_NOTA, () -> other.start(unknown, XAResource.TMJOIN));
        assertXa(XAException.XAER_NOTA, () -> resource.commit(unknown, true));
        assertXa(XAException.XAER_PROTO, () -> resource.commit(xid, true));
        assertXa(XAException.XAER_INVAL, () -> other.start(xid, XAResource.TMSUCCESS));
        assertXa(XAException.XAER_INVAL, () -> resource.end(xid, XAResource.TMJOIN));
        assertXa(XAException.XAER_INVAL, () -> resource.recover(XAResource.TMFAIL));
        assertXa(XAException.XAER_INVAL, () -> resource.rollback(null));
        assertXa(XAException.XAER_INVAL, () -> resource.setTransactionTimeout(-1));
        connection.close();
        assertXa(XAException.XAER_RMFAIL, () -> resource.recover(XAResource.TMSTARTRSCAN));
        assertXa(XAException.XAER_RMFAIL, () -> resource.rollback(xid));
    }

    @Test
    void shouldKnowItsServer() throws Exception {
        XAResource same = Opened.xaConnection(server).createXASession().getXAResource();
        XAResource different =
                Opened.xaConnection(new FakeServer()).createXASession().getXAResource();

        assertThat(resource.isSameRM(same)).isTrue();
        assertThat(resource.isSameRM(different)).isFalse();
        assertThat(resource.isSameRM(null)).isFalse();
        assertThat(resource.setTransactionTimeout(12)).isTrue();
        assertThat(resource.getTransactionTimeout()).isEqualTo(12);
    }

    @Test
    void shouldLeaveTransactionsToTheManager() throws Exception {
        assertThat(session.getTransacted()).isTrue();
        assertThat(session.getSession()).isNotNull();
        assertThatThrownBy(session::commit).isInstanceOf(TransactionInProgressException.class);
        assertThatThrownBy(session::rollback).isInstanceOf(TransactionInProgressException.class);
        assertThatThrownBy(session::recover).isInstanceOf(IllegalStateException.class);
        session.close();
        assertThatThrownBy(session::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(session::getSession).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldGiveOrdinarySessionsAsWell() throws Exception {
        Session ordinary = connection.createSession(true, 0);

        ordinary.createProducer(queue).send(ordinary.createMessage());
        ordinary.commit();

        assertThat(depth()).isEqualTo(1);
        assertThat(connection.createXAQueueSession().getQueueSession()).isNotNull();
        assertThat(connection.createXATopicSession().getTopicSession()).isNotNull();
    }

    private void send() throws Exception {
        session.createProducer(queue).send(session.createMessage());
    }

    private int depth() {
        return server.depth(queue.address());
    }

    private static AbstractThrowableAssert<?, ?> assertXa(int code, ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(XAException.class, thrown -> {
            assertThat(thrown.errorCode).isEqualTo(code);
            assertThat(thrown.getMessage()).isNotBlank();
        });
    }

    private record TestXid(String global, String qualifier) implements Xid {

        @Override
        public int getFormatId() {
            return 42;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return global.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] getBranchQualifier() {
            return qualifier.getBytes(StandardCharsets.UTF_8);
        }
    }
}
