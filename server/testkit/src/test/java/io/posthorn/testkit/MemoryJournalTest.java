package io.posthorn.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.JournalException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryJournalTest {

    private final List<String> said = new ArrayList<>();
    private final Batch batch = new Batch();

    private MemoryJournal ready(MemoryJournal journal) throws JournalException {
        replay(journal);
        journal.listen(new Journal.ProgressListener() {
            @Override
            public void onProgress(long written, long synced) {
                said.add(written + "/" + synced);
            }

            @Override
            public void onFailure(JournalException failure) {
                said.add(failure.getMessage());
            }
        });
        return journal;
    }

    private static List<String> replay(MemoryJournal journal) throws JournalException {
        List<String> found = new ArrayList<>();
        journal.replay(new Journal.BatchVisitor() {
            @Override
            public void onRecord(long position, byte[] bytes) {
                found.add(new String(bytes, UTF_8));
            }

            @Override
            public void onBatchEnd(long end) {
                found.add("|");
            }
        });
        return found;
    }

    private long append(MemoryJournal journal, String... records) {
        batch.clear();
        for (String record : records) {
            batch.add(record.getBytes(UTF_8));
        }
        return journal.append(batch, Flush.SYNC);
    }

    @Test
    void shouldAdvanceOnlyWhenTheTestSaysSo() throws JournalException {
        MemoryJournal journal = ready(MemoryJournal.stepped());
        long start = journal.currentSegment() << 32 | 64;
        long end = append(journal, "a");
        journal.runWrite();
        journal.flush();
        assertThat(said).isEmpty();
        journal.runWrite();
        assertThat(said).containsExactly(end + "/" + start);
        journal.runSync();
        assertThat(said).containsExactly(end + "/" + start, end + "/" + end);
    }

    @Test
    void shouldKeepWhatWasSyncedAndAPrefixOfTheRestInACrash() throws JournalException {
        Set<Integer> lengths = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            MemoryJournal journal = ready(MemoryJournal.stepped());
            append(journal, "a", "b");
            journal.flush();
            journal.runWrite();
            journal.runSync();
            append(journal, "c");
            append(journal, "d", "e");
            journal.flush();
            journal.runWrite();
            append(journal, "never flushed");
            MemoryJournal next = journal.crash(new Random(seed));
            assertThat(next.closedCleanly()).isFalse();
            assertThat(next.epoch()).isEqualTo(2);
            List<String> found = replay(next);
            assertThat(List.of("a", "b", "|", "c", "|", "d", "e", "|").subList(0, found.size()))
                    .isEqualTo(found);
            lengths.add(found.size());
        }
        assertThat(lengths).containsExactlyInAnyOrder(3, 5, 8);
    }

    @Test
    void shouldKeepWhatWasWrittenWhenTheProcessEnds() throws JournalException {
        MemoryJournal journal = ready(MemoryJournal.stepped());
        append(journal, "a");
        journal.flush();
        journal.runWrite();
        assertThat(replay(journal.kill(new Random(1)))).containsExactly("a", "|");
    }

    @Test
    void shouldReplayFromTheCheckpointAndRefuseDroppedSegments() throws JournalException {
        MemoryJournal journal = ready(MemoryJournal.stepped(256));
        append(journal, "x".repeat(200));
        long position = batch.position(0);
        long end = append(journal, "y".repeat(200));
        append(journal, "z");
        journal.checkpoint(end, new byte[] {9});
        assertThat(journal.latestCheckpoint()).isNull();
        journal.flush();
        journal.runWrite();
        journal.runSync();
        assertThat(journal.latestCheckpoint().position()).isEqualTo(end);
        long length = journal.length();
        journal.drop(1);
        assertThat(journal.length()).isLessThan(length);
        assertThatThrownBy(() -> journal.read(position))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED));
        MemoryJournal next = journal.crash(new Random(1));
        assertThat(next.latestCheckpoint().index()).containsExactly(9);
        assertThat(replay(next)).containsExactly("z", "|");
    }

    @Test
    void shouldWriteAndSyncAtOnceWhenSyncing() throws JournalException {
        MemoryJournal journal = ready(MemoryJournal.syncing());
        long end = append(journal, "a");
        journal.flush();
        assertThat(said).last().isEqualTo(end + "/" + end);
        journal.close();
        MemoryJournal next = journal.reopen();
        assertThat(next.closedCleanly()).isTrue();
        assertThat(replay(next)).containsExactly("a", "|");
    }

    @Test
    void shouldStopAfterAFailure() throws JournalException {
        MemoryJournal journal = ready(MemoryJournal.syncing());
        journal.failNext(new JournalException(Kind.FAILED, "broken"));
        assertThat(append(journal, "a")).isEqualTo(Long.MAX_VALUE);
        journal.flush();
        journal.flush();
        assertThat(said).containsExactly("broken");
    }

    @Test
    void shouldInsistOnTheOrderOfCalls() throws JournalException {
        MemoryJournal journal = MemoryJournal.stepped();
        assertThatThrownBy(() -> append(journal, "a")).isInstanceOf(IllegalStateException.class);
        replay(journal);
        assertThatThrownBy(() -> replay(journal)).isInstanceOf(IllegalStateException.class);
        MemoryJournal next = journal.crash(new Random(1));
        assertThatThrownBy(() -> append(journal, "a")).isInstanceOf(IllegalStateException.class);
        assertThat(replay(next)).isEmpty();
    }
}
