package io.posthorn.journal.file;

import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.segment.Position;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Framed records that wait to be written, and where each stretch of them goes. A stretch is contiguous in one
 * segment.
 * Guarded by the lock of {@link Staging}, but for what the writer reads between taking the buffer and giving it back.
 */
final class StagingBuffer {

    private static final int BYTES_INITIAL = 64 << 10;

    /** What the system reads from the disk before it can write a part of it. */
    private static final int PAGE = 4096;

    private static final byte[] ZEROS = new byte[PAGE];

    private ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_INITIAL);
    private int size;
    private int[] stretchStarts = new int[4];
    private long[] stretchPositions = new long[4];
    private int[] stretchCapacities = new int[4];
    private int stretches;

    /** Whether a mark was put in; one for each write is enough. */
    boolean marked;

    private Flush wanted = Flush.LAZY;
    private int flushedSize;
    private Flush flushedWanted = Flush.LAZY;
    private boolean flushedLazy;
    private long flushedEnd;

    ByteBuffer bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void advanceTo(int newSize) {
        size = newSize;
    }

    /** What follows goes to {@code position}, in a segment of that capacity. */
    void startStretch(long position, int capacity) {
        if (stretches == stretchStarts.length) {
            stretchStarts = Arrays.copyOf(stretchStarts, stretches * 2);
            stretchPositions = Arrays.copyOf(stretchPositions, stretches * 2);
            stretchCapacities = Arrays.copyOf(stretchCapacities, stretches * 2);
        }
        stretchStarts[stretches] = size;
        stretchPositions[stretches] = position;
        stretchCapacities[stretches] = capacity;
        stretches++;
    }

    /** Makes room for so many bytes more. Past {@code most} bytes the memory is on the heap and not kept. */
    void ensure(int more, int most) {
        int wanted = Math.addExact(size, more);
        if (wanted <= bytes.capacity()) {
            return;
        }
        long ample = Math.min(Integer.MAX_VALUE - 8, bytes.capacity() + (bytes.capacity() >> 1));
        ByteBuffer larger = wanted > most
                ? ByteBuffer.allocate((int) Math.max(wanted, ample))
                : ByteBuffer.allocateDirect((int) Math.min(most, Math.max(wanted, 2L * bytes.capacity())));
        larger.put(0, bytes, 0, size);
        bytes = larger;
    }

    /** What was put in last is wanted so soon. */
    void want(Flush flush) {
        wanted = stronger(wanted, flush);
    }

    /** Everything up to here is to be written; {@code end} is the position behind it. True if that is news. */
    boolean flush(long end) {
        if (flushedSize == size && wanted == Flush.LAZY) {
            return false;
        }
        flushedLazy |= wanted == Flush.LAZY;
        flushedSize = size;
        flushedWanted = stronger(flushedWanted, wanted);
        flushedEnd = end;
        wanted = Flush.LAZY;
        return true;
    }

    /** What was flushed is to be written now, even if nobody waits for it. True if that is news. */
    boolean hurry() {
        boolean news = flushedWanted == Flush.LAZY;
        flushedWanted = stronger(flushedWanted, Flush.WRITE);
        return news;
    }

    /** Whether anything was flushed. */
    boolean isFlushed() {
        return flushedSize > 0;
    }

    /** Whether somebody waits for what was flushed. */
    boolean isAwaited() {
        return flushedWanted != Flush.LAZY;
    }

    /** Whether some of what was flushed may have waited for others to be written with. */
    boolean hasLazy() {
        return flushedLazy;
    }

    private static Flush stronger(Flush one, Flush other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Moves what was appended after the last flush to another buffer, which is empty. */
    void moveUnflushedTo(StagingBuffer other, int most) {
        int length = size - flushedSize;
        other.wanted = wanted;
        wanted = Flush.LAZY;
        if (length == 0) {
            return;
        }
        other.ensure(length, most);
        for (int i = 0; i < stretches; i++) {
            int end = i + 1 < stretches ? stretchStarts[i + 1] : size;
            if (end > flushedSize) {
                int skipped = Math.max(0, flushedSize - stretchStarts[i]);
                int from = stretchStarts[i] + skipped;
                other.startStretch(stretchPositions[i] + skipped, stretchCapacities[i]);
                other.bytes.put(other.size, bytes, from, end - from);
                other.size += end - from;
            }
        }
        size = flushedSize;
        while (stretches > 0 && stretchStarts[stretches - 1] >= size) {
            stretches--;
        }
    }

    boolean wantsSync() {
        return flushedWanted == Flush.SYNC;
    }

    /** Position behind all that is to be written. */
    long end() {
        return flushedEnd;
    }

    int stretches() {
        return stretches;
    }

    long stretchSegment(int index) {
        return Position.segment(stretchPositions[index]);
    }

    int stretchOffset(int index) {
        return Position.offset(stretchPositions[index]);
    }

    int stretchCapacity(int index) {
        return stretchCapacities[index];
    }

    int stretchLength(int index) {
        return (index + 1 < stretches ? stretchStarts[index + 1] : size) - stretchStarts[index];
    }

    /**
     * The bytes of a stretch, as a view. The last one goes on with zeros to the end of a page, as far as there is room: the system
     * may have forgotten a page that was prepared a while ago, and would have to read what it is about to replace.
     */
    ByteBuffer stretch(int index) {
        int length = stretchLength(index);
        int padding = index == stretches - 1 ? padding(stretchOffset(index) + length, stretchCapacities[index]) : 0;
        bytes.put(size, ZEROS, 0, padding);
        return bytes.slice(stretchStarts[index], length + padding);
    }

    private int padding(int end, int capacity) {
        int pageEnd = Math.min(capacity, (end + PAGE - 1) & -PAGE);
        return Math.min(pageEnd - end, bytes.capacity() - size);
    }

    /** Index in {@link #bytes} of what goes to a position, or -1 if that is not here. */
    int find(long position) {
        for (int i = 0; i < stretches; i++) {
            long distance = position - stretchPositions[i];
            if (distance >= 0 && distance < stretchLength(i)) {
                return stretchStarts[i] + (int) distance;
            }
        }
        return -1;
    }

    void clear(int most) {
        if (bytes.capacity() > most) {
            bytes = ByteBuffer.allocateDirect(Math.min(BYTES_INITIAL, most));
        }
        size = 0;
        stretches = 0;
        marked = false;
        wanted = Flush.LAZY;
        flushedSize = 0;
        flushedWanted = Flush.LAZY;
        flushedLazy = false;
    }
}
