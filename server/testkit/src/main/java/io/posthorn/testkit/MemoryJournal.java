package io.posthorn.testkit;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A log in memory, for tests of whoever stands above the seam. Everything happens on the test's thread. Nothing is
 * written
 * before {@link #runWrite} and nothing synced before {@link #runSync}, unless the log was made {@link #syncing}.
 * {@link
 * #crash}, {@link #kill} and {@link #reopen} give the log that the next owner finds; this one must not be used any
 * more.
 *
 * <p>It is strict: the order of calls that {@link Journal} asks for is checked, and a segment cannot be read from
 * the moment
 * it is to be dropped.
 */
public final class MemoryJournal implements Journal {

    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int SEGMENT_START = 64;
    private static final int FRAME = 16;

    private final UUID identity;
    private long epoch;
    private final boolean closedCleanly;
    private boolean beginningGone;
    private final Manner manner;

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, byte[]> records = new HashMap<>();
    private final Set<Long> dropped = new TreeSet<>();
    private long segment = 1;
    private int offset = SEGMENT_START;
    private long flushed;
    private long written;
    private long synced;
    private Checkpoint checkpoint;
    private Checkpoint pendingCheckpoint;
    private ProgressListener listener;
    private JournalException failure;
    private Flush lastFlush = Flush.LAZY;
    private State state = State.OPEN;

    /** How a log goes on by itself, and when it frees what is dropped. */
    private record Manner(boolean syncing, boolean freesAtOnce, int segmentBytes) {}

    private enum State {
        OPEN,
        REPLAYING,
        REPLAYED,
        CLOSED,
        SUCCEEDED
    }

    /** A batch as it lies in the log. */
    private record Entry(long[] positions, byte[][] records, long end) {}

    private MemoryJournal(UUID identity, long epoch, boolean closedCleanly, Manner manner) {
        this.identity = identity;
        this.epoch = epoch;
        this.closedCleanly = closedCleanly;
        this.manner = manner;
        flushed = end();
        written = end();
        synced = end();
    }

    /** A new log that goes on only when the test says so. */
    public static MemoryJournal stepped() {
        return new MemoryJournal(new UUID(0, 1), 1, true, new Manner(false, false, SEGMENT_BYTES));
    }

    /** As {@link #stepped()}, with segments of that length, to have many of them. */
    public static MemoryJournal stepped(int segmentBytes) {
        return new MemoryJournal(new UUID(0, 1), 1, true, new Manner(false, false, segmentBytes));
    }

    /** A new log that frees what is dropped at once, as one that need not survive. */
    public static MemoryJournal scratch(int segmentBytes) {
        return new MemoryJournal(new UUID(0, 2), 1, true, new Manner(false, true, segmentBytes));
    }

    /** A new log whose {@link #flush} writes and syncs at once, and tells of it before it returns. */
    public static MemoryJournal syncing() {
        return new MemoryJournal(new UUID(0, 1), 1, true, new Manner(true, false, SEGMENT_BYTES));
    }

    /** The log after a power cut: all that was synced, and by chance some of what was flushed after that. */
    public MemoryJournal crash(Random random) {
        return successor(synced, random, false);
    }

    /**
     * The log after the end of the process: all that was written, and by chance some of what was flushed
     * after that.
     */
    public MemoryJournal kill(Random random) {
        return successor(written, random, false);
    }

    /** The log for the next owner, after this one closed it. */
    public MemoryJournal reopen() {
        if (state != State.CLOSED) {
            throw new IllegalStateException("The log is not closed");
        }
        return successor(synced, new Random(0), true);
    }

    private MemoryJournal successor(long certain, Random random, boolean clean) {
        long count = entries.stream().filter(entry -> entry.end() <= certain).count();
        long possible = entries.stream().filter(entry -> entry.end() <= flushed).count();
        long kept = count + random.nextInt((int) (possible - count) + 1);
        MemoryJournal next = new MemoryJournal(identity, epoch + 1, clean, manner);
        next.checkpoint = checkpoint;
        next.beginningGone = beginningGone;
        for (Entry entry : entries.subList(0, (int) kept)) {
            next.entries.add(entry);
            for (int i = 0; i < entry.positions().length; i++) {
                next.records.put(entry.positions()[i], entry.records()[i]);
            }
            next.segment = segmentOf(entry.end());
            next.offset = (int) entry.end();
        }
        if (checkpoint != null && checkpoint.position() > next.end()) {
            next.segment = segmentOf(checkpoint.position());
            next.offset = (int) checkpoint.position();
        }
        next.flushed = next.end();
        next.written = next.end();
        next.synced = next.end();
        state = State.SUCCEEDED;
        return next;
    }

    /** As if the files of its checkpoints were gone. Before {@link #replay}. */
    public MemoryJournal withoutCheckpoint() {
        require(State.OPEN);
        checkpoint = null;
        return this;
    }

    /** As if some of its records had never been written. Before {@link #replay}. */
    public MemoryJournal without(Predicate<byte[]> unwanted) {
        require(State.OPEN);
        entries.replaceAll(entry -> {
            List<Long> positions = new ArrayList<>();
            List<byte[]> kept = new ArrayList<>();
            for (int i = 0; i < entry.positions().length; i++) {
                if (!unwanted.test(entry.records()[i])) {
                    positions.add(entry.positions()[i]);
                    kept.add(entry.records()[i]);
                }
            }
            return new Entry(
                    positions.stream().mapToLong(Long::longValue).toArray(), kept.toArray(byte[][]::new), entry.end());
        });
        return this;
    }

    /** The same log once more. Before {@link #replay}. */
    public MemoryJournal copy() {
        require(State.OPEN);
        MemoryJournal copy = successor(synced, new Random(0), closedCleanly);
        copy.epoch = epoch;
        state = State.OPEN;
        return copy;
    }

    /** Hands what was flushed to the operating system, so to say. */
    public void runWrite() {
        if (tellFailure() || written == flushed) {
            return;
        }
        written = flushed;
        tellProgress();
    }

    /** Syncs what is written. */
    public void runSync() {
        if (tellFailure() || synced == written) {
            return;
        }
        synced = written;
        storeCheckpoint();
        tellProgress();
    }

    /** The next write or sync fails, and the log stops. */
    public void failNext(JournalException cause) {
        failure = cause;
    }

    private boolean tellFailure() {
        if (failure != null && listener != null) {
            ProgressListener told = listener;
            listener = null;
            told.onFailure(failure);
        }
        return failure != null;
    }

    private void tellProgress() {
        if (listener != null) {
            listener.onProgress(written, synced);
        }
    }

    /** Bytes that the log holds, framing included. */
    public long length() {
        return records.values().stream()
                .mapToLong(record -> FRAME + record.length)
                .sum();
    }

    @Override
    public UUID identity() {
        return identity;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean closedCleanly() {
        return closedCleanly;
    }

    @Override
    public Checkpoint latestCheckpoint() {
        return checkpoint;
    }

    @Override
    public void replay(BatchVisitor visitor) throws JournalException {
        require(State.OPEN);
        state = State.REPLAYING;
        long start = checkpoint == null ? beginning(visitor) : checkpoint.position();
        for (Entry entry : List.copyOf(entries)) {
            if (entry.end() > start) {
                for (int i = 0; i < entry.positions().length; i++) {
                    visitor.onRecord(entry.positions()[i], entry.records()[i].clone());
                }
                visitor.onBatchEnd(entry.end());
            }
        }
        state = State.REPLAYED;
    }

    /** Just before the first batch, or the first that tells all when those before it are gone. */
    private long beginning(BatchVisitor visitor) throws JournalException {
        long before = 0;
        for (Entry entry : entries) {
            for (byte[] record : entry.records()) {
                if (beginningGone && visitor.tellsAll(record)) {
                    return before;
                }
            }
            before = entry.end();
        }
        if (beginningGone) {
            throw new JournalException(JournalException.Kind.DAMAGED, "The log's beginning is gone");
        }
        return 0;
    }

    @Override
    public void listen(ProgressListener newListener) {
        require(State.REPLAYED);
        listener = newListener;
    }

    /** How soon the batch that was appended last was to reach the disk. */
    public Flush lastFlush() {
        return lastFlush;
    }

    @Override
    public long append(Batch batch, Flush flush) {
        require(State.REPLAYED);
        lastFlush = flush;
        if (failure != null) {
            for (int i = 0; i < batch.count(); i++) {
                batch.assignPosition(i, Long.MAX_VALUE);
            }
            return Long.MAX_VALUE;
        }
        long length = batch.length() + (long) FRAME * batch.count();
        if (offset > SEGMENT_START && offset + length > manner.segmentBytes()) {
            segment++;
            offset = SEGMENT_START;
        }
        long[] positions = new long[batch.count()];
        byte[][] bodies = new byte[batch.count()][];
        for (int i = 0; i < batch.count(); i++) {
            positions[i] = end();
            bodies[i] = java.util.Arrays.copyOfRange(batch.array(), batch.start(i), batch.end(i));
            batch.assignPosition(i, end());
            records.put(end(), bodies[i]);
            offset += FRAME + bodies[i].length;
        }
        if (batch.count() > 0) {
            entries.add(new Entry(positions, bodies, end()));
        }
        return end();
    }

    /** Writes and syncs at once, and tells of it before it returns. */
    @Override
    public boolean flushHere() {
        flush();
        runWrite();
        runSync();
        return true;
    }

    @Override
    public void flush() {
        require(State.REPLAYED);
        flushed = end();
        if (manner.syncing()) {
            runWrite();
            runSync();
        }
    }

    @Override
    public byte[] read(long position) throws JournalException {
        if (state != State.OPEN && state != State.REPLAYING) {
            require(State.REPLAYED);
        }
        if (failure != null && position == Long.MAX_VALUE) {
            throw new JournalException(JournalException.Kind.FAILED, "It was never written, as the log has failed");
        }
        byte[] record = records.get(position);
        if (dropped.contains(segmentOf(position))) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED, "Position " + position + " cannot be read: its segment was dropped");
        }
        if (record == null) {
            throw new IllegalArgumentException("No record was appended at position " + position);
        }
        return record.clone();
    }

    @Override
    public Portion scan(long wanted, long from, int bytes) throws JournalException {
        require(State.REPLAYED);
        if (wanted >= segment) {
            throw new IllegalArgumentException("Segment " + wanted + " is still being written");
        }
        if (dropped.contains(wanted)) {
            throw new JournalException(JournalException.Kind.DAMAGED, "Segment " + wanted + " was dropped");
        }
        List<Found> found = new ArrayList<>();
        long length = 0;
        for (Entry entry : entries) {
            for (int i = 0; i < entry.positions().length; i++) {
                long position = entry.positions()[i];
                if (segmentOf(position) == wanted && position >= from) {
                    if (length >= bytes) {
                        return new Portion(found, position);
                    }
                    found.add(new Found(position, entry.records()[i].clone()));
                    length += entry.records()[i].length;
                }
            }
        }
        return new Portion(found, 0);
    }

    @Override
    public void checkpoint(long position, byte[] index) {
        require(State.REPLAYED);
        if (position > end()) {
            throw new IllegalArgumentException("A checkpoint behind the end of the log");
        }
        if (checkpoint != null && position < checkpoint.position()) {
            throw new IllegalArgumentException("A checkpoint before the latest one");
        }
        pendingCheckpoint = new Checkpoint(position, index.clone());
        storeCheckpoint();
    }

    private void storeCheckpoint() {
        if (pendingCheckpoint != null && pendingCheckpoint.position() <= synced) {
            checkpoint = pendingCheckpoint;
            pendingCheckpoint = null;
            free();
        }
    }

    @Override
    public long segmentOf(long position) {
        return position >>> 32;
    }

    @Override
    public long currentSegment() {
        return segment;
    }

    @Override
    public void drop(long droppedSegment) {
        require(State.REPLAYED);
        if (droppedSegment < 1 || droppedSegment >= segment) {
            throw new IllegalArgumentException("Segment " + droppedSegment + " cannot be dropped");
        }
        dropped.add(droppedSegment);
        free();
    }

    private void free() {
        long needed = checkpoint == null ? 0 : segmentOf(checkpoint.position());
        Iterator<Entry> oldest = entries.iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            long entrySegment = segmentOf(entry.end());
            if ((manner.freesAtOnce() || entrySegment < needed) && dropped.contains(entrySegment)) {
                beginningGone = true;
                oldest.remove();
                for (long position : entry.positions()) {
                    records.remove(position);
                }
            }
        }
    }

    @Override
    public void close() {
        if (state == State.CLOSED || state == State.SUCCEEDED) {
            return;
        }
        if (state == State.REPLAYED) {
            flushed = end();
            runWrite();
            runSync();
        }
        state = State.CLOSED;
    }

    private long end() {
        return segment << 32 | offset;
    }

    private void require(State wanted) {
        if (state != wanted) {
            throw new IllegalStateException("The log is " + state + " and should be " + wanted);
        }
    }
}
