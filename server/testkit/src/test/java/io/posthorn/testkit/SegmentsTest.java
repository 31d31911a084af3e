package io.posthorn.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.JournalException.Kind;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import io.posthorn.testkit.SimulatedDisk.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Checkpoints, dropped segments, and files that are used again. */
class SegmentsTest {

    private final SimulatedDisk disk = new SimulatedDisk(new Random(2));

    private static final int PAGE = 4096;

    private static String record(int number) {
        return number + " " + "x".repeat(700);
    }

    private long fill(Script script, int from, int to) {
        long end = 0;
        for (int i = from; i < to; i++) {
            end = script.put(Flush.SYNC, record(i));
        }
        return end;
    }

    @Test
    void shouldReplayOnlyWhatFollowsTheLatestCheckpoint() throws JournalException {
        Script script = Script.on(disk);
        long end = fill(script, 0, 10);
        script.journal.checkpoint(end, "ten".getBytes(UTF_8));
        fill(script, 10, 13);
        script.settle();
        Script next = Script.on(disk.crash(new Random(1)));
        assertThat(next.replayed).containsExactly(List.of(record(10)), List.of(record(11)), List.of(record(12)));
        assertThat(next.journal.latestCheckpoint().position()).isEqualTo(end);
        assertThat(next.journal.latestCheckpoint().index()).isEqualTo("ten".getBytes(UTF_8));
    }

    @Test
    void shouldStoreACheckpointOnlyWhenTheLogIsDurableUpToIt() throws JournalException {
        Script script = Script.on(disk);
        fill(script, 0, 2);
        long lazy = script.put(Flush.LAZY, "lazy");
        script.journal.checkpoint(lazy, "early".getBytes(UTF_8));
        script.settle();
        assertThat(script.journal.latestCheckpoint()).isNull();
        script.pass(Duration.ofMillis(50));
        script.settle();
        assertThat(script.journal.latestCheckpoint().position()).isEqualTo(lazy);
    }

    @Test
    void shouldGoOnFromACheckpointAtTheVeryEndOfASegment() throws JournalException {
        Script script = Script.on(disk);
        long end = script.put(Flush.SYNC, "x".repeat(Script.SEGMENT_BYTES));
        script.journal.checkpoint(end, new byte[0]);
        script.put(Flush.SYNC, "after");
        script.settle();
        Script next = Script.on(disk.crash(new Random(1)));
        assertThat(next.replayed).containsExactly(List.of("after"));
        next.put(Flush.SYNC, "later");
        assertThat(Script.on(next.disk.crash(new Random(1))).replayed)
                .containsExactly(List.of("after"), List.of("later"));
    }

    @Test
    void shouldFreeDroppedSegmentsBehindTwoCheckpointsAndUseTheirFilesAgain() throws JournalException {
        Script script = Script.on(disk);
        long first = fill(script, 0, 11);
        long firstPosition = script.replayedPositions.isEmpty() ? 1L << 32 | 88 : 0;
        assertThat(script.read(firstPosition)).isEqualTo(record(0));
        script.journal.drop(1);
        assertThatThrownBy(() -> script.journal.read(firstPosition))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("segment-0000000000000001.log was dropped");
        script.settle();
        assertThat(disk.names()).contains("segment-0000000000000001.log");
        script.journal.checkpoint(first, new byte[] {1});
        script.settle();
        assertThat(disk.names()).contains("segment-0000000000000001.log");
        long second = fill(script, 11, 12);
        script.journal.checkpoint(second, new byte[] {2});
        script.settle();
        assertThat(disk.names()).doesNotContain("segment-0000000000000001.log");
        assertThat(disk.names()).anyMatch(name -> name.startsWith("spare-"));
        int created = disk.count(Operation.CREATE, "segment-");
        fill(script, 12, 20);
        assertThat(disk.count(Operation.CREATE, "segment-") - created).isLessThan(2);
        Script next = Script.on(disk.crash(new Random(1)));
        assertThat(next.replayed).hasSize(8);
    }

