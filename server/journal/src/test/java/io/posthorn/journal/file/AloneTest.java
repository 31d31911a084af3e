package io.posthorn.journal.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.disk.DiskFolder;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner whose work is what waits for the disk writes itself, when that has been so for a while and the disk is quick. */
class AloneTest {

    private static final int ROUNDS_MAX = 20_000;

    @TempDir
    Path folder;

    /** Nothing is synced in a scratch log, so that this disk is quick for certain. */
    @Test
    void shouldWriteOnTheOwnersThreadWhenItHasHadNoOtherWork() throws Exception {
        try (Owner owner = new Owner(FileJournal.openScratch(folder, Owner.SETTINGS))) {
            assertThat(roundsUntilSyncedHere(owner, 1)).isBetween(16, ROUNDS_MAX);
            assertThat(roundsUntilSyncedHere(owner, 32)).isLessThan(ROUNDS_MAX);

            for (int i = 0; i < 4; i++) {
                owner.journal.flush(); // there was something else
            }
            long end = owner.append(Flush.SYNC, "one that is waited for");
            assertThat(owner.journal.flushHere()).isFalse();
            owner.awaitSynced(end);
            assertThat(owner.syncedHere()).isFalse();

            assertThat(roundsUntilSyncedHere(owner, 1)).isBetween(15, ROUNDS_MAX);
        }
    }

    @Test
    void shouldGoOnWritingOnTheOwnersThreadWhenItSeldomHasOtherWork() throws Exception {
        try (Owner owner = new Owner(FileJournal.openScratch(folder, Owner.SETTINGS))) {
            assertThat(shareSyncedHere(owner, 20)).isGreaterThan(0.3);
            assertThat(shareSyncedHere(owner, 4)).isLessThan(0.1);
        }
    }

    /** How much of what was waited for was written here, with other work every so many rounds. */
    private static double shareSyncedHere(Owner owner, int rounds) throws InterruptedException {
        int here = 0;
        for (int i = 1; i <= 2_000; i++) {
            round(owner, 1);
            here += owner.syncedHere() ? 1 : 0;
            if (i % rounds == 0) {
                owner.journal.flush();
            }
        }
        return here / 2_000.0;
    }

    @Test
    void shouldLeaveLongWritesToTheOtherThread() throws Exception {
        try (Owner owner = new Owner(FileJournal.openScratch(folder, Owner.SETTINGS.withSegmentBytes(1 << 20)))) {
            assertThat(roundsUntilSyncedHere(owner, 1)).isBetween(16, ROUNDS_MAX);
            long end = owner.append(Flush.SYNC, "x".repeat(200_000));
            owner.journal.flushHere();
            owner.awaitSynced(end);
            assertThat(owner.syncedHere()).isFalse();
        }
    }

    private static int roundsUntilSyncedHere(Owner owner, int awaited) throws InterruptedException {
        int rounds = 0;
        do {
            round(owner, awaited);
            rounds++;
        } while (!owner.syncedHere() && rounds < ROUNDS_MAX);
        return rounds;
    }

    private static void round(Owner owner, int awaited) throws InterruptedException {
        long end = 0;
        for (int i = 0; i < awaited; i++) {
            end = owner.append(Flush.SYNC, "one that is waited for");
        }
        owner.journal.flushHere();
        owner.awaitSynced(end);
    }

    @Test
    void shouldLeaveToTheOwnerWhatCameDuringASync() throws Exception {
        SlowSync sync = new SlowSync();
        try (Owner owner = new Owner(FileJournal.open(sync.in(DiskFolder.at(folder)), Owner.SETTINGS))) {
            int rounds = 0;
            do {
                long end = appendDuringASync(owner, sync);
                owner.journal.flushHere();
                owner.awaitSynced(end);
                rounds++;
            } while (!owner.syncedHere() && rounds < 1_000);
            assertThat(owner.syncedHere()).isTrue();
        }
    }

    @Test
    void shouldWriteWhatAnOwnerLeftThatDoesNotCome() throws Exception {
        SlowSync sync = new SlowSync();
        try (Owner owner = new Owner(FileJournal.open(sync.in(DiskFolder.at(folder)), Owner.SETTINGS))) {
            for (int rounds = 0; rounds < 50; rounds++) {
                owner.awaitSynced(appendDuringASync(owner, sync));
                assertThat(owner.syncedHere()).isFalse();
            }
        }
    }

    /** The other thread has written and told of what came before, not of this. */
    private static long appendDuringASync(Owner owner, SlowSync sync) throws InterruptedException {
        CountDownLatch first = sync.next();
        long before = owner.append(Flush.SYNC, "this is being synced");
        owner.journal.flush();
        sync.awaitBegin();
        for (int i = 0; i < 16; i++) {
            before = owner.append(Flush.SYNC, "while this comes");
            assertThat(owner.journal.flushHere()).isFalse();
        }
        CountDownLatch second = sync.next();
        first.countDown();
        sync.awaitBegin();
        long end = owner.append(Flush.SYNC, "by now there has been no other work for a while");
        assertThat(owner.journal.flushHere()).isFalse();
        second.countDown();
        owner.awaitSynced(before);
        return end;
    }

    /** A disk on which the next sync takes until it is told to go on; the others take no time. */
    private static final class SlowSync {

        private final Semaphore begun = new Semaphore(0);
        private final AtomicReference<CountDownLatch> next = new AtomicReference<>();

        CountDownLatch next() {
            CountDownLatch go = new CountDownLatch(1);
            next.set(go);
            return go;
        }

        void awaitBegin() throws InterruptedException {
            assertThat(begun.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }

        LogFolder in(LogFolder folder) {
            return (LogFolder) proxy(LogFolder.class, (proxy, method, arguments) -> {
                Object result = method.invoke(folder, arguments);
                return result instanceof LogFile file ? in(file) : result;
            });
        }

        private LogFile in(LogFile file) {
            return (LogFile) proxy(LogFile.class, (proxy, method, arguments) -> {
                if (!method.getName().equals("sync")) {
                    return method.invoke(file, arguments);
                }
                boolean written = Thread.currentThread().getName().equals("posthorn-journal"); // not prepared
                CountDownLatch go = written ? next.getAndSet(null) : null;
                if (go != null) {
                    begun.release();
                    assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
                }
                return null;
            });
        }

        private static Object proxy(Class<?> type, InvocationHandler handler) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
        }
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
                    owner.journal.flushHere();
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
