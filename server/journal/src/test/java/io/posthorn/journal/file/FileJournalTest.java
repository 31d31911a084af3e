package io.posthorn.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {

    @TempDir
    Path folder;

    @Test
    void shouldGiveBackWhatWasAppendedInOrderAndAtItsPosition() throws Exception {
        List<Long> positions = new ArrayList<>();
        UUID identity;
        try (Owner owner = new Owner(folder)) {
            identity = owner.journal.identity();
            assertThat(owner.journal.epoch()).isEqualTo(1);
            assertThat(owner.journal.closedCleanly()).isTrue();
            assertThat(owner.journal.latestCheckpoint()).isNull();
            owner.put("a", "b");
            positions.add(owner.batch.position(0));
            positions.add(owner.batch.position(1));
            owner.put("");
            positions.add(owner.batch.position(0));
            owner.append(Flush.LAZY, "never flushed");
            positions.add(owner.batch.position(0));
        }
        try (Owner owner = new Owner(folder)) {
            assertThat(owner.journal.identity()).isEqualTo(identity);
            assertThat(owner.journal.epoch()).isEqualTo(2);
            assertThat(owner.journal.closedCleanly()).isTrue();
            assertThat(owner.replayed).containsExactly("a", "b", "|", "", "|", "never flushed", "|");
            assertThat(owner.replayedPositions).isEqualTo(positions).isSorted();
            assertThat(owner.read(positions.get(1))).isEqualTo("b");
        }
    }

    @Test
    void shouldGoThroughManySegmentsWithManyBatchesInFlight() throws Exception {
        Random random = new Random(11);
        List<String> expected = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        FileJournalSettings settings = Owner.SETTINGS.withStagingBytes(32 << 10);
        try (Owner owner = new Owner(folder, settings)) {
            long end = 0;
            for (int i = 0; i < 3000; i++) {
                String record = i + "x".repeat(random.nextInt(400));
                expected.add(record);
                end = owner.append(Flush.values()[i % 3], record);
                positions.add(owner.batch.position(0));
                if (random.nextInt(20) == 0) {
                    owner.journal.flush();
                }
                int any = random.nextInt(i + 1);
                assertThat(owner.read(positions.get(any))).isEqualTo(expected.get(any));
            }
            assertThat(owner.append(Flush.SYNC)).isEqualTo(end); // an empty batch: only a wish for a sync
            owner.journal.flush();
            owner.awaitSynced(end);
            assertThat(owner.journal.currentSegment()).isGreaterThan(5);
        }
        try (Owner owner = new Owner(folder, settings)) {
            assertThat(owner.replayedPositions).isEqualTo(positions);
            owner.replayed.removeIf("|"::equals);
            assertThat(owner.replayed).isEqualTo(expected);
            for (int i = 0; i < positions.size(); i++) {
                assertThat(owner.read(positions.get(i))).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void shouldReplayOnlyTheTailAndFreeDroppedSegments() throws Exception {
        String filler = "x".repeat(10_000);
        try (Owner owner = new Owner(folder)) {
            for (int round = 0; round < 2; round++) {
                long end = 0;
                for (int i = 0; i < 20; i++) {
                    end = owner.put(filler);
                }
                owner.journal.checkpoint(end, new byte[] {(byte) round});
                long current = owner.journal.currentSegment();
                owner.journal.segments().headSet(current).forEach(owner.journal::drop);
            }
            owner.put("tail");
        }
        try (Owner owner = new Owner(folder)) {
            assertThat(owner.replayed).containsExactly("tail", "|");
            assertThat(owner.journal.latestCheckpoint().index()).containsExactly(1);
            owner.put("more");
        }
    }

    @Test
    void shouldBeginAScratchLogEmptyAndLeaveNothingBehind() throws Exception {
        Path scratch = folder.resolve("scratch");
        FileJournalSettings settings =
                FileJournalSettings.defaults().withSegmentBytes(1 << 16).withSpareSegments(0);
        for (int round = 0; round < 2; round++) {
            FileJournal journal = FileJournal.openScratch(scratch, settings);
            List<byte[]> replayed = new ArrayList<>();
            journal.replay(new Journal.BatchVisitor() {
                @Override
                public void onRecord(long position, byte[] bytes) {
                    replayed.add(bytes);
                }

                @Override
                public void onBatchEnd(long end) {}
            });
            assertThat(replayed).isEmpty();
            Batch batch = new Batch();
            for (int i = 0; i < 100; i++) {
                batch.clear();
                batch.add(new byte[10_000]);
                journal.append(batch, Journal.Flush.LAZY);
                journal.flush();
                assertThat(journal.read(batch.position(0))).hasSize(10_000);
            }
            long current = journal.currentSegment();
            assertThat(current).isGreaterThan(10);
            for (long segment = 1; segment < current; segment++) {
                journal.drop(segment);
            }
            journal.close();
            try (Stream<Path> left = Files.list(scratch)) {
                assertThat(left.map(path -> path.getFileName().toString())).allMatch("lock"::equals);
            }
        }
    }

    @Test
    void shouldNotMindInterruptedCallers() throws Exception {
        List<Long> positions = new ArrayList<>();
        try (Owner owner = new Owner(folder)) {
            for (int i = 0; i < 200; i++) {
                owner.put("record " + i);
                positions.add(owner.batch.position(0));
            }
            AtomicBoolean stop = new AtomicBoolean();
            ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
            CountDownLatch rounds = new CountDownLatch(4000);
            List<Thread> readers = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                int first = r;
                readers.add(new Thread(() -> {
                    for (int i = first; !stop.get(); i = (i + 7) % 200) {
                        try {
                            assertThat(owner.read(positions.get(i))).isEqualTo("record " + i);
                        } catch (JournalException | RuntimeException | AssertionError e) {
                            wrong.add(e);
                        }
                        rounds.countDown();
                        Thread.interrupted();
                    }
                }));
            }
            readers.forEach(Thread::start);
            while (rounds.getCount() > 0) {
                readers.forEach(Thread::interrupt);
                Thread.onSpinWait();
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(wrong).isEmpty();
            Thread.currentThread().interrupt();
            owner.append(Flush.SYNC, "by an interrupted owner");
            owner.journal.flush();
            assertThat(owner.read(positions.get(0))).isEqualTo("record 0");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
        try (Owner next = new Owner(folder)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(next.replayed).contains("by an interrupted owner");
            next.put("last");
        }
    }

    @Test
    void shouldRefuseWorkBeforeTheReplayAndAfterTheClose() throws Exception {
        FileJournal journal = FileJournal.open(folder, Owner.SETTINGS);
        assertThatThrownBy(journal::flush)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not replayed");
        journal.close();
        journal.close();
        assertThatThrownBy(journal::flush)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        try (Owner owner = new Owner(folder)) {
            assertThat(owner.journal.closedCleanly()).isTrue();
            assertThatThrownBy(() -> owner.journal.replay(owner)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldFindALogThatNobodyClosedAsNotClosedInOrder() throws Exception {
        try (Owner owner = new Owner(folder.resolve("log"))) {
            owner.put("a");
            Path copy = Files.createDirectory(folder.resolve("copy"));
            for (String name : List.of("journal.properties", "segment-0000000000000001.log")) {
                Files.copy(folder.resolve("log").resolve(name), copy.resolve(name));
            }
            try (Owner second = new Owner(copy)) {
                assertThat(second.journal.closedCleanly()).isFalse();
                assertThat(second.replayed).containsExactly("a", "|");
            }
        }
    }
}
