package io.posthorn.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.JournalException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A small log, cut at every length and flipped at every byte. */
class DamageTest {

    private static final String SEGMENT = "segment-0000000000000001.log";
    private static final String CONTROL = "journal.properties";
    private static final int BATCHES = 8;

    private SimulatedDisk disk;
    private final List<List<String>> expected = new ArrayList<>();
    private final int[] ends = new int[BATCHES];
    private byte[] control;
    private byte[] whole;
    private byte[] closed;
    private byte[] controlClosed;

    @BeforeEach
    void writeLog() throws JournalException {
        disk = new SimulatedDisk(new Random(4));
        Script script = Script.on(disk);
        for (int i = 0; i < BATCHES; i++) {
            List<String> batch = i % 2 == 0 ? List.of("single " + i) : List.of("first of " + i, "", "last of " + i);
            expected.add(batch);
            ends[i] = (int) script.put(Flush.SYNC, batch.toArray(String[]::new));
        }
        whole = disk.content(SEGMENT);
        control = disk.content(CONTROL);
        script.journal.close();
        closed = disk.content(SEGMENT);
        controlClosed = disk.content(CONTROL);
    }

    /** A mark in each batch's write says that the one before was durable, so only the last may be taken for torn. */
    private static final int LAST = BATCHES - 1;

    private SimulatedDisk with(byte[] segment, byte[] controlFile) {
        SimulatedDisk damaged = new SimulatedDisk(new Random(4));
        damaged.replace(SEGMENT, segment);
        damaged.replace(CONTROL, controlFile);
        return damaged;
    }

    @Test
    void shouldCutATornTailAtEveryLength() throws JournalException {
        for (int length = 64; length < whole.length; length++) {
            SimulatedDisk torn = with(tornAt(length), control);
            Script script = Script.on(torn);
            int batches = batchesBefore(length);
            assertThat(script.replayed).as("length %d", length).isEqualTo(expected.subList(0, batches));
            assertThat(script.journal.closedCleanly()).isFalse();
            script.put(Flush.SYNC, "new");
            List<List<String>> then = new ArrayList<>(expected.subList(0, batches));
            then.add(List.of("new"));
            assertThat(Script.on(torn.crash(new Random(length))).replayed)
                    .as("length %d", length)
                    .isEqualTo(then);
        }
    }

    /** What a crash may leave behind this length: the file is as long as it was made, and other bytes are there. */
    private byte[] tornAt(int length) {
        byte[] torn = whole.clone();
        Arrays.fill(torn, length, Math.max(length, ends[LAST]), (byte) 0x5a);
        return torn;
    }

    @Test
    void shouldRefuseAFileThatIsShorterThanItWasMade() {
        for (int length = 0; length < whole.length; length++) {
            assertDamaged(with(Arrays.copyOf(whole, length), control), SEGMENT, "length " + length);
        }
    }

    private int batchesBefore(int length) {
        int batches = 0;
        while (batches < BATCHES && ends[batches] <= length) {
            batches++;
        }
        return batches;
    }

    @Test
    void shouldRefuseALogThatWasClosedInOrderAndIsShorterNow() {
        for (int length = 0; length < ends[LAST]; length++) {
            SimulatedDisk torn = with(Arrays.copyOf(closed, length), controlClosed);
            assertDamaged(torn, SEGMENT, "length " + length);
        }
    }

    @Test
    void shouldRefuseDamageBeforeTheLastMarkAndCutWhatComesAfter() throws JournalException {
        for (int at = 0; at < ends[LAST]; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            SimulatedDisk bad = with(flipped, control);
            if (at < ends[LAST - 1]) {
                JournalException refusal = assertDamaged(bad, SEGMENT, "byte " + at);
                assertThat(refusal).hasMessageContaining("posthorn journal repair");
                assertThat(bad.content(SEGMENT)).isEqualTo(flipped);
            } else {
                assertThat(Script.on(bad).replayed).as("byte %d", at).isEqualTo(expected.subList(0, LAST));
            }
        }
    }

    @Test
    void shouldRefuseAnyDamageOfALogThatWasClosedInOrder() {
        for (int at = 0; at < ends[LAST]; at++) {
            byte[] flipped = closed.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            assertDamaged(with(flipped, controlClosed), SEGMENT, "byte " + at);
        }
    }

