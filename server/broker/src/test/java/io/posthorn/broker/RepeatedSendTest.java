package io.posthorn.broker;

import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.topic;
import static io.posthorn.broker.transaction.Branches.TMNOFLAGS;
import static io.posthorn.broker.transaction.Branches.TMSUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ServerFrame;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that their client sends again to another run: nothing tells whether that run's predecessor delivered them from memory. */
class RepeatedSendTest {

    private static final Address TOPIC = Address.topic("t");
    private static final Address TEMPORARY = new Address(Address.Kind.TEMPORARY_QUEUE, "c-1");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient reader = harness.connected("reader");
    private final TestClient sender = harness.connected();

    @BeforeEach
    void listen() {
        reader.createTemporary(TEMPORARY);
        reader.consume(1, topic("t"));
        reader.consume(2, durable("t", "s"));
        reader.consume(3, TEMPORARY);
        sender.alias(TOPIC);
        sender.alias(TEMPORARY);
    }

    private void announce() {
        sender.frame(new ClientFrame.Repeated(sender.lastCommand + 1));
    }

    private ServerFrame.Deliver lastOf(long consumer) {
        return reader.deliveries.stream()
                .filter(deliver -> deliver.consumer() == consumer)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private void assertFlagged(long consumer, String text) {
        assertThat(TestClient.text(lastOf(consumer))).isEqualTo(text);
        assertThat(lastOf(consumer).redelivered()).isTrue();
        assertThat(lastOf(consumer).attempts()).isEqualTo(1);
    }

    private void assertNotFlagged(long consumer, String text) {
        assertThat(TestClient.text(lastOf(consumer))).isEqualTo(text);
        assertThat(lastOf(consumer).redelivered()).isFalse();
        assertThat(lastOf(consumer).attempts()).isZero();
    }

    @Test
    void shouldBeFlaggedWhereTheyAreKeptInMemoryOnly() {
        announce();
        sender.send(TOPIC, "a");
        assertFlagged(1, "a");
        assertNotFlagged(2, "a");

        announce();
        sender.send(TEMPORARY, "b");
        assertFlagged(3, "b");
    }

    @Test
    void shouldBeFlaggedAlone() {
        announce();
        sender.send(TOPIC, "a");
        sender.send(TOPIC, "b");

        assertNotFlagged(1, "b");
    }

    @Test
    void shouldBeFlaggedWhenTheirTransactionIsCommitted() {
        announce();
        sender.sendTransacted(TOPIC, "a");
        sender.sendTransacted(TEMPORARY, "b");
        sender.commit(1);

        assertFlagged(1, "a");
        assertNotFlagged(2, "a");
        assertNotFlagged(3, "b");
    }

    @Test
    void shouldBeFlaggedWhenTheirBranchIsCommitted() {
        sender.xaStart(1, TMNOFLAGS);
        announce();
        sender.sendTransacted(TOPIC, "a");
        sender.xaEnd(1, TMSUCCESS);
        sender.xaPrepare(1);
        sender.xaCommit(1, false);

        assertFlagged(1, "a");
    }
}
