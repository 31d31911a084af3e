package io.posthorn.gateway;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal in memory, durable at once, that can be told to fail. */
final class TestJournal implements Journal {

    private final UUID identity = UUID.randomUUID();
    private final Map<Long, byte[]> records = new ConcurrentHashMap<>();
    private volatile ProgressListener listener;
    private volatile boolean closed;
    private volatile boolean damaged;
    private final AtomicInteger checkpoints = new AtomicInteger();
    private volatile boolean stalled;
    private volatile long end = 1;
    private volatile long told = 1;

    void fail() {
        listener.onFailure(
                new JournalException(JournalException.Kind.FAILED, "cannot write to segment-7 at 4096: no such luck"));
    }

    /** Makes the replay fail half-way. */
    void damage() {
        damaged = true;
    }

    /** Writes nothing any more, until {@link #goOn}. */
    void stall() {
        stalled = true;
    }

    void goOn() {
        stalled = false;
        told = end;
        listener.onProgress(end, end);
    }

    @Override
    public long backlogBytes() {
        return end - told;
    }

    int checkpointCount() {
        return checkpoints.get();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public UUID identity() {
        return identity;
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public boolean closedCleanly() {
        return true;
    }

    @Override
    public Checkpoint latestCheckpoint() {
        return null;
    }

    @Override
    public void replay(BatchVisitor visitor) throws JournalException {
        if (damaged) {
            throw new JournalException(JournalException.Kind.DAMAGED, "segment-3 is damaged at 512");
        }
    }

    @Override
    public void listen(ProgressListener newListener) {
        listener = newListener;
    }

    @Override
    public long append(Batch batch, Flush flush) {
        long next = end;
        for (int index = 0; index < batch.count(); index++) {
            int length = batch.end(index) - batch.start(index);
            byte[] record = new byte[length];
            System.arraycopy(batch.array(), batch.start(index), record, 0, length);
            batch.assignPosition(index, next);
            records.put(next, record);
            next += length;
        }
        end = next;
        return next;
    }

    @Override
    public void flush() {
        if (listener != null && told < end && !stalled) {
            told = end;
            listener.onProgress(end, end);
        }
    }

    @Override
    public byte[] read(long position) throws JournalException {
        byte[] record = records.get(position);
        if (record == null) {
            throw new JournalException(JournalException.Kind.DAMAGED, "nothing at " + position);
        }
        return record;
    }

    @Override
    public Portion scan(long segment, long from, int bytes) {
        throw new UnsupportedOperationException("there is only one segment");
    }

    @Override
    public void checkpoint(long position, byte[] index) {
        checkpoints.incrementAndGet();
    }

    @Override
    public long segmentOf(long position) {
        return 0;
    }

    @Override
    public long currentSegment() {
        return 0;
    }

    @Override
    public void drop(long segment) {}

    @Override
    public void close() {
        closed = true;
    }
}
