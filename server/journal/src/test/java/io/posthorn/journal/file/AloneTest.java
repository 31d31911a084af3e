package io.posthorn.journal.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.disk.DiskFolder;
import io.posthorn.journal.disk.LogFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner that has nothing else to do writes itself, when that has been so for a while and the disk is quick. */
class AloneTest {

    private static final int ROUNDS_MAX = 20_000;

    @TempDir
    Path folder;

    @Test
    void shouldWriteOnTheOwnersThreadWhenItIsAlone() throws Exception {
        // nothing is synced in a scratch log, so that this disk is quick for certain
        try (Owner owner = new Owner(FileJournal.openScratch(folder, Owner.SETTINGS))) {
            assertThat(roundsUntilSyncedHere(owner)).isBetween(16, ROUNDS_MAX);

            long end = owner.append(Flush.SYNC, "others wait, too");
            owner.journal.flush();
            owner.awaitSynced(end);
            assertThat(owner.syncedHere()).isFalse();

            assertThat(roundsUntilSyncedHere(owner)).isBetween(16, ROUNDS_MAX);

            owner.append(Flush.SYNC, "one of two senders");
            end = owner.append(Flush.SYNC, "the other");
            owner.journal.flushAlone();
            owner.awaitSynced(end);
            assertThat(owner.syncedHere()).isFalse();

            assertThat(roundsUntilSyncedHere(owner)).isBetween(16, ROUNDS_MAX);
        }
    }

    private static int roundsUntilSyncedHere(Owner owner) throws InterruptedException {
        int rounds = 0;
        do {
            long end = owner.append(Flush.SYNC, "alone");
            owner.journal.flushAlone();
            owner.awaitSynced(end);
            rounds++;
        } while (!owner.syncedHere() && rounds < ROUNDS_MAX);
        return rounds;
    }

    @Test
    void shouldKeepEverythingWhicheverThreadWroteIt() throws Exception {
        List<String> expected = new ArrayList<>();
        FileJournalSettings settings = Owner.SETTINGS.withSegmentBytes(16 << 10);
        try (Owner owner = new Owner(folder, settings)) {
            for (int i = 0; i < 2_000; i++) {
                String record = "record " + i + "x".repeat(i % 300);
                expected.add(record);
                expected.add("|");
                long end = owner.append(Flush.values()[i % 3], record);
                if (i % 400 < 300) {
                    owner.journal.flushAlone();
                } else {
                    owner.journal.flush();
                }
                if (i % 3 == Flush.SYNC.ordinal()) {
                    owner.awaitSynced(end);
                }
            }
        }
        try (Owner owner = new Owner(folder, settings)) {
            assertThat(owner.replayed).isEqualTo(expected);
        }
    }

    @Test
    void shouldCountADiskAsQuickOnlyWhenItsSyncsAre() throws Exception {
        long[] nowNs = {0};
        long[] syncNs = {100_000};
        Pace pace = new Pace(() -> {
            nowNs[0] += syncNs[0];
            return nowNs[0];
        });
        try (LogFile file = DiskFolder.at(folder).create("file")) {
            assertThat(pace.isQuick()).isFalse();
            pace.sync(file);
            assertThat(pace.isQuick()).isTrue();
            syncNs[0] = 50_000_000;
            pace.sync(file);
            assertThat(pace.isQuick()).isFalse();
            syncNs[0] = 100_000;
            for (int i = 0; i < 200; i++) {
                pace.sync(file);
            }
            assertThat(pace.isQuick()).isTrue();
        }
    }
}
