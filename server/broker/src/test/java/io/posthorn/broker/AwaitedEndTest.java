package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import org.junit.jupiter.api.Test;

/** Ends that a client waits for, and what they need from what came before. */
class AwaitedEndTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    @Test
    void shouldNotLeaveAcknowledgementsToALaterSyncWhenAConsumerOrASessionEnds() {
        client.send(QUEUE, "a");
        client.send(QUEUE, "b");
        client.consume(1, QUEUE);
        long[] entries = client.lastEntries(2);
        harness.byHand();
        client.acknowledge(1, false, false, EntryRanges.of(entries[0]));
        assertThat(harness.journal.lastFlush()).isEqualTo(Flush.LAZY);

        long detach = client.detach(1, entries[1]);

        assertThat(harness.journal.lastFlush()).isEqualTo(Flush.SYNC);
        harness.sync();
        assertThat(client.isConfirmed(detach)).isTrue();

        client.acknowledge(1, false, false, EntryRanges.of(entries[1]));
        long close = client.closeSession(1);
        assertThat(harness.journal.lastFlush()).isEqualTo(Flush.SYNC);
        harness.sync();
        assertThat(client.isConfirmed(close)).isTrue();
    }

    @Test
    void shouldWriteNothingWhenAConsumerEndsAndNothingWaits() {
        client.consume(1, QUEUE);
        long before = harness.journal.length();

        long detach = client.detach(1);

        assertThat(client.isConfirmed(detach)).isTrue();
        assertThat(harness.journal.length()).isEqualTo(before);
    }

    @Test
    void shouldNotCommitWhenWhatWasReceivedCouldNotBeClaimedAgain() {
        client.send(QUEUE, "a");
        client.consume(1, QUEUE);
        long entry = client.last().entry();
        harness.crash();
        client.reconnect();
        client.permissions = (verb, address) -> verb != Login.Verb.CONSUME;
        client.reconnect();
        client.openSession(1);
        assertThat(client.failure(client.attach(1, 1, Source.queue(QUEUE, null), EntryRanges.of(entry))))
                .isEqualTo(ErrorCode.SECURITY);
        client.sendTransacted(Address.queue("out"), "result");
        client.acknowledgeTransacted(1, entry);

        assertThat(client.failure(client.commit(1))).isEqualTo(ErrorCode.ROLLED_BACK);
    }
}
