package io.posthorn.journal.file;

import io.posthorn.journal.Batch;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.segment.Frame;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.SegmentHeader;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where records stand between the owner, who frames them here, and the writer, who takes all that was flushed. Two
 * buffers: one is filled while the other is written. Positions are given here, so this also decides where a segment
 * ends; its file is not needed before the writer comes to it.
 *
 * <p>One lock guards the buffers and where the next batch goes. It is held for the copying of a batch, never for
 * I/O, and
 * nothing else is locked within it.
 */
final class Staging {

    /** When more bytes than this have gathered for which nobody waits, they are written all the same. */
    private static final int HELD_MAX = 256 << 10;

    /** No more bytes than this are written by an owner itself. */
    private static final int HERE_MAX = 128 << 10;

    private final FileJournalSettings settings;
    private final int bufferMax;
    private final int heldMax;
    private final Frame frame;
    private final Frame readerFrame = new Frame(0);
    private final Pump pump;

    private final ReentrantLock lock = new ReentrantLock();
    private StagingBuffer filling = new StagingBuffer();
    private StagingBuffer spare = new StagingBuffer();
    private StagingBuffer taken;

    private long segment;
    private int offset;
    private int capacity;
    private long markLast;
    private boolean stopped;
    private boolean writerSleeps;

    private volatile long synced;
    private volatile long released;
    private volatile long backlog;

    /** What empties the staging. */
    interface Pump {
        /** Something was flushed. */
        void wake();

        /** The same, and the owner waits for nothing else: whether it has written that itself. */
        boolean hurry();

        /** The owner has other work. */
        void onOtherWork();
    }

    /** Begins at the end of a log whose whole content is durable. */
    Staging(FileJournalSettings settings, int epoch, Tail tail, Pump pump) {
        this.settings = settings;
        this.pump = pump;
        bufferMax = settings.stagingBytes() / 2;
        heldMax = Math.min(HELD_MAX, settings.lazySyncBytes());
        frame = new Frame(epoch);
        segment = Position.segment(tail.end());
        offset = Position.offset(tail.end());
        capacity = tail.capacity();
        synced = tail.end();
        released = tail.end();
        markLast = -1; // the first write of an epoch says where it began
    }

    /** Owner: frames a batch and gives its records their positions; returns the position behind it. */
    long append(Batch batch, Flush flush) {
        int length = framedLength(batch);
        lock.lock();
        try {
            hurryIfLong(length);
            if (stopped) {
                return refuse(batch);
            }
            if (batch.count() > 0) {
                filling.ensure(length + 2 * Frame.MARK_LENGTH, bufferMax);
                place(length);
                put(batch);
            }
            backlog = sizeOf(filling) + sizeOf(taken);
            filling.want(flush);
            return end();
        } finally {
            lock.unlock();
        }
    }

    private static int framedLength(Batch batch) {
        long length = 0;
        for (int i = 0; i < batch.count(); i++) {
            length += Frame.length(batch.end(i) - batch.start(i));
        }
        if (length > Integer.MAX_VALUE - (1 << 16)) {
            throw new IllegalArgumentException("A batch of " + length + " bytes with framing; the most is 2 GiB");
        }
        return (int) length;
    }

    /** What is there goes to the writer before more memory is taken than settled for. */
    private void hurryIfLong(int length) {
        if (filling.size() > 0
                && (long) filling.size() + length + 2 * Frame.MARK_LENGTH > bufferMax
                && (filling.flush(end()) | filling.hurry())) {
            pump.wake();
        }
    }

    /** A log that failed reports no progress any more, so these positions are never reached. */
    private static long refuse(Batch batch) {
        for (int i = 0; i < batch.count(); i++) {
            batch.assignPosition(i, Long.MAX_VALUE);
        }
        return Long.MAX_VALUE;
    }

    /**
     * Finds a place for so many bytes: behind what is there, or at the start of the next segment. Puts a
     * mark if due.
     */
    private void place(int length) {
        long durable = synced;
        boolean mark = offset == SegmentHeader.LENGTH || (!filling.marked && durable > markLast);
        if (length + (mark ? Frame.MARK_LENGTH : 0) > capacity - offset) {
            durable = end(); // the writer syncs a segment whole before it writes into the next
            mark = true;
            segment++;
            offset = SegmentHeader.LENGTH;
            capacity = Math.max(settings.segmentBytes(), SegmentHeader.LENGTH + Frame.MARK_LENGTH + length);
            filling.startStretch(end(), capacity);
        } else if (filling.stretches() == 0) {
            filling.startStretch(end(), capacity);
        }
        if (mark) {
            filling.advanceTo(frame.putMark(filling.bytes(), filling.size(), end(), durable));
            offset += Frame.MARK_LENGTH;
            filling.marked = true;
            markLast = durable;
        }
    }

