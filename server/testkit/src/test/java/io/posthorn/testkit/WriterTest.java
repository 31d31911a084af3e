package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.JournalException.Kind;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.testkit.SimulatedDisk.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the log is written and synced, what is told of it, and what happens when the disk does not want to. */
class WriterTest {

    private static final String SEGMENT = "segment-";
    private SimulatedDisk disk;
    private Script script;

    @BeforeEach
    void openLog() throws JournalException {
        disk = new SimulatedDisk(new Random(1));
        script = Script.on(disk);
        script.settle();
    }

    @Test
    void shouldMoveNothingBeforeFlush() {
        script.append(Flush.SYNC, "a");
        script.settle();
        script.pass(Duration.ofSeconds(5));
        assertThat(script.said).isEmpty();
        script.journal.flush();
        script.settle();
        assertThat(script.said).containsExactly("progress");
    }

    @Test
    void shouldNotMoveWhatWasAppendedAfterTheFlush() throws JournalException {
        long first = script.append(Flush.SYNC, "a");
        script.journal.flush();
        long second = script.append(Flush.SYNC, "b");
        script.settle();
        assertThat(script.synced).isEqualTo(first);
        assertThat(script.read(script.position(0))).isEqualTo("b");
        script.journal.flush();
        script.settle();
        assertThat(script.synced).isEqualTo(second);
        assertThat(script.read(script.position(0))).isEqualTo("b");
    }

    @Test
    void shouldShareOneWriteAndOneSyncAmongAllThatGathered() {
        script.put(Flush.SYNC, "first");
        int writes = disk.count(Operation.WRITE, SEGMENT);
        int syncs = disk.count(Operation.SYNC, SEGMENT);
        long end = 0;
        for (int i = 0; i < 40; i++) {
            end = script.append(Flush.SYNC, "record " + i);
            script.journal.flush();
        }
        script.settle();
        assertThat(script.synced).isEqualTo(end);
        assertThat(disk.count(Operation.WRITE, SEGMENT) - writes).isEqualTo(1);
        assertThat(disk.count(Operation.SYNC, SEGMENT) - syncs).isEqualTo(1);
        assertThat(script.said).containsExactly("progress", "progress");
    }

    @Test
    void shouldTellTheWriteAtOnceAndSyncWithinTheBoundWhenNobodyWaitsForTheSync() {
        long end = script.put(Flush.WRITE, "x");
        assertThat(script.written).isEqualTo(end);
        assertThat(script.synced).isLessThan(end);
        script.pass(Duration.ofMillis(49));
        assertThat(script.synced).isLessThan(end);
        script.pass(Duration.ofMillis(1));
        assertThat(script.synced).isEqualTo(end);
    }