    @Test
    void shouldNeverShowOldRecordsOfAFileThatIsUsedAgain() throws JournalException {
        for (int seed = 0; seed < 60; seed++) {
            int pages = 1 + seed % 3;
            FileJournalSettings settings = Script.SETTINGS.withSegmentBytes(pages * PAGE);
            SimulatedDisk own = new SimulatedDisk(new Random(seed));
            Script script = Script.on(own, settings);
            List<List<String>> expected = new ArrayList<>();
            for (int round = 0; round < 12; round++) {
                expected.clear();
                long end = fill(script, 0, 6 * pages);
                script.journal.checkpoint(end, new byte[0]);
                script.settle();
                long current = script.journal.currentSegment();
                script.journal.segments().headSet(current).forEach(script.journal::drop);
                script.settle();
                for (int i = 0; i < seed % 7; i++) {
                    expected.add(List.of(record(i)));
                    script.put(Flush.SYNC, record(i));
                }
                own = own.crash(new Random(seed * 100L + round));
                script = Script.on(own, settings);
                assertThat(script.replayed).as("seed %d round %d", seed, round).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldWriteToTheEndOfThePageSoThatTheSystemNeedNotReadItFirst() throws JournalException {
        Script script = Script.on(disk, Script.SETTINGS.withSegmentBytes(4 * PAGE));
        for (int round = 0; round < 4; round++) {
            long end = fill(script, 0, 25);
            script.journal.checkpoint(end, new byte[0]);
            script.settle();
            script.journal.segments().headSet(script.journal.currentSegment()).forEach(script.journal::drop);
            script.settle();
        }
        long end = fill(script, 0, 16);
        byte[] content = disk.content(String.format(Locale.ROOT, "segment-%016d.log", end >>> 32));
        int offset = (int) end;
        int pageEnd = (offset + PAGE - 1) & -PAGE;

        assertThat(Arrays.copyOfRange(content, offset, pageEnd))
                .hasSizeGreaterThan(100)
                .containsOnly(0);
        assertThat(Arrays.copyOfRange(content, pageEnd, content.length))
                .as("of what it held before")
                .contains('x');
    }

    @Test
    void shouldFallBackToTheCheckpointBeforeWhenTheNewestIsDamaged() throws JournalException {
        Script script = Script.on(disk);
        long first = fill(script, 0, 8);
        script.journal.checkpoint(first, "first".getBytes(UTF_8));
        script.settle();
        long second = fill(script, 8, 16);
        script.journal.checkpoint(second, "second".getBytes(UTF_8));
        script.settle();
        long current = script.journal.currentSegment();
        script.journal.segments().headSet(current).forEach(script.journal::drop);
        script.settle();
        long third = fill(script, 16, 17);
        script.journal.checkpoint(third, "third".getBytes(UTF_8));
        script.settle();
        fill(script, 17, 18);
        script.journal.close();
        String newest = "checkpoint-0000000000000003.idx";
        byte[] good = disk.content(newest);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 4;
            disk.replace(newest, bad);
            Script next = Script.on(disk);
            assertThat(next.journal.latestCheckpoint().index()).isEqualTo("second".getBytes(UTF_8));
            assertThat(next.replayed).hasSize(2);
            next.journal.close();
        }
        disk.replace("checkpoint-0000000000000002.idx", new byte[0]);
        assertThatThrownBy(() -> Script.on(disk))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
                .hasMessageContaining("checkpoint-0000000000000002.idx");
    }

    @Test
    void shouldBeginWithARecordThatTellsAllWhenNoCheckpointCanBeRead() throws JournalException {
        Script script = Script.on(disk);
        for (int round = 0; round < 3; round++) {
            fill(script, 0, 8);
            long end = script.put(Flush.SYNC, "before", Script.TELLS_ALL + round);
            script.journal.checkpoint(end, new byte[0]);
            script.settle();
            long current = script.journal.currentSegment();
            script.journal.segments().headSet(current).forEach(script.journal::drop);
            script.settle();
        }
        script.put(Flush.SYNC, "tail");
        script.journal.close();
        remove("checkpoint-0000000000000002.idx");
        disk.replace("checkpoint-0000000000000003.idx", new byte[100]);

        Script next = Script.on(disk);

        assertThat(next.replayed.get(0).get(1)).startsWith(Script.TELLS_ALL);
        assertThat(next.replayed.get(next.replayed.size() - 2)).containsExactly("before", Script.TELLS_ALL + 2);
        assertThat(next.replayed.get(next.replayed.size() - 1)).containsExactly("tail");
        next.put(Flush.SYNC, "goes on");
    }

    @Test
    void shouldReadRecordsBeforeAndWhileTheTailIsReplayed() throws JournalException {
        Script script = Script.on(disk);
        fill(script, 0, 8);
        long end = script.put(Flush.SYNC, "known");
        long known = script.position(0);
        script.journal.checkpoint(end, new byte[0]);
        script.settle();
        script.put(Flush.SYNC, "tail");
        long tail = script.position(0);
        script.put(Flush.SYNC, "end");
        script.journal.close();

        List<String> read = new ArrayList<>();
        try (FileJournal journal = FileJournal.openStepped(disk, Script.SETTINGS, () -> 0, new UUID(7, 7))) {
            read.add(new String(journal.read(known), UTF_8));
            assertThatThrownBy(() -> journal.read(tail)).isInstanceOf(JournalException.class);
            journal.replay(new Journal.BatchVisitor() {
                @Override
                public void onRecord(long position, byte[] bytes) {}

                @Override
                public void onBatchEnd(long behind) {
                    try {
                        read.add(new String(journal.read(tail), UTF_8));
                    } catch (JournalException e) {
                        throw new AssertionError(e);
                    }
                }
            });
        }
        assertThat(read).containsExactly("known", "tail", "tail");
    }

    @Test
    void shouldShowTheRecordsOfAClosedSegmentInPortions() throws JournalException {
        Script script = Script.on(disk);
        fill(script, 0, 20);
        List<String> found = new ArrayList<>();
        int portions = 0;
        for (long segment = 1; segment < script.journal.currentSegment(); segment++) {
            long from = 0;
            do {
                Journal.Portion portion = script.journal.scan(segment, from, 1000);
                for (Journal.Found record : portion.records()) {
                    found.add(new String(record.bytes(), UTF_8));
                    assertThat(script.read(record.position())).isEqualTo(found.get(found.size() - 1));
                }
                from = portion.next();
                portions++;
            } while (from != 0);
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            expected.add(record(i));
        }
        assertThat(found).isEqualTo(expected).hasSizeGreaterThan(10);
        assertThat(portions).isGreaterThan((int) script.journal.currentSegment());
        long current = script.journal.currentSegment();
        assertThatThrownBy(() -> script.journal.scan(current, 0, 1000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTryACheckpointAgainThatCouldNotBeStored() throws JournalException {
        Script script = Script.on(disk);
        long end = fill(script, 0, 2);
        disk.failWith((operation, name) -> {
            if (operation == Operation.CREATE && name.startsWith("checkpoint")) {
                throw new IOException("No space left on device");
            }
        });
        script.journal.checkpoint(end, new byte[3]);
        script.settle();
        assertThat(script.journal.pressure().text()).contains("checkpoint", "No space left on device");
        assertThat(script.put(Flush.SYNC, "goes on")).isEqualTo(script.synced);
        disk.failWith((operation, name) -> {});
        script.pass(Duration.ofSeconds(1));
        assertThat(script.journal.pressure()).isNull();
        assertThat(script.journal.latestCheckpoint().position()).isEqualTo(end);
    }

    @Test
    void shouldRefuseToDropTheCurrentSegment() throws JournalException {
        Script script = Script.on(disk);
        fill(script, 0, 1);
        assertThatThrownBy(() -> script.journal.drop(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseALogOneOfWhoseSegmentsIsGone() throws JournalException {
        Script script = Script.on(disk);
        fill(script, 0, 20);
        disk.endProcess();
        for (int segment = 1; segment < script.journal.currentSegment(); segment++) {
            String name = "segment-000000000000000" + segment + ".log";
            byte[] content = disk.content(name);
            assertThat(remove(name)).isTrue();
            assertThatThrownBy(() -> Script.on(disk))
                    .isInstanceOfSatisfying(
                            JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
                    .hasMessageContaining(name + " is gone")
                    .hasMessageContaining("posthorn journal repair");
            disk.replace(name, content);
        }
        assertThat(Script.on(disk).replayed).hasSize(20);
    }

    private boolean remove(String name) {
        try {
            disk.delete(name);
            return !disk.names().contains(name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