    private void put(Batch batch) {
        int last = batch.count() - 1;
        for (int i = 0; i <= last; i++) {
            int flags = (i == 0 ? Frame.FIRST : 0) | (i == last ? Frame.LAST : 0);
            int start = batch.start(i);
            long position = end();
            int behind = frame.put(
                    filling.bytes(), filling.size(), position, flags, batch.array(), start, batch.end(i) - start);
            batch.assignPosition(i, position);
            offset += behind - filling.size();
            filling.advanceTo(behind);
        }
    }

    private long end() {
        return Position.of(segment, offset);
    }

    /** Owner: all that was appended may be taken. What nobody waits for wakes the writer only if nothing else would. */
    void flush() {
        pump.onOtherWork();
        flush(false);
    }

    /** The same, by an owner that may have to write it itself, and what it left before, too: whether it has. */
    boolean flushHere() {
        return flush(true);
    }

    private boolean flush(boolean here) {
        boolean wake;
        boolean hurry;
        boolean little;
        lock.lock();
        try {
            boolean news = filling.flush(end());
            hurry = (news || here) && filling.isAwaited();
            little = filling.size() <= HERE_MAX;
            wake = news && (writerSleeps || isDue());
        } finally {
            lock.unlock();
        }
        if (hurry && here && little) {
            return pump.hurry();
        }
        if (hurry || wake) {
            pump.wake();
        }
        return false;
    }

    private boolean isDue() {
        return filling.isAwaited() || filling.size() > heldMax;
    }

    /** Owner: where the last batch ends. */
    long appended() {
        lock.lock();
        try {
            return end();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writer: what was flushed, to be written and then {@link #release}d; null if there is nothing. What nobody waits for is
     * left until there is something else, or much of it; {@code lazyToo} takes it, too.
     */
    StagingBuffer take(boolean lazyToo) {
        lock.lock();
        try {
            writerSleeps = false;
            if (!filling.isFlushed() || !(lazyToo || isDue())) {
                return null;
            }
            taken = filling;
            filling = spare;
            spare = null;
            taken.moveUnflushedTo(filling, bufferMax);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Writer: it will not look again by itself. False, and it must, if there is something that nobody waits for. */
    boolean sleep() {
        lock.lock();
        try {
            writerSleeps = !filling.isFlushed();
            return writerSleeps;
        } finally {
            lock.unlock();
        }
    }

    /** Writer: what was taken is in the files. */
    void release() {
        lock.lock();
        try {
            released = taken.end();
            taken.clear(bufferMax);
            spare = taken;
            taken = null;
            backlog = sizeOf(filling);
        } finally {
            lock.unlock();
        }
    }

    /** Writer: all before this is durable; the next write says so. */
    void onSynced(long position) {
        synced = position;
    }

    /** All before this is in the files and can be read from there. */
    long released() {
        return released;
    }

    /** How many bytes are not in the files yet. */
    long backlog() {
        return backlog;
    }

    private static long sizeOf(StagingBuffer buffer) {
        return buffer == null ? 0 : buffer.size();
    }

    /** Takes nothing any more. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            backlog = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Any thread: the record at a position, if it is not in the files yet; null if it must be read from there.
     *
     * @throws IllegalArgumentException if no record was ever appended at that position
     */
    byte[] read(long position) {
        if (position < released) {
            return null;
        }
        lock.lock();
        try {
            if (position < released) {
                return null;
            }
            StagingBuffer buffer = filling;
            int at = filling.find(position);
            if (at < 0 && taken != null) {
                buffer = taken;
                at = taken.find(position);
            }
            return recordAt(buffer, at, position);
        } finally {
            lock.unlock();
        }
    }

    private byte[] recordAt(StagingBuffer buffer, int at, long position) {
        byte[] header = new byte[Frame.HEADER_LENGTH];
        if (at >= 0 && at <= buffer.size() - Frame.HEADER_LENGTH) {
            buffer.bytes().get(at, header);
            if (readerFrame.headerCounts(header, 0, position) && Frame.kind(header, 0) == Frame.DATA) {
                byte[] body = new byte[Frame.bodyLength(header, 0)];
                buffer.bytes().get(at + Frame.HEADER_LENGTH, body);
                return body;
            }
        }
        throw new IllegalArgumentException("No record was appended at position " + Position.text(position));
    }
}
