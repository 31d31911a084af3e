package io.posthorn.broker;

import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.shared;
import static io.posthorn.broker.transaction.Branches.TMNOFLAGS;
import static io.posthorn.broker.transaction.Branches.TMSUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import org.junit.jupiter.api.Test;

/** A durable subscription is not deleted while a message of it is under way (JMS 3.1 section 8.3.3). */
class UnsubscribeTest {

    private static final Address TOPIC = Address.topic("t");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected("alice");
    private final TestClient sender = harness.connected();

    /** Leaves one message with the session, and no consumer. */
    private long holdOne() {
        client.consume(1, durable("t", "s"));
        sender.send(TOPIC, "a");
        long entry = client.last().entry();
        client.detach(1, entry);
        return entry;
    }

    private void assertKept() {
        long unsubscribe = client.unsubscribe("s");
        assertThat(client.failure(unsubscribe)).isEqualTo(ErrorCode.ILLEGAL_STATE);
        assertThat(client.failures.get(unsubscribe).text()).contains("'s'").contains("not acknowledged");
    }

    private void assertDeleted() {
        assertThat(client.failure(client.unsubscribe("s"))).isNull();
    }

    @Test
    void shouldBeRefusedUntilTheMessageIsAcknowledged() {
        long entry = holdOne();
        assertKept();

        client.acknowledge(1, entry);

        assertDeleted();
    }

    @Test
    void shouldBeRefusedUntilTheTransactionIsCommitted() {
        client.acknowledgeTransacted(1, holdOne());
        assertKept();

        client.commit(1);

        assertDeleted();
    }

    @Test
    void shouldBePossibleOnceTheMessageIsGivenBack() {
        client.acknowledgeTransacted(1, holdOne());
        client.rollback(1);
        assertDeleted();

        client.closeSession(1, new ClientFrame.Handed(1, TestClient.ranges()));
        client.openSession(1);
        long entry = holdOne();
        assertKept();
        client.closeSession(1, new ClientFrame.Handed(1, TestClient.ranges(entry)));
        assertDeleted();
    }

    @Test
    void shouldBeRefusedUntilTheBranchIsDecided() {
        long entry = holdOne();
        client.xaStart(1, TMNOFLAGS);
        client.acknowledgeTransacted(1, entry);
        client.xaEnd(1, TMSUCCESS);
        assertKept();
        client.xaPrepare(1);
        assertKept();
        harness.restart();
        client.reconnect().openSession(1);
        assertKept();

        client.xaCommit(1, false);

        assertDeleted();
    }

    @Test
    void shouldBeRefusedUntilABranchWithAMessageInMemoryIsDecided() {
        client.consume(1, durable("t", "s"));
        sender.send(TOPIC, TestClient.message("a").persistent(false));
        long entry = client.last().entry();
        client.detach(1, entry);
        client.xaStart(1, TMNOFLAGS);
        client.acknowledgeTransacted(1, entry);
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        assertKept();

        client.xaRollback(1);

        assertDeleted();
    }

    @Test
    void shouldBeRefusedWhileAnotherConnectionHasTheMessage() {
        TestClient other = harness.connected();
        other.consume(1, shared("t", "s", true));
        sender.send(TOPIC, "a");
        long entry = other.last().entry();
        other.detach(1, entry);
        assertThat(sender.failure(sender.unsubscribe("s"))).isEqualTo(ErrorCode.ILLEGAL_STATE);

        other.disconnect();
        assertThat(sender.failure(sender.unsubscribe("s")))
                .as("it may come back")
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
        harness.sleep(31_000);

        assertThat(sender.failure(sender.unsubscribe("s"))).isNull();
    }
}
