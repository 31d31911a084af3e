package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While the journal is short of room, senders wait, and all that makes room goes on. */
class PressureTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Pressure FULL = new Pressure("the disk has 1 bytes free; disk-free-min is 2", 0);

    private final BrokerHarness harness = new BrokerHarness();
    private TestClient client;

    @BeforeEach
    void connect() {
        client = harness.connected();
        client.send(QUEUE, "before");
    }

    private void press(Pressure pressure) {
        harness.turn(() -> harness.broker.onPressure(pressure));
    }

    private String failureText() {
        List<ServerFrame> frames = client.received;
        return ((ServerFrame.Failed) frames.stream()
                        .filter(ServerFrame.Failed.class::isInstance)
                        .reduce((one, next) -> next)
                        .orElseThrow())
                .text();
    }

    @Test
    void shouldRefuseAPersistentMessageWithWhatIsShortAndSinceWhen() {
        press(FULL);
        long sinceMs = harness.nowMs;
        harness.sleep(5000);
        press(new Pressure("the disk has 0 bytes free; disk-free-min is 2", 0));
        long refused = client.send(QUEUE, "refused");
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.BLOCKED);
        assertThat(failureText())
                .contains("0 bytes free; disk-free-min is 2", "since " + Instant.ofEpochMilli(sinceMs));
        assertThat(harness.broker.report().pressure().blockedSenders()).isEqualTo(1);
        assertThat(client.takeUnblocked()).isEmpty();
        assertThat(harness.broker.nextDeadlineMs())
                .as("a turn in which room would be seen")
                .isLessThanOrEqualTo(harness.nowMs + 1000);
        press(null);
        assertThat(client.takeUnblocked()).containsExactly(1L);
        client.reopen(1);
        long taken = client.send(QUEUE, "after");
        assertThat(client.isConfirmed(taken)).isTrue();
        client.consume(1, QUEUE);
        assertThat(client.takeTexts()).containsExactly("before", "after");
    }

    @Test
    void shouldServeAndSettleMeanwhile() {
        press(FULL);
        client.consume(1, QUEUE);
        long acknowledged = client.acknowledge(1, client.last().entry());
        assertThat(client.isConfirmed(acknowledged)).isTrue();
        long notStored = client.send(QUEUE, message("not stored").persistent(false));
        assertThat(client.isConfirmed(notStored)).isTrue();
    }

    @Test
    void shouldFailAtOnceWhereThePolicySaysSo() {
        harness.destinationSettings.put(
                "impatient",
                BrokerSettings.DestinationSettings.DEFAULTS.withLimit(QueueLimit.NONE.orElse(LimitPolicy.FAIL)));
        press(FULL);
        long refused = client.send(Address.queue("impatient"), "refused");
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        press(null);
        assertThat(client.isConfirmed(client.send(Address.queue("impatient"), "taken")))
                .isTrue();
        assertThat(client.failures).hasSize(1);
    }

    @Test
    void shouldLetATransactionWaitWithItsCommit() {
        client.sendTransacted(QUEUE, "one");
        press(FULL);
        client.sendTransacted(QUEUE, "two");
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.BLOCKED);
        press(null);
        assertThat(client.takeUnblocked()).containsExactly(1L);
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        client.consume(1, QUEUE);
        assertThat(client.takeTexts()).containsExactly("before", "one", "two");
    }

    @Test
    void shouldTellWhoWaitedForAQueueBefore() {
        harness.destinationSettings.put(
                "full",
                BrokerSettings.DestinationSettings.DEFAULTS.withLimit(
                        new QueueLimit(1, Long.MAX_VALUE, LimitPolicy.BLOCK)));
        client.send(Address.queue("full"), "one");
        client.sendTransacted(Address.queue("full"), "two");
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.BLOCKED);
        client.rollback(1);
        client.sendTransacted(QUEUE, "three");
        press(FULL);
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.BLOCKED);
        press(null);
        assertThat(client.takeUnblocked()).containsExactly(1L);
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
    }

    @Test
    void shouldLetATransactionThatWaitedInVainRollBack() {
        client.sendTransacted(QUEUE, "one");
        press(FULL);
        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.BLOCKED);
        client.rollback(1);
        press(null);
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        client.consume(1, QUEUE);
        assertThat(client.takeTexts()).containsExactly("before");
    }

    @Test
    void shouldCommitWhatOnlyTakesOut() {
        client.consume(1, QUEUE);
        press(FULL);
        client.acknowledgeTransacted(1, client.last().entry());
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        assertThat(client.failures).isEmpty();
    }
}
