package io.posthorn.broker;

import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What little is left in segments moves to others, so that it holds no more of the disk than itself. */
class CompactionTest {

    private static final Address QUEUE = Address.queue("q");
    private static final Address OLD = Address.queue("old");
    private static final int SLACK = 20_000;

    private BrokerHarness harness(int indexBytesMax, int blockEntries) {
        return new BrokerHarness(4096, 0, 8192, indexBytesMax, blockEntries, SLACK);
    }

    @Test
    void shouldShrinkTheLogAfterMostMessagesWereConsumedAtRandom() {
        BrokerHarness harness = harness(2000, 8);
        TestClient client = harness.connected();
        for (int number = 0; number < 3000; number++) {
            client.send(QUEUE, "" + number);
        }
        long full = harness.journal.length();
        client.consume(1, QUEUE);
        List<String> kept = new ArrayList<>();
        for (ServerFrame.Deliver deliver : client.take()) {
            if (kept.size() * 100 < Integer.parseInt(TestClient.text(deliver))) {
                kept.add(TestClient.text(deliver));
            } else {
                client.acknowledge(1, deliver.entry());
            }
        }
        client.detach(1);
        rest(harness);

        assertThat(kept).hasSizeBetween(25, 35);
        assertThat(full).isGreaterThan(200_000);
        assertThat(harness.journal.length()).isLessThan(SLACK + 6 * 4096);
        harness.crash();
        assertThat(harness.connected().consume(1, QUEUE).takeTexts()).containsExactlyElementsOf(kept);
    }

    @Test
    void shouldLetADeepIdleQueuePinNothingButItself() {
        BrokerHarness harness = harness(2000, 8);
        TestClient client = harness.connected().consume(1, QUEUE);
        for (int number = 0; number < 2000; number++) {
            client.send(QUEUE, "busy");
            client.acknowledge(1, client.last().entry());
            if (number % 20 == 0) {
                client.send(OLD, "old " + number);
            }
        }
        client.take();
        rest(harness);

        assertThat(harness.journal.length()).isLessThan(3 * 100 * 120 + SLACK + 4 * 4096);
        harness.crash();
        assertThat(harness.connected().consume(1, OLD).takeTexts()).hasSize(100).contains("old 0", "old 1980");
    }

    @Test
    void shouldMoveWhatSeveralSubscriptionsHoldAsOne() {
        BrokerHarness harness = harness(0, 3);
        TestClient client = harness.connected("alice").consume(1, QUEUE);
        client.attach(1, 2, durable("t", "one"));
        client.attach(1, 3, durable("t", "two"));
        client.detach(2);
        client.detach(3);
        for (int number = 0; number < 1500; number++) {
            client.send(QUEUE, "busy");
            client.acknowledge(1, client.last().entry());
            if (number % 50 == 0) {
                client.send(Address.topic("t"), "topic " + number);
            }
        }
        rest(harness);
        assertThat(harness.journal.length()).isLessThan(60_000);
        harness.crash();

        TestClient later = harness.connected("alice");
        later.consume(4, durable("t", "one"));
        assertThat(later.takeTexts()).hasSize(30).contains("topic 0", "topic 1450");
        later.consume(5, durable("t", "two"));
        assertThat(later.takeTexts()).hasSize(30).contains("topic 0", "topic 1450");
    }

    @Test
    void shouldMoveMessagesOfBranchesPreparedOrCommitted() {
        BrokerHarness harness = harness(0, 3);
        TestClient client = harness.connected().consume(1, QUEUE);
        for (int branch = 1; branch <= 20; branch++) {
            client.xaStart(branch, 0);
            client.sendTransacted(OLD, "xa " + branch);
            client.xaEnd(branch, 0x04000000);
            client.xaPrepare(branch);
            if (branch <= 10) {
                client.xaCommit(branch, false);
            }
            for (int number = 0; number < 100; number++) {
                client.send(QUEUE, "busy");
                client.acknowledge(1, client.last().entry());
            }
        }
        rest(harness);
        assertThat(harness.journal.length()).isLessThan(60_000);
        harness.crash();

        TestClient later = harness.connected();
        for (int branch = 11; branch <= 20; branch++) {
            later.xaCommit(branch, false);
        }
        List<String> expected = new ArrayList<>();
        for (int branch = 1; branch <= 20; branch++) {
            expected.add("xa " + branch);
        }
        assertThat(later.consume(1, OLD).takeTexts()).isEqualTo(expected);
    }

    @Test
    void shouldKeepAFarDelayedMessageWhileItsSegmentGoes() {
        BrokerHarness harness = harness(0, 3);
        TestClient client = harness.connected();
        client.send(OLD, message("late").deliveryTime(harness.nowMs + 10_000_000));
        client.consume(1, QUEUE);
        for (int number = 0; number < 3000; number++) {
            client.send(QUEUE, "busy");
            client.acknowledge(1, client.last().entry());
        }
        rest(harness);
        assertThat(harness.journal.length()).isLessThan(60_000);
        harness.crash();

        TestClient later = harness.connected().consume(1, OLD);
        assertThat(later.take()).isEmpty();
        harness.sleep(10_000_000);
        harness.sleep(1);
        assertThat(later.takeTexts()).containsExactly("late");
    }

    /** The page that it waits for is asked for once, and not again and again. */
    @Test
    void shouldLeaveSegmentsOfWhichAPageCannotBeRead() {
        BrokerHarness harness = harness(0, 8);
        TestClient client = harness.connected().consume(1, QUEUE);
        for (int number = 0; number < 1000; number++) {
            client.send(QUEUE, "busy");
            if (number % 20 == 0) {
                client.send(OLD, "old " + number);
            }
        }
        client.take().forEach(deliver -> client.acknowledge(1, deliver.entry()));
        harness.diskFails = true;
        long before = harness.fetches;
        rest(harness);

        assertThat(harness.fetches - before).isBetween(1L, 50L);
        assertThat(harness.journal.length()).as("what is not needed").isGreaterThan(2 * SLACK);
        harness.diskFails = false;
        harness.crash();
        assertThat(harness.connected().consume(1, OLD).takeTexts()).hasSize(50).contains("old 0", "old 980");
    }

    @Test
    void shouldTellWhatHoldsTheDisk() {
        BrokerHarness harness = new BrokerHarness(4096, 0, 8192, 2000, 8, 1L << 40);
        TestClient client = harness.connected().consume(1, QUEUE);
        for (int number = 0; number < 400; number++) {
            client.send(OLD, "old " + number);
            client.send(OLD, message("volatile").persistent(false));
            client.send(QUEUE, "busy");
        }

        StoreReport report = harness.broker.report();

        StoreReport.QueueLine old = report.queues().stream()
                .filter(queue -> queue.label().equals("queue 'old'"))
                .findFirst()
                .orElseThrow();
        assertThat(old.depth()).isEqualTo(800);
        assertThat(old.ready()).isEqualTo(800);
        assertThat(old.blocks()).isGreaterThanOrEqualTo(100);
        assertThat(old.blocksInMemory()).isLessThan(20);
        assertThat(report.journal().segments()).isGreaterThan(5);
        assertThat(report.journal().liveBytes())
                .isBetween(800 * 40L, report.journal().totalBytes());
        assertThat(report.scratch().liveBytes()).isPositive();
        assertThat(report.indexBytes()).isPositive();
    }

    /** Lets the broker do what it does in the background. */
    private static void rest(BrokerHarness harness) {
        for (int turn = 0; turn < 500; turn++) {
            harness.sleep(1);
        }
    }
}
