package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.posthorn.journal.Journal.Checkpoint;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.file.FileJournalSettings;
import io.posthorn.testkit.SimulatedDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a log on a disk that loses and tears what was not synced, each ended by a power cut, the end of the
 * process, or a close. A list of batches is the judge: what was told to be durable is there, what is there is a
 * prefix, no
 * batch is there in half.
 */
class CrashTest {

    private static final int SEEDS = Integer.getInteger("posthorn.seeds", 3000);
    private static final int LIVES = 5;
    private static final int STEPS = 120;

    private record Appended(List<String> records, long[] positions, long end) {}

    private Random random;
    private FileJournalSettings settings;
    private SimulatedDisk disk;
    private Script script;
    private List<Appended> log;
    private Set<Long> dropped;
    private long certain;
    private boolean closedLast;
    private long epochLast;
    private int checkpointed;
    private int serial;

    @Test
    void shouldKeepWhatItToldToBeDurableAndNeverHalfABatch() {
        for (int i = 0; i < SEEDS; i++) {
            long seed = 7_000_000L + i;
            try {
                live(seed);
            } catch (JournalException | RuntimeException | AssertionError e) {
                fail("seed " + seed, e);
            }
        }
    }

    private void live(long seed) throws JournalException {
        random = new Random(seed);
        settings = Script.SETTINGS.withSegmentBytes((int) (1 + seed % 3) * Script.SEGMENT_BYTES);
        disk = new SimulatedDisk(random);
        log = new ArrayList<>();
        dropped = new HashSet<>();
        certain = 0;
        closedLast = true;
        epochLast = 0;
        for (int life = 0; life < LIVES; life++) {
            openAndCheck();
            for (int step = 0; step < STEPS; step++) {
                act();
            }
            end();
        }
        openAndCheck();
    }

    private void openAndCheck() throws JournalException {
        disk.failWith((operation, name) -> {});
        script = Script.on(disk, settings);
        assertThat(script.journal.epoch()).isGreaterThan(epochLast);
        epochLast = script.journal.epoch();
        assertThat(script.journal.closedCleanly()).isEqualTo(closedLast);
        Checkpoint checkpoint = script.journal.latestCheckpoint();
        long start = checkpoint == null ? 0 : checkpoint.position();
        int before = countUpTo(start);
        if (checkpoint != null) {
            assertThat(ByteBuffer.wrap(checkpoint.index()).getInt()).isEqualTo(before);
        }
        int found = before + script.replayed.size();
        assertThat(found).isLessThanOrEqualTo(log.size());
        for (int i = before; i < found; i++) {
            assertThat(script.replayed.get(i - before)).isEqualTo(log.get(i).records());
            assertThat(script.replayedEnds.get(i - before)).isEqualTo(log.get(i).end());
        }
        assertThat(found).as("batches found").isGreaterThanOrEqualTo(countUpTo(certain));
        log = new ArrayList<>(log.subList(0, found));
        certain = log.isEmpty() ? 0 : log.get(found - 1).end();
        checkpointed = Math.max(0, before - 1);
        dropped.removeIf(segment -> script.journal.segments().contains(segment));
        for (int i = 0; i < log.size(); i += 1 + random.nextInt(5)) {
            check(log.get(i));
        }
    }

    private int countUpTo(long position) {
        int count = 0;
        while (count < log.size() && log.get(count).end() <= position) {
            count++;
        }
        return count;
    }

    private void check(Appended batch) throws JournalException {
        if (!dropped.contains(script.journal.segmentOf(batch.end()))) {
            for (int i = 0; i < batch.positions().length; i++) {
                assertThat(script.read(batch.positions()[i]))
                        .isEqualTo(batch.records().get(i));
            }
        }
    }

    private void act() throws JournalException {
        int choice = random.nextInt(100);
        if (choice < 40) {
            append();
        } else if (choice < 60) {
            script.journal.flush();
        } else if (choice < 80) {
            script.journal.step();
        } else if (choice < 85) {
            script.nowNs += Duration.ofMillis(random.nextInt(100)).toNanos();
        } else if (choice < 90 && !log.isEmpty()) {
            int upTo = Math.max(checkpointed, random.nextInt(log.size()));
            checkpointed = upTo;
            script.journal.checkpoint(
                    log.get(upTo).end(),
                    ByteBuffer.allocate(random.nextInt(9000) + 4)
                            .putInt(0, upTo + 1)
                            .array());
        } else if (choice < 93) {
            drop();
        } else if (choice < 96 && !log.isEmpty()) {
            check(log.get(random.nextInt(log.size())));
        } else if (choice < 97) {
            beFull();
        } else if (choice < 99) {
            disk.failWith((operation, name) -> {});
        }
        certain = Math.max(certain, script.synced);
    }

    private void append() {
        String[] records = new String[1 + random.nextInt(4)];
        for (int i = 0; i < records.length; i++) {
            int length = random.nextInt(30) == 0 ? random.nextInt(6000) : random.nextInt(200);
            records[i] = serial++ + "x".repeat(length);
        }
        Flush[] kinds = Flush.values();
        long end = script.append(kinds[random.nextInt(kinds.length)], records);
        long[] positions = new long[records.length];
        for (int i = 0; i < records.length; i++) {
            positions[i] = script.position(i);
        }
        log.add(new Appended(List.of(records), positions, end));
    }

    private void drop() {
        Checkpoint checkpoint = script.journal.latestCheckpoint();
        if (checkpoint != null) {
            long needed = script.journal.segmentOf(checkpoint.position());
            List<Long> free = new ArrayList<>(script.journal.segments().headSet(needed));
            if (!free.isEmpty()) {
                long segment = free.get(random.nextInt(free.size()));
                script.journal.drop(segment);
                dropped.add(segment);
            }
        }
    }

    private void beFull() {
        disk.failWith((operation, name) -> {
            if (operation == Operation.WRITE && name.endsWith(".tmp")) {
                throw new IOException("No space left on device");
            }
        });
    }

    private void end() throws JournalException {
        closedLast = false;
        int choice = random.nextInt(4);
        if (choice == 0) {
            disk.failWith((operation, name) -> {});
            script.journal.close();
            certain = log.isEmpty() ? 0 : log.get(log.size() - 1).end();
            closedLast = true;
        } else if (choice == 1) {
            certain = Math.max(certain, script.written);
            disk.endProcess();
        } else {
            disk = disk.crash(random);
        }
    }
}
