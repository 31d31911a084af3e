package io.posthorn.broker;

import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.message;
import static io.posthorn.broker.TestClient.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.Checkpoints;
import io.posthorn.broker.store.StateText;
import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.testkit.MemoryJournal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Checkpoints say the same as the log, and let go of segments that nobody needs. */
class CheckpointTest {

    private static final Address QUEUE = Address.queue("q");

    @Test
    void shouldSayTheSameWithACheckpointAndTheTailAsWithTheWholeLog() {
        for (long seed = 1; seed <= 40; seed++) {
            for (int at = 0; at < 60; at += 7) {
                compare(seed, at, new BrokerHarness(1 << 24, 64L << 20, 64L << 20));
            }
        }
    }

    @Test
    void shouldSayTheSameWhenQueuesAreMostlyInPages() {
        for (long seed = 1; seed <= 40; seed++) {
            for (int at = 0; at < 60; at += 7) {
                compare(seed, at, new BrokerHarness(1 << 24, 0, 64L << 20, 300, 3, 1L << 40));
            }
        }
    }

    /** Plays a random game, with a checkpoint at a step, crashes, and compares two ways to read the log. */
    private static void compare(long seed, int checkpointAt, BrokerHarness harness) {
        play(seed, checkpointAt, harness);
        MemoryJournal log = harness.journal.crash(BrokerHarness.nothingMore());
        List<String> fromCheckpoint = stateOn(harness, log.copy());
        List<String> fromAllRecords =
                stateOn(harness, log.copy().withoutCheckpoint().without(RecordCodec::isBaseline));
        assertThat(fromCheckpoint)
                .as("seed %s, checkpoint at %s", seed, checkpointAt)
                .isEqualTo(fromAllRecords);
    }