    @Test
    void shouldWriteWithinAMillisecondAndSyncWithinTheBoundWhenNobodyWaits() {
        script.put(Flush.SYNC, "begins the log");
        script.pass(Duration.ofSeconds(1));
        for (int round = 0; round < 3; round++) {
            int writes = disk.count(Operation.WRITE, SEGMENT);
            script.put(Flush.LAZY, "x");
            script.pass(Duration.ofNanos(500_000));
            long end = script.put(Flush.LAZY, "y");
            assertThat(script.written).isLessThan(end);
            script.pass(Duration.ofNanos(500_000));
            assertThat(script.written).isEqualTo(end);
            assertThat(disk.count(Operation.WRITE, SEGMENT) - writes).isEqualTo(1);
            script.pass(Duration.ofMillis(48));
            assertThat(script.synced).isLessThan(end);
            script.pass(Duration.ofMillis(1));
            assertThat(script.synced).isEqualTo(end);
            script.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void shouldWriteWhatNobodyWaitsForWithWhatSomebodyWaitsFor() {
        script.put(Flush.WRITE, "begins the log");
        int writes = disk.count(Operation.WRITE, SEGMENT);
        script.put(Flush.LAZY, "x");
        script.pass(Duration.ofNanos(500_000));
        long end = script.put(Flush.WRITE, "y");
        assertThat(script.written).isEqualTo(end);
        assertThat(disk.count(Operation.WRITE, SEGMENT) - writes).isEqualTo(1);
        script.pass(Duration.ofMillis(50).minusNanos(500_000)); // what came first counts
        assertThat(script.synced).isEqualTo(end);
    }

    @Test
    void shouldWriteAtOnceWhatNobodyWaitsForWhenThereIsMuch() {
        long end = 0;
        for (int i = 0; i < 300; i++) {
            end = script.append(Flush.LAZY, "x".repeat(1000));
        }
        script.journal.flush();
        script.settle();
        assertThat(script.written).isEqualTo(end);
    }

    @Test
    void shouldSyncEarlierWhenManyBytesAreUnsynced() throws JournalException {
        Script lazy =
                Script.on(new SimulatedDisk(new Random(1)), Script.SETTINGS.withLazySync(Duration.ofHours(1), 1000));
        lazy.settle();
        long first = lazy.put(Flush.LAZY, "x".repeat(800));
        assertThat(lazy.synced).isLessThan(first);
        long second = lazy.put(Flush.LAZY, "x".repeat(800));
        assertThat(lazy.synced).isEqualTo(second);
    }

    @Test
    void shouldSyncLazyBatchesWithTheNextSync() {
        script.put(Flush.LAZY, "a");
        long end = script.put(Flush.SYNC, "b");
        assertThat(script.synced).isEqualTo(end);
    }

    @Test
    void shouldReadWhatIsStagedWrittenAndSynced() throws JournalException {
        script.append(Flush.LAZY, "one", "", "three");
        long first = script.position(0);
        long second = script.position(1);
        long third = script.position(2);
        for (int stage = 0; stage < 3; stage++) {
            assertThat(script.read(first)).isEqualTo("one");
            assertThat(script.read(second)).isEmpty();
            assertThat(script.read(third)).isEqualTo("three");
            script.journal.flush();
            script.pass(Duration.ofMillis(50));
        }
    }

    @Test
    void shouldRefuseAPositionThatHoldsNoRecord() {
        long end = script.append(Flush.LAZY, "one");
        assertThatThrownBy(() -> script.journal.read(end)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> script.journal.read(script.position(0) + 8))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldGiveABatchThatIsLongerThanASegmentOneOfItsOwn() throws JournalException {
        script.put(Flush.SYNC, "before");
        String large = "x".repeat(3 * Script.SEGMENT_BYTES);
        long end = script.put(Flush.SYNC, large, "with it");
        long position = script.position(0);
        long after = script.put(Flush.SYNC, "after");
        assertThat(script.synced).isEqualTo(after);
        assertThat(script.journal.segmentOf(after)).isEqualTo(script.journal.segmentOf(end) + 1);
        assertThat(script.read(position)).isEqualTo(large);
        Script next = Script.on(disk.crash(new Random(1)));
        assertThat(next.replayed).containsExactly(List.of("before"), List.of(large, "with it"), List.of("after"));
    }

    @Test
    void shouldTakeABatchThatIsLongerThanTheStaging() throws JournalException {
        Script small = Script.on(new SimulatedDisk(new Random(1)), Script.SETTINGS.withStagingBytes(4096));
        String large = "x".repeat(10_000);
        long end = 0;
        for (int i = 0; i < 10; i++) {
            end = small.append(Flush.SYNC, large + i);
        }
        small.journal.flush();
        small.settle();
        assertThat(small.synced).isEqualTo(end);
        assertThat(small.read(small.position(0))).isEqualTo(large + 9);
    }

    @Test
    void shouldStopForGoodWhenAWriteFails() {
        shouldStopForGoodWhen(Operation.WRITE);
    }

    @Test
    void shouldStopForGoodWhenASyncFails() {
        shouldStopForGoodWhen(Operation.SYNC);
    }

    private void shouldStopForGoodWhen(Operation failing) {
        long durable = script.put(Flush.SYNC, "safe");
        long position = script.position(0);
        disk.failWith((operation, name) -> {
            if (operation == failing && name.startsWith(SEGMENT) && name.endsWith(".log")) {
                throw new IOException("the disk is broken");
            }
        });
        long lost = script.put(Flush.SYNC, "lost");
        assertThat(script.said).containsExactly("progress", "failure");
        assertThat(script.failure.kind()).isEqualTo(Kind.FAILED);
        assertThat(script.failure)
                .hasMessageContaining("/simulated/segment-0000000000000001.log")
                .hasMessageContaining("the disk is broken");
        disk.failWith((operation, name) -> {});
        int operations = disk.count(Operation.WRITE, SEGMENT) + disk.count(Operation.SYNC, SEGMENT);
        assertThat(script.put(Flush.SYNC, "late")).isEqualTo(Long.MAX_VALUE);
        script.pass(Duration.ofSeconds(1));
        assertThat(disk.count(Operation.WRITE, SEGMENT) + disk.count(Operation.SYNC, SEGMENT))
                .isEqualTo(operations);
        assertThat(script.said).containsExactly("progress", "failure");
        assertThat(script.synced).isEqualTo(durable).isLessThan(lost);
        assertThatNoException(() -> assertThat(script.read(position)).isEqualTo("safe"));
        assertThatNoException(() -> script.journal.close());
        assertThatNoException(
                () -> assertThat(Script.on(disk).journal.closedCleanly()).isFalse());
    }

    @Test
    void shouldWriteAgainAtTheNextStartWhatAFailedSyncLeftInMemoryOnly() throws JournalException {
        SimulatedDisk own = new SimulatedDisk(new Random(1));
        Script first = Script.on(own, Script.SETTINGS.withSegmentBytes(64 << 10));
        first.settle();
        first.put(Flush.SYNC, "safe");
        own.failWith((operation, name) -> {
            if (operation == Operation.SYNC && name.startsWith(SEGMENT)) {
                throw new IOException("the disk is broken");
            }
        });
        String inDoubt = "in doubt " + "x".repeat(5 * SimulatedFile.PAGE);
        first.put(Flush.SYNC, inDoubt);
        assertThat(first.failure).isNotNull();
        own.endProcess();
        Script second = Script.on(own);
        assertThat(second.replayed).containsExactly(List.of("safe"), List.of(inDoubt));
        second.put(Flush.SYNC, "after");
        Script third = Script.on(own.crash(new Random(3)));
        assertThat(third.replayed).containsExactly(List.of("safe"), List.of(inDoubt), List.of("after"));
    }

    @Test
    void shouldWaitForASegmentAndGoOnWhenThereIsRoomAgain() throws JournalException {
        long[] positions = new long[6];
        for (int i = 0; i < 3; i++) {
            script.put(Flush.SYNC, "x".repeat(1000) + i);
            positions[i] = script.position(0);
        }
        script.settle();
        disk.failWith((operation, name) -> {
            if (operation == Operation.WRITE && name.endsWith(".tmp")) {
                throw new IOException("No space left on device");
            }
        });
        script.put(Flush.SYNC, "y".repeat(3000)); // into the segment that was ready
        script.pass(Duration.ofSeconds(2));
        long before = script.synced;
        for (int i = 3; i < 6; i++) {
            script.put(Flush.SYNC, "x".repeat(1000) + i);
            positions[i] = script.position(0);
        }
        assertThat(script.journal.pressure().text())
                .contains("/simulated/segment-0000000000000003.log", "No space left on device");
        assertThat(script.failure).isNull();
        assertThat(script.synced).isEqualTo(before);
        for (int i = 0; i < 6; i++) {
            assertThat(script.read(positions[i])).endsWith(Integer.toString(i));
        }
        disk.failWith((operation, name) -> {});
        script.settle();
        assertThat(script.synced).isEqualTo(before);
        script.pass(Duration.ofSeconds(1));
        assertThat(script.journal.pressure()).isNull();
        assertThat(script.journal.segmentOf(script.synced)).isEqualTo(3);
        Script next = Script.on(disk.crash(new Random(5)));
        assertThat(next.replayed).hasSize(7);
    }

    @Test
    void shouldNotPretendAnOrderlyCloseWhenThereIsNoRoom() throws JournalException {
        disk.failWith((operation, name) -> {
            if (operation == Operation.WRITE && name.endsWith(".tmp") && name.startsWith(SEGMENT)) {
                throw new IOException("No space left on device");
            }
        });
        for (int i = 0; i < 12; i++) {
            script.append(Flush.SYNC, "x".repeat(1000));
        }
        assertThatThrownBy(() -> script.journal.close())
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .hasMessageContaining("No space left on device");
        disk.failWith((operation, name) -> {});
        assertThat(Script.on(disk).journal.closedCleanly()).isFalse();
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    private static void assertThatNoException(Action action) {
        org.assertj.core.api.Assertions.assertThatNoException().isThrownBy(action::run);
    }

    @Test
    void shouldNeverMakeTheOwnerWait() throws JournalException {
        Script small = Script.on(new SimulatedDisk(new Random(1)), Script.SETTINGS.withStagingBytes(4096));
        long end = 0;
        for (int i = 0; i < 1000; i++) {
            end = small.append(Flush.SYNC, "x".repeat(1000));
        }
        assertThat(small.journal.backlogBytes()).isGreaterThan(1_000_000);
        small.journal.flush();
        small.settle();
        assertThat(small.journal.backlogBytes()).isZero();
        assertThat(small.synced).isEqualTo(end);
    }

    @Test
    void shouldSayWhenTooLittleOfTheDiskIsFreeAndGoOnMeanwhile() throws JournalException {
        SimulatedDisk disk = new SimulatedDisk(new Random(1));
        Script script = Script.on(disk, Script.SETTINGS.withDiskFreeMin(1000));
        script.pass(Duration.ofSeconds(1));
        assertThat(script.journal.pressure()).isNull();
        disk.freeBytes(999);
        script.pass(Duration.ofSeconds(1));
        Pressure pressure = script.journal.pressure();
        assertThat(pressure.text()).contains("/simulated", "999 bytes free", "disk-free-min is 1000");
        assertThat(script.put(Flush.SYNC, "an acknowledgement")).isEqualTo(script.synced);
        disk.freeBytes(998);
        script.pass(Duration.ofSeconds(1));
        assertThat(script.journal.pressure().sinceNs()).isEqualTo(pressure.sinceNs());
        assertThat(script.journal.pressure().text()).contains("998 bytes free");
        disk.freeBytes(1000);
        script.pass(Duration.ofSeconds(1));
        assertThat(script.journal.pressure()).isNull();
    }
}