    @Test
    void shouldNeverTakeUpAgainWhatWasCut() throws JournalException {
        SimulatedDisk own = new SimulatedDisk(new Random(4));
        Script script = Script.on(own);
        int end = (int) script.put(Flush.SYNC, "durable");
        script.append(Flush.LAZY, "cut 1");
        script.append(Flush.LAZY, "cut 2");
        script.append(Flush.LAZY, "cut 3");
        script.journal.flush();
        script.settle();
        byte[] torn = own.content(SEGMENT);
        torn[end + 24 + 16] ^= 1; // the first of the three, behind the mark
        Script next = Script.on(with(torn, own.content(CONTROL)));
        assertThat(next.replayed).containsExactly(List.of("durable"));
        next.put(Flush.SYNC, "new"); // with its mark as long as the mark and the first record that were there
        Script last = Script.on(next.disk.crash(new Random(1)));
        assertThat(last.replayed).containsExactly(List.of("durable"), List.of("new"));
    }

    @Test
    void shouldSayWhatItCutAndWhere() throws JournalException {
        List<String> warnings = new ArrayList<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.posthorn.journal.file.Recovery");
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getLevel() == Level.WARN) {
                    warnings.add(event.getFormattedMessage());
                }
            }
        };
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        try {
            Script.on(with(whole, control));
            assertThat(warnings).isEmpty();
            Script.on(with(tornAt(ends[LAST] - 24), control));
            assertThat(warnings).hasSize(1);
            int cut = ends[LAST - 1] + 24; // behind the mark that comes before the last batch
            assertThat(warnings.get(0))
                    .contains("torn tail of", "position 1:" + cut, "/simulated/" + SEGMENT, "offset " + cut);
        } finally {
            logger.setLevel(null);
            logger.setAdditive(true);
            logger.detachAppender(appender);
        }
    }

    @Test
    void shouldNameTheOffsetOfTheDamage() {
        byte[] flipped = whole.clone();
        flipped[ends[2] + 24 + 20] ^= 1; // in the body of the record behind the mark that follows the third batch
        JournalException refusal = assertDamaged(with(flipped, control), SEGMENT, "body");
        assertThat(refusal)
                .hasMessageContaining("offset " + (ends[2] + 24))
                .hasMessageContaining("1:" + (ends[2] + 24));
    }

    @Test
    void shouldNoticeDamageWhenARecordIsRead() throws JournalException {
        Script script = Script.on(disk);
        long position = 1L << 32 | 64 + 24;
        assertThat(script.read(position)).isEqualTo("single 0");
        int end = 64 + 24 + 16 + 8;
        for (int at = 64 + 24; at < end; at++) {
            byte[] flipped = closed.clone();
            flipped[at] ^= 1;
            Script fresh = Script.on(with(closed, controlClosed));
            fresh.disk.replace(SEGMENT, flipped);
            assertThatThrownBy(() -> fresh.journal.read(position))
                    .as("byte %d", at)
                    .isInstanceOfSatisfying(
                            JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
                    .hasMessageContaining("offset 88")
                    .hasMessageContaining(SEGMENT);
        }
    }

    @Test
    void shouldRefuseADamagedControlFile() {
        for (int at = 0; at < control.length; at++) {
            byte[] flipped = control.clone();
            flipped[at] ^= 1;
            assertThatThrownBy(() -> Script.on(with(whole, flipped)))
                    .as("byte %d", at)
                    .isInstanceOf(JournalException.class)
                    .hasMessageMatching("(?s).*(journal.properties|format).*");
        }
        for (int length = 0; length < control.length; length++) {
            SimulatedDisk cut = with(whole, Arrays.copyOf(control, length));
            assertDamaged(cut, CONTROL, "length " + length);
        }
    }

    @Test
    void shouldRefuseAFolderOfALaterFormat() {
        String later = new String(control, UTF_8).replace("format=1", "format=2");
        assertThatThrownBy(() -> Script.on(with(whole, later.getBytes(UTF_8))))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContaining("format 2")
                .hasMessageContaining("Start the release that wrote it");
    }

    @Test
    void shouldRefuseSegmentsWithoutTheirControlFile() {
        SimulatedDisk lost = new SimulatedDisk(new Random(1));
        lost.replace(SEGMENT, whole);
        assertDamaged(lost, CONTROL, "no control file");
    }

    @Test
    void shouldRefuseAControlFileThatIsOlderThanTheLog() throws JournalException {
        SimulatedDisk mixed = with(whole, control);
        Script second = Script.on(mixed);
        second.put(Flush.SYNC, "of the second owner");
        assertDamaged(with(mixed.content(SEGMENT), control), SEGMENT, "older control file");
    }

    private static JournalException assertDamaged(SimulatedDisk disk, String file, String what) {
        JournalException[] refusal = new JournalException[1];
        assertThatThrownBy(() -> Script.on(disk)).as(what).isInstanceOfSatisfying(JournalException.class, e -> {
            assertThat(e.kind()).as(what).isEqualTo(Kind.DAMAGED);
            assertThat(e).hasMessageContaining(file);
            refusal[0] = e;
        });
        return refusal[0];
    }
}
