package io.posthorn.journal.file;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The owner of a log in a folder of the file system, with threads. */
final class Owner implements Journal.BatchVisitor, Journal.ProgressListener, AutoCloseable {

    static final FileJournalSettings SETTINGS = FileJournalSettings.defaults().withSegmentBytes(64 << 10);

    final FileJournal journal;
    final List<String> replayed = new ArrayList<>();
    final List<Long> replayedPositions = new ArrayList<>();
    final Batch batch = new Batch();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private long synced;
    private JournalException failure;

    /** The thread that told of the latest progress. */
    private Thread teller;

    Owner(Path folder) throws JournalException {
        this(folder, SETTINGS);
    }

    Owner(Path folder, FileJournalSettings settings) throws JournalException {
        this(FileJournal.open(folder, settings));
    }

    Owner(FileJournal journal) throws JournalException {
        this.journal = journal;
        journal.replay(this);
        journal.listen(this);
    }

    long append(Flush flush, String... records) {
        batch.clear();
        for (String record : records) {
            batch.add(record.getBytes(StandardCharsets.UTF_8));
        }
        return journal.append(batch, flush);
    }

    /** Appends and waits for the sync. */
    long put(String... records) throws InterruptedException {
        long end = append(Flush.SYNC, records);
        journal.flush();
        awaitSynced(end);
        return end;
    }

    void awaitSynced(long position) throws InterruptedException {
        long leftNs = TimeUnit.SECONDS.toNanos(60);
        lock.lock();
        try {
            while (synced < position) {
                if (failure != null || leftNs <= 0) {
                    throw new AssertionError("synced up to " + synced + " of " + position, failure);
                }
                leftNs = progress.awaitNanos(leftNs);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was the calling thread that synced last. */
    boolean syncedHere() {
        lock.lock();
        try {
            return Thread.currentThread().equals(teller);
        } finally {
            lock.unlock();
        }
    }

    String read(long position) throws JournalException {
        return new String(journal.read(position), StandardCharsets.UTF_8);
    }

    @Override
    public void onRecord(long position, byte[] bytes) {
        replayed.add(new String(bytes, StandardCharsets.UTF_8));
        replayedPositions.add(position);
    }

    @Override
    public void onBatchEnd(long end) {
        replayed.add("|");
    }

    @Override
    public void onProgress(long written, long nowSynced) {
        lock.lock();
        try {
            synced = nowSynced;
            teller = Thread.currentThread();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onFailure(JournalException cause) {
        lock.lock();
        try {
            failure = cause;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws JournalException {
        journal.close();
    }
}
