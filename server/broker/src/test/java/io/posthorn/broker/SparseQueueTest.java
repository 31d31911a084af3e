package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;

/** Blocks of which little is left, or of which consumers hold single entries, take no more memory than that. */
class SparseQueueTest {

    private static final Address QUEUE = Address.queue("q");
    private static final int BLOCK = 64;
    private static final int BLOCKS = 60;
    private static final int COUNT = BLOCK * BLOCKS;

    /** About ten blocks. */
    private static final int INDEX_BYTES = 20_000;

    private final BrokerHarness harness = new BrokerHarness(1 << 16, 0, 16 << 10, INDEX_BYTES, BLOCK, 1L << 40);
    private final TestClient client = harness.connected();

    private void fill(boolean persistent) {
        for (int number = 0; number < COUNT; number++) {
            client.send(QUEUE, message("" + number).persistent(persistent).property("one", number % BLOCK == 5));
        }
    }

    private StoreReport.QueueLine line() {
        return harness.broker.report().queues().stream()
                .filter(queue -> queue.label().equals("queue 'q'"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ones() {
        List<String> ones = new ArrayList<>();
        for (int number = 5; number < COUNT; number += BLOCK) {
            ones.add("" + number);
        }
        return ones;
    }

    private static List<String> others() {
        List<String> others = new ArrayList<>();
        for (int number = 0; number < COUNT; number++) {
            if (number % BLOCK != 5) {
                others.add("" + number);
            }
        }
        return others;
    }

    @Test
    void shouldPutTogetherWhatIsLeftOfBlocks() {
        fill(true);
        assertThat(line().blocks()).isEqualTo(BLOCKS);
        client.attach(1, 1, Source.queue(QUEUE, "one = FALSE"));
        for (int taken = 0; taken < COUNT - BLOCKS; taken += 40) {
            client.credit(1, taken + 40);
            client.take().forEach(deliver -> client.acknowledge(1, deliver.entry()));
        }
        client.detach(1);
        harness.sleep(1);

        assertThat(line().depth()).isEqualTo(BLOCKS);
        assertThat(line().blocks()).isLessThan(BLOCKS / 5);
        harness.crash();
        assertThat(line().blocks()).isLessThan(BLOCKS / 5);
        assertThat(harness.connected().consume(1, QUEUE).takeTexts()).isEqualTo(ones());
    }

    @Test
    void shouldKeepBlocksOutOfMemoryOfWhichConsumersHoldSingleMessages() {
        shouldKeepBlocksOutOfMemory(true);
    }

    @Test
    void shouldKeepBlocksOfVolatileMessagesOutOfMemoryOfWhichConsumersHoldSingleOnes() {
        shouldKeepBlocksOutOfMemory(false);
    }

    private void shouldKeepBlocksOutOfMemory(boolean persistent) {
        holdOneInEachBlock(persistent);
        client.consume(2, QUEUE);
        assertThat(client.textsOf(2)).isEqualTo(others());
        List<ServerFrame.Deliver> all = List.copyOf(client.deliveries);
        all.forEach(deliver -> client.acknowledge(deliver.consumer(), deliver.entry()));
        assertThat(line().depth()).isZero();
        client.detach(1);
        client.detach(2);
        assertThat(client.consume(3, QUEUE).textsOf(3)).isEmpty();
    }

    @Test
    void shouldPutBackWhatWasHeldOfBlocksThatLeftTheMemoryAsIfNobodyHadSeenIt() {
        holdOneInEachBlock(true);
        client.deliveries.clear();
        client.detach(1);

        client.consume(2, QUEUE);
        assertThat(client.deliveries).hasSize(COUNT).noneMatch(ServerFrame.Deliver::redelivered);
        assertThat(client.takeTexts()).containsAll(ones()).hasSize(COUNT);
    }

    @Test
    void shouldSayAfterAnOrderlyRestartThatWhatWasHeldMayHaveBeenSeen() {
        holdOneInEachBlock(true);
        harness.restart();

        TestClient later = harness.connected().consume(1, QUEUE);
        List<String> seen = later.deliveries.stream()
                .filter(ServerFrame.Deliver::redelivered)
                .map(TestClient::text)
                .toList();
        assertThat(seen).isEqualTo(ones());
        assertThat(later.takeTexts()).hasSize(COUNT);
    }

    @Test
    void shouldKeepForAPreparedBranchWhatLeftTheMemoryWhenTheLogIsReadAgain() {
        fill(true);
        client.attach(1, 1, Source.queue(QUEUE, "one = TRUE"));
        client.credit(1, BLOCKS);
        client.xaStart(1, XAResource.TMNOFLAGS);
        for (ServerFrame.Deliver deliver : client.take()) {
            client.acknowledgeTransacted(1, deliver.entry());
        }
        client.xaEnd(1, XAResource.TMSUCCESS);
        client.xaPrepare(1);
        for (int turn = 0; turn < BLOCKS; turn++) {
            harness.sleep(1); // in which blocks with entries of the branch are stored
        }
        assertThat(line().blocksInMemory()).isLessThanOrEqualTo(10);

        harness.crash();
        TestClient later = harness.connected().consume(1, QUEUE);
        assertThat(later.takeTexts()).isEqualTo(others());
        later.xaCommit(1, false);
        assertThat(line().inFlight()).isEqualTo(others().size());
    }

    private void holdOneInEachBlock(boolean persistent) {
        fill(persistent);
        client.attach(1, 1, Source.queue(QUEUE, "one = TRUE"));
        client.credit(1, BLOCKS);
        assertThat(client.textsOf(1)).isEqualTo(ones());
        for (int turn = 0; turn < BLOCKS; turn++) {
            harness.sleep(1);
        }
        assertThat(line().inFlight()).isEqualTo(BLOCKS);
        assertThat(harness.broker.report().indexBytes()).isLessThanOrEqualTo(INDEX_BYTES);
        assertThat(line().blocksInMemory()).isLessThanOrEqualTo(10);
    }
}