    /** The state as the next run has it. */
    private static List<String> stateOn(BrokerHarness harness, MemoryJournal log) {
        harness.crash(log);
        harness.turn(() -> harness.broker.checkpoint());
        byte[] index = harness.journal.latestCheckpoint().index();
        try {
            return StateText.of(harness.journal, ByteBuffer.wrap(index).getLong(1));
        } catch (JournalException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void play(long seed, int checkpointAt, BrokerHarness harness) {
        Random random = new Random(seed);
        TestClient client = harness.connected("alice");
        client.consume(1, QUEUE);
        client.consume(2, durable("t", "s"));
        client.attach(1, 3, shared("t", "x", true));
        for (int step = 0; step < 60; step++) {
            if (step == checkpointAt) {
                harness.turn(() -> harness.broker.checkpoint());
            }
            playStep(harness, client, random, step);
        }
    }

    private static void playStep(BrokerHarness harness, TestClient client, Random random, int step) {
        switch (random.nextInt(12)) {
            case 0, 1 -> client.send(QUEUE, message("m").priority(random.nextInt(10)));
            case 2 -> client.send(Address.topic("t"), message("m").expiration(harness.nowMs + random.nextInt(5000)));
            case 3 -> client.send(QUEUE, message("m").deliveryTime(harness.nowMs + random.nextInt(5000)));
            case 4 -> client.sendTransacted(Address.topic("t"), "m");
            case 5 -> client.commit(1);
            case 6 -> client.send(new Address(Address.Kind.TEMPORARY_QUEUE, "none"), "fails");
            case 7 -> {
                client.xaStart(step, 0);
                client.sendTransacted(QUEUE, "xa");
                client.xaEnd(step, 0x04000000);
                client.xaPrepare(step);
                if (random.nextBoolean()) {
                    client.xaCommit(step, false);
                } else if (random.nextBoolean()) {
                    client.xaRollback(step);
                }
            }
            case 8 -> {
                TestClient brief = harness.connected();
                brief.send(QUEUE, "m");
                brief.disconnect();
                harness.sleep(30_000);
            }
            case 9 -> harness.sleep(random.nextInt(1000));
            default -> {
                for (ServerFrame.Deliver deliver : client.take()) {
                    if (random.nextBoolean()) {
                        client.acknowledge(
                                deliver.consumer(), random.nextBoolean(), false, TestClient.ranges(deliver.entry()));
                    } else {
                        client.release(deliver.consumer(), deliver.entry());
                        client.credit(deliver.consumer(), 100);
                    }
                }
            }
        }
    }

    @Test
    void shouldNotBringBackWhatWasConsumedWhenTheCheckpointsAreGone() throws Exception {
        BrokerHarness harness = new BrokerHarness(1024, 0, 4096, 500, 4, 1L << 40);
        TestClient client = harness.connected().consume(1, QUEUE);
        client.send(Address.queue("old"), "treasure");
        for (int round = 0; round < 300; round++) {
            sendAndAcknowledge(client, 1);
            client.send(Address.queue("old"), "old " + round);
        }
        harness.sleep(1);
        assertThat(harness.journal.currentSegment()).isGreaterThan(50);

        harness.crash(harness.journal.crash(BrokerHarness.nothingMore()).withoutCheckpoint());

        TestClient later = harness.connected().consume(1, QUEUE).consume(2, Address.queue("old"));
        assertThat(later.textsOf(1)).isEmpty();
        assertThat(later.textsOf(2))
                .hasSize(301)
                .startsWith("treasure", "old 0")
                .endsWith("old 299");
    }

    @Test
    void shouldReadALogThatWasWrittenWithBlocksOfAnotherSize() {
        for (int size : new int[] {1, 5, 100}) {
            BrokerHarness harness = new BrokerHarness(1 << 20, 0, 64L << 20, 300, 3, 1L << 40);
            TestClient client = harness.connected();
            List<String> expected = new ArrayList<>();
            for (int number = 0; number < 100; number++) {
                client.send(QUEUE, "" + number);
                expected.add("" + number);
            }
            client.attach(1, QUEUE);
            client.credit(1, 50);
            client.acknowledge(1, client.deliveries.get(17).entry());
            expected.remove(17);
            harness.settings = harness.withBlocks(300, size);
            harness.crash();

            assertThat(harness.connected().consume(1, QUEUE).takeTexts())
                    .as("blocks of %s", size)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldTakeACheckpointByItselfWhenEnoughWasWritten() {
        BrokerHarness harness = new BrokerHarness(1 << 20, 64L << 20, 10_000);
        TestClient client = harness.connected().consume(1, QUEUE);
        assertThat(harness.journal.latestCheckpoint()).isNull();

        sendAndAcknowledge(client, 500);

        assertThat(harness.journal.latestCheckpoint()).isNotNull();
    }

    @Test
    void shouldCountTheTailOfEarlierRunsTowardsTheNextCheckpoint() {
        BrokerHarness harness = new BrokerHarness(1 << 20, 64L << 20, 10_000);
        for (int run = 0; run < 10; run++) {
            TestClient client = harness.connected().consume(1, QUEUE);
            sendAndAcknowledge(client, 50);
            harness.crash();
        }

        assertThat(harness.journal.latestCheckpoint()).isNotNull();
    }

    @Test
    void shouldDropSegmentsInWhichNothingLives() {
        BrokerHarness harness = new BrokerHarness(4096, 64L << 20, 8192);
        TestClient client = harness.connected().consume(1, QUEUE);

        sendAndAcknowledge(client, 5000);

        assertThat(harness.journal.currentSegment()).isGreaterThan(100);
        assertThat(harness.journal.length()).isLessThan(60_000);
    }

    @Test
    void shouldKeepTheOneSegmentThatSomethingLivesIn() throws Exception {
        BrokerHarness harness = new BrokerHarness(4096, 0, 8192);
        TestClient client = harness.connected();
        client.send(Address.queue("old"), "treasure");
        client.consume(1, QUEUE);
        sendAndAcknowledge(client, 3000);
        assertThat(harness.journal.length()).isLessThan(60_000);

        TestClient reader = harness.connected().consume(1, Address.queue("old"));
        assertThat(reader.takeTexts()).containsExactly("treasure");
        harness.crash();
        assertThat(harness.connected().consume(1, Address.queue("old")).takeTexts())
                .containsExactly("treasure");
    }

    @Test
    void shouldDropAfterARestartWhatTheRunBeforeLeft() {
        BrokerHarness harness = new BrokerHarness(4096, 64L << 20, 64L << 20);
        TestClient client = harness.connected().consume(1, QUEUE);
        sendThenAcknowledgeByHand(harness, client, 1500);
        assertThat(harness.journal.length()).isGreaterThan(100_000);

        harness.restart();
        harness.automatic();
        harness.restart();
        harness.connected().send(QUEUE, "a");
        harness.turn(() -> harness.broker.checkpoint());

        assertThat(harness.journal.length()).isLessThan(20_000);
    }

    @Test
    void shouldDropAfterACrashWhatWasToBeDroppedBefore() {
        BrokerHarness harness = new BrokerHarness(4096, 64L << 20, 64L << 20);
        TestClient client = harness.connected().consume(1, QUEUE);
        sendThenAcknowledgeByHand(harness, client, 1500);
        harness.turn(() -> harness.broker.checkpoint());
        harness.journal.runWrite();
        harness.journal.runSync();
        harness.crash();
        assertThat(harness.journal.length()).isGreaterThan(100_000);

        harness.automatic();
        harness.connected().send(QUEUE, "a");
        harness.turn(() -> harness.broker.checkpoint());

        assertThat(harness.journal.length()).isLessThan(20_000);
    }

    @Test
    void shouldDropNoSegmentBeforeWhatEmptiedItIsDurable() throws Exception {
        BrokerHarness harness = new BrokerHarness(256, 0, 64L << 20);
        TestClient client = harness.connected();
        client.send(QUEUE, "precious");
        client.send(Address.queue("other"), "x".repeat(500));
        client.send(Address.queue("other"), "x".repeat(500));
        harness.turn(() -> harness.broker.checkpoint());
        harness.turn(() -> harness.broker.checkpoint());
        client.consume(1, QUEUE);
        harness.byHand();
        client.acknowledge(1, client.last().entry());
        client.send(Address.queue("other"), "x".repeat(500));
        harness.turn(() -> harness.broker.checkpoint());

        harness.crash();
        harness.automatic();

        TestClient later = harness.connected().consume(1, QUEUE);
        assertThat(later.takeTexts()).containsExactly("precious");
    }

    @Test
    void shouldNotReadDroppedSegmentsAnyMore() throws Exception {
        BrokerHarness harness = new BrokerHarness(1024, 64L << 20, 4096);
        TestClient client = harness.connected().consume(1, QUEUE);
        client.send(QUEUE, "a");
        long position = firstRecord(harness);
        sendAndAcknowledge(client, 1000);
        client.acknowledge(1, client.deliveries.get(0).entry());
        sendAndAcknowledge(client, 100);

        assertThatThrownBy(() -> harness.journal.read(position)).isInstanceOf(JournalException.class);
    }

    private static long firstRecord(BrokerHarness harness) {
        return harness.journal.currentSegment() << 32 | 64;
    }

    @Test
    void shouldKeepOutcomesExpiredConnectionsAndFinishedBranches() {
        BrokerHarness harness = new BrokerHarness();
        TestClient client = harness.connected();
        TestClient late = harness.connected();
        late.send(QUEUE, "a");
        late.disconnect();
        harness.sleep(30_000);
        client.xaStart(1, 0);
        client.sendTransacted(QUEUE, "xa");
        client.xaEnd(1, 0x04000000);
        client.xaPrepare(1);
        client.xaCommit(1, false);
        long failed = client.send(new Address(Address.Kind.TEMPORARY_QUEUE, "none"), "fails");
        client.failures.clear();
        client.confirmed = failed - 1;
        harness.restart();

        client.reconnect();
        late.connect();

        assertThat(client.failure(failed)).isEqualTo(ErrorCode.INVALID_DESTINATION);
        assertThat(late.refusal.code()).isEqualTo(ErrorCode.RESUME_EXPIRED);
        assertThat(client.failure(client.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldReplayOnlyWhatFollowsACheckpoint() {
        BrokerHarness harness = new BrokerHarness();
        TestClient client = harness.connected();
        client.send(QUEUE, "a");
        harness.turn(() -> harness.broker.checkpoint());
        client.send(QUEUE, "b");
        harness.crash();
        TestClient second = harness.connected().consume(1, QUEUE);

        assertThat(second.takeTexts()).containsExactly("a", "b");
    }

    @Test
    void shouldRefuseACheckpointOfAnEarlierVersionAndSayWhatToDo() {
        BrokerHarness harness = new BrokerHarness();
        harness.connected().send(QUEUE, "m");
        harness.turn(() -> harness.broker.checkpoint());
        long end = harness.journal.latestCheckpoint().position();
        harness.journal.checkpoint(end, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0});
        harness.journal.runSync();

        assertRefused(harness, "a checkpoint of version 2, and this release reads version 3");
    }

    @Test
    void shouldRefuseAStateOfAnEarlierVersionAndSayWhatToDo() {
        BrokerHarness harness = new BrokerHarness();
        LogRecord earlier = new LogRecord.Baseline(new byte[] {3, 0});
        ByteWriter head = new ByteWriter(16);
        earlier.encode(head);
        Batch batch = new Batch();
        batch.add(head.array(), head.size(), earlier.tail(), 0, earlier.tail().length);
        long end = harness.journal.append(batch, Journal.Flush.SYNC);
        harness.journal.flush();
        harness.journal.runWrite();
        harness.journal.runSync();
        harness.journal.checkpoint(end, Checkpoints.index(batch.position(0)));

        assertRefused(harness, "a state of version 3, and this release reads version 4");
    }

    private static void assertRefused(BrokerHarness harness, String what) {
        MemoryJournal log = harness.journal.crash(BrokerHarness.nothingMore());
        assertThatThrownBy(() -> harness.crash(log))
                .cause()
                .isInstanceOfSatisfying(
                        JournalException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(JournalException.Kind.UNUSABLE))
                .hasMessageContainingAll(what, "Start the release that wrote it, drain it, and begin a new folder");
    }

    @Test
    void shouldFreeWhatIsEmptyOnceTheLogIsAtRestAndThenLeaveItAtThat() {
        BrokerHarness harness = new BrokerHarness(4096, 64L << 20, 64L << 20);
        TestClient client = harness.connected().consume(1, QUEUE);
        sendAndAcknowledge(client, 50);
        assertThat(harness.journal.length()).isBetween(4096L, 4 * 4096L);
        long deadlineMs = harness.broker.nextDeadlineMs();
        for (int second = 0; second < 5; second++) {
            harness.sleep(1000);
        }
        long length = harness.journal.length();
        assertThat(length).isLessThanOrEqualTo(2 * 4096);
        assertThat(deadlineMs).isLessThanOrEqualTo(BrokerHarness.START_MS + 1000);
        harness.sleep(100_000);
        assertThat(harness.journal.length()).isEqualTo(length);
    }

    /** Leaves segments in which nothing lives, which nobody has noticed yet, as the log is not synced. */
    private static void sendThenAcknowledgeByHand(BrokerHarness harness, TestClient client, int count) {
        for (int index = 0; index < count; index++) {
            client.send(QUEUE, "m");
        }
        harness.byHand();
        client.acknowledge(
                1,
                client.deliveries.stream().mapToLong(ServerFrame.Deliver::entry).toArray());
    }

    private static void sendAndAcknowledge(TestClient client, int count) {
        for (int index = 0; index < count; index++) {
            client.send(QUEUE, "m");
            client.acknowledge(1, client.last().entry());
        }
    }

    @Test
    void shouldNotTakeACheckpointInEachTurnWhenTheStateIsLongerThanSegments() {
        int segmentBytes = 8 << 10;
        BrokerHarness harness = new BrokerHarness(segmentBytes, 64L << 20, 64 << 10);
        TestClient client = harness.connected();
        for (int queue = 0; queue < 1000; queue++) {
            client.send(Address.queue("one of many queues, number " + queue), "m");
        }
        harness.turn(() -> harness.broker.checkpoint());
        client.consume(1, QUEUE);
        Journal.Checkpoint last = harness.journal.latestCheckpoint();
        long stateBytes = last.position() - Checkpoints.positionIn(last.index());
        int checkpoints = 0;
        for (int number = 0; number < 8000; number++) {
            client.send(QUEUE, "m");
            client.acknowledge(1, client.last().entry());
            client.take();
            Journal.Checkpoint now = harness.journal.latestCheckpoint();
            checkpoints += now.position() == last.position() ? 0 : 1;
            last = now;
        }

        assertThat(stateBytes).isGreaterThan(4L * segmentBytes);
        assertThat(checkpoints)
                .as("8000 messages of some 100 bytes in the log, beside a state of %d", stateBytes)
                .isBetween(1, 20);
    }
}
