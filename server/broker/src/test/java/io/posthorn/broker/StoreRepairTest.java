package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.JournalException.Kind;
import io.posthorn.journal.file.FileJournal;
import io.posthorn.journal.file.FileJournalSettings;
import io.posthorn.journal.salvage.Damage;
import io.posthorn.journal.salvage.SurveyedLog;
import io.posthorn.testkit.SimulatedDisk;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A small log of a broker, with pages, checkpoints, transactions and a prepared branch, is damaged in all ways. After each it
 * is checked; the broker starts and has all, or it refuses with the way out, is repaired, and has all that is whole.
 */
@Execution(ExecutionMode.CONCURRENT)
class StoreRepairTest {

    private static final Address QUEUE = Address.queue("q");
    private static final FileJournalSettings FILES =
            FileJournalSettings.defaults().withSegmentBytes(4096);
    private static final int BLOCK_ENTRIES = 4;
    private static final long NOW_MS = BrokerHarness.START_MS + 60_000;
    private static final long SEED = 20_261_121;
    /** Of the bytes of a segment every seventh is flipped, or each, with this property set; of other files always each. */
    private static final int STEP = Boolean.getBoolean("posthorn.damage.all") ? 1 : 7;

    private final Map<String, byte[]> whole = new TreeMap<>();
    private final Set<String> waiting = new TreeSet<>();
    private final Set<String> consumed = new TreeSet<>();

