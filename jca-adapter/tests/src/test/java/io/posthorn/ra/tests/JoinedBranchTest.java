package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.harness.Container;
import io.posthorn.ra.harness.Node;
import io.posthorn.ra.outbound.PosthornManagedConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two managed connections in one branch, with a manager that rolls back before it has ended all work in it: GlassFish and Payara do, see
 * their guides.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JoinedBranchTest {

    private final PosthornResourceAdapter adapter = new PosthornResourceAdapter();
    private Node node;
    private Container container;
    private ManagedConnection first;
    private ManagedConnection second;
    private Xid branch;
    private String queue;

    @BeforeAll
    void start(@TempDir Path home) throws ResourceException {
        node = Node.start(home);
        adapter.setUrl(node.url());
        container = Container.start(adapter);
        first = connect();
        second = connect();
    }

    private ManagedConnection connect() throws ResourceException {
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        return factory.createManagedConnection(null, null);
    }

    @AfterAll
    void stop() throws ResourceException {
        first.destroy();
        second.destroy();
        container.close();
        node.close();
    }

    @BeforeEach
    void join(TestInfo test) throws Exception {
        queue = test.getTestMethod().orElseThrow().getName();
        branch = new ByteXid(queue.hashCode(), (byte) 1);
        assertThat(first.getXAResource().isSameRM(second.getXAResource())).isTrue();
        first.getXAResource().start(branch, XAResource.TMNOFLAGS);
        second.getXAResource().start(new ByteXid(queue.hashCode(), (byte) 1), XAResource.TMJOIN);
        send(first, "one");
        send(second, "two");
    }

    @AfterEach
    void cleanUp() throws ResourceException {
        first.cleanup();
        second.cleanup();
    }

    private void send(ManagedConnection managed, String text) throws ResourceException, JMSException {
        try (Connection connection = (Connection) managed.getConnection(null, null);
                Session session = connection.createSession()) {
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage(text));
        }
    }

    @Test
    void shouldRollBackWhenTheLastWorkInTheBranchHasEnded() throws Exception {
        first.getXAResource().end(branch, XAResource.TMSUCCESS);
        first.getXAResource().rollback(branch);
        send(second, "still of the branch");
        second.getXAResource().end(branch, XAResource.TMSUCCESS);

        assertThat(node.drain(queue)).isEmpty();
        assertThatThrownBy(() -> first.getXAResource().rollback(branch))
                .as("the branch is over at the server")
                .isInstanceOfSatisfying(
                        XAException.class, e -> assertThat(e.errorCode).isEqualTo(XAException.XAER_NOTA));
        send(second, "outside");
        assertThat(node.drain(queue)).containsExactly("outside");
    }

    @Test
    void shouldRollBackAtOnceWhenAllWorkHasEnded() throws Exception {
        first.getXAResource().end(branch, XAResource.TMSUCCESS);
        second.getXAResource().end(branch, XAResource.TMSUCCESS);
        second.getXAResource().rollback(branch);

        assertThatThrownBy(() -> first.getXAResource().commit(branch, true))
                .isInstanceOfSatisfying(
                        XAException.class, e -> assertThat(e.errorCode).isEqualTo(XAException.XAER_NOTA));
        assertThat(node.drain(queue)).isEmpty();
    }

    @Test
    void shouldRefuseARollbackByWhoStillWorksInTheBranch() throws Exception {
        assertThatThrownBy(() -> first.getXAResource().rollback(branch))
                .isInstanceOfSatisfying(
                        XAException.class, e -> assertThat(e.errorCode).isEqualTo(XAException.XAER_PROTO));
        first.getXAResource().end(branch, XAResource.TMSUCCESS);
        second.getXAResource().end(branch, XAResource.TMSUCCESS);
        first.getXAResource().commit(branch, true);
        assertThat(node.drain(queue)).as("of two sessions, in any order").containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void shouldRollBackWhenTheConnectionOfTheLastWorkIsDestroyed() throws Exception {
        first.getXAResource().end(branch, XAResource.TMSUCCESS);
        first.getXAResource().rollback(branch);
        second.destroy();

        assertThatThrownBy(() -> first.getXAResource().rollback(branch))
                .as("the branch is over at the server")
                .isInstanceOfSatisfying(
                        XAException.class, e -> assertThat(e.errorCode).isEqualTo(XAException.XAER_NOTA));
        assertThat(node.drain(queue)).isEmpty();
        second = connect();
    }

    /** Geronimo's connector, so TomEE, goes on with a connection that it could not enlist. */
    @Test
    void shouldDoNothingOutsideOfATransactionThatCouldNotBeJoined() throws Exception {
        first.getXAResource().end(branch, XAResource.TMSUCCESS);
        second.getXAResource().end(branch, XAResource.TMSUCCESS);
        first.getXAResource().rollback(branch);

        assertThatThrownBy(() -> second.getXAResource().start(branch, XAResource.TMJOIN))
                .isInstanceOf(XAException.class);
        assertThatThrownBy(() -> send(second, "not in the transaction"))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("could not join the container's transaction");
        assertThat(node.drain(queue)).isEmpty();

        second.cleanup();
        send(second, "of the next user");
        assertThat(node.drain(queue)).containsExactly("of the next user");
    }

    /** Has no equality of its own, as those of some managers. */
    private static final class ByteXid implements Xid {

        private final int global;
        private final byte qualifier;

        ByteXid(int global, byte qualifier) {
            this.global = global;
            this.qualifier = qualifier;
        }

        @Override
        public int getFormatId() {
            return 77;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(Integer.BYTES).putInt(global).array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {qualifier};
        }
    }
}
