package io.posthorn.benchmarks;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import java.util.UUID;

/** A journal that keeps nothing and is durable at once, so that only the broker is measured. */
final class InstantJournal implements Journal {
    private static final int SEGMENT_SHIFT = 25;

    private final UUID identity = new UUID(1, 1);
    private long end;

    long end() {
        return end;
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
    public void replay(BatchVisitor visitor) {
        // a new log
    }

    @Override
    public void listen(ProgressListener listener) {
        // the benchmark tells the broker of progress by itself
    }

    @Override
    public long append(Batch batch, Flush flush) {
        for (int index = 0; index < batch.count(); index++) {
            batch.assignPosition(index, end + batch.start(index));
        }
        end += batch.length();
        return end;
    }

    @Override
    public void flush() {
        // nothing waits
    }

    @Override
    public byte[] read(long position) {
        throw new IllegalStateException("nothing is kept, not even at " + position);
    }

    @Override
    public void checkpoint(long position, byte[] index) {
        // nothing to shorten
    }

    @Override
    public long segmentOf(long position) {
        return position >> SEGMENT_SHIFT;
    }

    @Override
    public long currentSegment() {
        return segmentOf(end);
    }

    @Override
    public void drop(long segment) {
        // nothing is kept
    }

    @Override
    public void close() {
        // nothing to close
    }
}