    @BeforeEach
    void writeLog() throws JournalException {
        SimulatedDisk disk = new SimulatedDisk(new Random(SEED));
        BrokerHarness harness = start(disk);
        TestClient client = harness.connected();
        client.consume(1, QUEUE);
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 10; i++) {
                send(client, "m" + round + "." + i);
            }
            for (int i = 0; i < 3; i++) {
                client.sendTransacted(QUEUE, "t" + round + "." + i);
                waiting.add("t" + round + "." + i);
            }
            client.commit(1);
            List<ServerFrame.Deliver> taken = client.take();
            for (int i = 0; i < taken.size(); i += 3) {
                client.acknowledge(1, taken.get(i).entry());
                consumed.add(name(TestClient.text(taken.get(i))));
            }
            client.credit(1, 1000);
            if (round == 1 || round == 2) {
                harness.turn(() -> harness.broker.checkpoint());
            }
        }
        client.xaStart(1, 0);
        client.sendTransacted(QUEUE, "prepared");
        client.xaEnd(1, 0x04000000);
        client.xaPrepare(1);
        waiting.removeAll(consumed);
        disk.names().forEach(name -> whole.put(name, disk.content(name)));
    }

    private void send(TestClient client, String text) {
        client.send(QUEUE, message(text + " " + "x".repeat(text.endsWith("7") ? 700 : 60)));
        waiting.add(text);
    }

    private static String name(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    private static BrokerHarness start(SimulatedDisk disk) throws JournalException {
        FileJournal log = FileJournal.openStepped(disk, FILES, () -> 0, new UUID(7, 7));
        boolean started = false;
        try {
            BrokerHarness harness = new BrokerHarness(log, 600, BLOCK_ENTRIES);
            started = true;
            return harness;
        } finally {
            if (!started) {
                log.close();
            }
        }
    }

    private SimulatedDisk disk(Consumer<Map<String, byte[]>> damage) {
        Map<String, byte[]> files = new TreeMap<>(whole);
        damage.accept(files);
        SimulatedDisk disk = new SimulatedDisk(new Random(SEED));
        files.forEach(disk::replace);
        return disk;
    }

    private static StoreCheck doctor(SimulatedDisk disk) {
        return new StoreCheck(disk, settings());
    }

    private static BrokerSettings settings() {
        BrokerSettings defaults = BrokerSettings.defaults();
        return new BrokerSettings(
                defaults.messageLengthMax(),
                defaults.resumeWindowMs(),
                0,
                600,
                defaults.stagedBytesMax(),
                BLOCK_ENTRIES,
                defaults.checkpointBytes(),
                defaults.compactionSlackBytes(),
                defaults.xaTimeoutMs(),
                defaults.destinations());
    }

    /** What a consumer gets, in order. */
    private static List<String> drain(BrokerHarness harness) {
        harness.sleep(31_000); // what the client of the last run holds is given up
        TestClient reader = new TestClient(harness, new UUID(9, 9), null);
        reader.connect();
        reader.openSession(1);
        reader.consume(1, QUEUE);
        reader.credit(1, 10_000);
        List<String> texts = new ArrayList<>();
        reader.takeTexts().forEach(text -> texts.add(name(text)));
        return texts;
    }

    @Test
    void shouldFindAWholeLogWhole() throws JournalException {
        SimulatedDisk disk = disk(files -> {});
        StoreCheck.Outcome outcome = doctor(disk).check(NOW_MS);
        assertThat(outcome.damages()).isEmpty();
        assertThat(outcome.report().losses()).isEmpty();
        assertThat(outcome.report().doubts()).isEmpty();
        assertThat(outcome.report().messages()).isEqualTo(waiting.size());
        assertThat(doctor(disk).repair(NOW_MS, ".aside", 4096).repaired()).isFalse();
        assertThat(whole.keySet()).isEqualTo(Set.copyOf(disk.names()));
        assertThat(drain(start(disk))).containsExactlyInAnyOrderElementsOf(waiting);
    }

    @Test
    void shouldComeThroughABitFlippedInEachByte() throws JournalException {
        Random random = new Random(SEED);
        int refused = 0;
        for (String name : whole.keySet()) {
            for (int at = 0; at < usedLength(name); at += step(name)) {
                int offset = at;
                int bit = random.nextInt(8);
                SimulatedDisk disk = disk(files -> {
                    byte[] flipped = files.get(name).clone();
                    flipped[offset] ^= (byte) (1 << bit);
                    files.put(name, flipped);
                });
                refused += comeThrough(disk, name + " bit " + bit + " of byte " + at, 1) ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void shouldComeThroughEveryTruncation() throws JournalException {
        for (String name : whole.keySet()) {
            for (int length = 0; length < usedLength(name); length += step(name)) {
                int cut = length;
                SimulatedDisk disk = disk(files -> files.put(name, Arrays.copyOf(files.get(name), cut)));
                comeThrough(disk, name + " cut to " + length, Integer.MAX_VALUE);
            }
        }
    }

    @Test
    void shouldComeThroughEachFileMissing() throws JournalException {
        String prepared = whole.keySet().stream()
                .filter(is("segment"))
                .reduce((one, next) -> next)
                .orElseThrow();
        for (String name : whole.keySet()) {
            boolean whatever = comeThrough(disk(files -> files.remove(name)), name + " missing", Integer.MAX_VALUE);
            assertThat(whatever)
                    .as("%s missing", name)
                    .isEqualTo(name.startsWith("checkpoint") || name.equals(prepared));
        }
        comeThrough(disk(files -> files.keySet().removeIf(is("checkpoint"))), "no checkpoint", Integer.MAX_VALUE);
        comeThrough(disk(files -> files.keySet().removeIf(is("segment"))), "no segment", Integer.MAX_VALUE);
        comeThrough(disk(files -> files.keySet().removeIf(is("c", "j"))), "segments alone", Integer.MAX_VALUE);
    }

    private static int step(String name) {
        return name.startsWith("segment") ? STEP : 1;
    }

    private static Predicate<String> is(String... prefixes) {
        return name -> Arrays.stream(prefixes).anyMatch(name::startsWith);
    }

    /** Behind the end of the log a segment holds zeros, of which each is as good as the next. */
    private int usedLength(String name) {
        byte[] bytes = whole.get(name);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return Math.min(bytes.length, length + 40);
    }

    /** Whether it started without a repair. */
    private boolean comeThrough(SimulatedDisk disk, String what, int damagedMost) throws JournalException {
        try {
            StoreCheck.Outcome before = doctor(disk).check(NOW_MS);
            BrokerHarness harness = null;
            try {
                harness = start(disk);
            } catch (JournalException refusal) {
                assertThat(refusal.kind()).as(what).isIn(Kind.DAMAGED, Kind.UNUSABLE);
                assertThat(refusal.getMessage()).as(what).matches("(?s).*(/simulated|repair).*");
                assertThat(before.isWhole())
                        .as(what + ": " + refusal.getMessage())
                        .isFalse();
            }
            if (harness != null) {
                List<String> texts = drain(harness);
                assertThat(texts).as(what).doesNotHaveDuplicates().doesNotContainAnyElementsOf(consumed);
                if (before.isWhole() && before.damages().isEmpty()) {
                    assertNothingButTheTailIsMissing(what, texts);
                } else if (before.report().isWhole()) {
                    assertThat(texts).as(what).containsAll(waiting);
                }
                return true;
            }
            repair(disk, what, damagedMost);
            return false;
        } catch (RuntimeException | AssertionError bug) {
            throw new AssertionError("seed " + SEED + ": " + what, bug);
        }
    }

    /** What was written last, behind the last mark, cannot be told from what was never confirmed. */
    private void assertNothingButTheTailIsMissing(String what, List<String> texts) {
        Set<String> missing = new TreeSet<>(waiting);
        missing.removeAll(texts);
        assertThat(missing).as(what).isEmpty();
    }

    private void repair(SimulatedDisk disk, String what, int damagedMost) throws JournalException {
        Map<String, byte[]> before = disk.names().stream().collect(Collectors.toMap(name -> name, disk::content));
        StoreCheck.Outcome repaired = doctor(disk).repair(NOW_MS, ".aside", 4096);
        assertThat(repaired.repaired()).as(what).isTrue();
        before.forEach((name, bytes) -> {
            boolean kept = Arrays.equals(bytes, contentOf(disk, name))
                    || Arrays.equals(bytes, contentOf(disk, name + ".aside"));
            assertThat(kept).as(what + ": evidence in " + name).isTrue();
        });
        StoreCheck.Outcome after = doctor(disk).check(NOW_MS);
        assertThat(after.damages().stream().filter(Damage::hindersStart))
                .as(what)
                .isEmpty();
        assertThat(after.report().losses()).as(what).isEmpty();
        assertThat(after.report().doubts()).as(what).isEmpty();
        List<String> texts = drain(start(disk));
        assertThat(texts).as(what).hasSize((int) after.report().messages()).doesNotHaveDuplicates();
        boolean promised = repaired.report().doubts().isEmpty();
        if (promised) {
            assertThat(texts).as(what).doesNotContainAnyElementsOf(consumed);
            assertThat(texts.size() + lostCount(repaired.report())).as(what).isGreaterThanOrEqualTo(waiting.size());
        }
        Set<String> missing = new TreeSet<>(waiting);
        missing.removeAll(texts);
        if (damagedMost != Integer.MAX_VALUE) {
            assertThat(missing.size()).as(what + " lacks " + missing).isLessThanOrEqualTo(damagedMost);
        }
    }

    /** How many messages are lost: one in each line, or so many as it begins with when a whole page is gone. */
    private static int lostCount(Salvage.Report report) {
        return report.losses().stream()
                .mapToInt(loss -> Character.isDigit(loss.charAt(0)) ? Integer.parseInt(loss.split(" ", 2)[0]) : 1)
                .sum();
    }

    private static byte[] contentOf(SimulatedDisk disk, String name) {
        return disk.names().contains(name) ? disk.content(name) : null;
    }

    @Test
    void shouldRefuseALogThatIsInUse() throws JournalException {
        SimulatedDisk disk = disk(files -> {});
        start(disk);
        assertThatThrownBy(() -> doctor(disk).check(NOW_MS))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
                .hasMessageContaining("in use by");
    }

    @Test
    void shouldRefuseToRepairWhatAnotherReleaseWrote() throws JournalException {
        for (byte version : new byte[] {1, 2, 9}) {
            SimulatedDisk disk = disk(files -> {});
            BrokerHarness harness = start(disk);
            byte[] index = harness.files.latestCheckpoint().index();
            index[0] = version;
            harness.files.checkpoint(harness.files.latestCheckpoint().position(), index);
            harness.settle();
            harness.files.close();
            Map<String, byte[]> before = disk.names().stream().collect(Collectors.toMap(name -> name, disk::content));

            for (ThrowingCallable attempt : List.<ThrowingCallable>of(
                    () -> doctor(disk).check(NOW_MS), () -> doctor(disk).repair(NOW_MS, ".aside", 4096), () -> {
                        before.forEach((name, bytes) ->
                                assertThat(disk.content(name)).as(name).isEqualTo(bytes));
                        start(disk);
                    })) {
                assertThatThrownBy(attempt)
                        .isInstanceOfSatisfying(
                                JournalException.class,
                                e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                        .hasMessageContaining("a checkpoint of version " + version)
                        .hasMessageContaining("reads version 3");
            }
        }
    }

    @Test
    void shouldPutALostPageTogetherFromMessagesThatWereMoved() throws Exception {
        SimulatedDisk disk = new SimulatedDisk(new Random(SEED));
        FileJournal log = FileJournal.openStepped(disk, FILES, () -> 0, new UUID(7, 7));
        BrokerHarness harness = new BrokerHarness(log, 300, BLOCK_ENTRIES, 2000);
        TestClient client = harness.connected();
        List<String> kept = new ArrayList<>();
        for (int number = 0; number < 200; number++) {
            client.send(QUEUE, message(number + " " + "x".repeat(150)));
        }
        client.consume(1, QUEUE);
        for (ServerFrame.Deliver deliver : client.take()) {
            String name = name(TestClient.text(deliver));
            if (Integer.parseInt(name) % 20 == 0) {
                kept.add(name);
            } else {
                client.acknowledge(1, deliver.entry());
            }
        }
        client.close();
        for (int turn = 0; turn < 300; turn++) {
            harness.sleep(1);
        }
        harness.turn(() -> harness.broker.checkpoint());
        log.close();
        long moved = positionsOf(LogRecord.Moved.class, disk).get(0) >>> 32;
        SimulatedDisk left = withoutPages(disk, moved);

        StoreCheck.Outcome repaired = doctor(left).repair(NOW_MS, ".aside", 4096);

        assertThat(repaired.report().losses()).isEmpty();
        assertThat(repaired.report().doubts()).anyMatch(doubt -> doubt.contains("put together anew"));
        List<String> texts = drain(start(left));
        assertThat(texts).containsExactlyInAnyOrderElementsOf(kept);
    }

    private static List<Long> positionsOf(Class<? extends LogRecord> type, SimulatedDisk disk) throws JournalException {
        List<Long> positions = new ArrayList<>();
        try (SurveyedLog log = SurveyedLog.open(disk, Salvage::tellsAll)) {
            log.survey()
                    .read(
                            0,
                            (records, complete) -> records.stream()
                                    .filter(whole -> type.isInstance(RecordCodec.decode(whole.body())))
                                    .forEach(whole -> positions.add(whole.position())));
        }
        return positions;
    }

    /** The log from a segment on, with each page damaged. */
    private static SimulatedDisk withoutPages(SimulatedDisk disk, long firstSegment) throws JournalException {
        Map<String, byte[]> files = new TreeMap<>();
        String first = segmentName(firstSegment);
        disk.names().stream()
                .filter(name -> !name.startsWith("segment") || name.compareTo(first) >= 0)
                .forEach(name -> files.put(name, disk.content(name)));
        for (long page : positionsOf(LogRecord.Page.class, disk)) {
            if (page >>> 32 >= firstSegment) {
                files.get(segmentName(page >>> 32))[(int) page + 30] ^= 1;
            }
        }
        SimulatedDisk left = new SimulatedDisk(new Random(SEED));
        files.forEach(left::replace);
        return left;
    }

    private static String segmentName(long segment) {
        return String.format("segment-%016d.log", segment);
    }

    @Test
    void shouldListWhatIsLost() throws JournalException {
        String first = whole.keySet().stream().filter(is("segment")).findFirst().orElseThrow();
        StoreCheck.Outcome outcome = doctor(disk(files -> files.remove(first))).check(NOW_MS);
        assertThat(outcome.report().losses()).isNotEmpty();
        assertThat(outcome.report().losses().get(0)).contains("Message ", " of queue ", first);
    }
}
