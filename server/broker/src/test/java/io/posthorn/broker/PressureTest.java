package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While the journal is short of room, senders are refused, and all that makes room goes on. */
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
        assertThat(client.failure(refused)).isEqualTo(ErrorCode.RESOURCE_LIMIT);
        assertThat(failureText())
                .contains("0 bytes free; disk-free-min is 2", "since " + Instant.ofEpochMilli(sinceMs));
        press(null);
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
    void shouldLetATransactionThatLacksAMessageOnlyRollBack() {
        client.sendTransacted(QUEUE, "in time");
        press(FULL);
        client.sendTransacted(QUEUE, "too late");
        long commit = client.commit(1);
        assertThat(client.failure(commit)).isEqualTo(ErrorCode.ROLLED_BACK);
        press(null);
        client.sendTransacted(QUEUE, "again");
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        client.consume(1, QUEUE);
        assertThat(client.takeTexts()).containsExactly("before", "again");
    }

    @Test
    void shouldCommitWhatItTookBefore() {
        client.sendTransacted(QUEUE, "in time");
        press(FULL);
        assertThat(client.isConfirmed(client.commit(1))).isTrue();
        client.consume(1, QUEUE);
        assertThat(client.takeTexts()).containsExactly("before", "in time");
    }
}
