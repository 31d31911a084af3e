package io.posthorn.journal.file;

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

    private ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_INITIAL);
    private int size;
    private int[] stretchStarts = new int[4];
    private long[] stretchPositions = new long[4];
    private int[] stretchCapacities = new int[4];
    private int stretches;

    /** Whether a mark was put in; one for each write is enough. */
    boolean marked;
    /** Whether something after the last flush wants a sync. */
    boolean sync;

    private boolean flushRequested;
    private int flushedSize;
    private boolean flushedSync;
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

    /** Everything up to here is to be written; {@code end} is the position behind it. True if that is news. */
    boolean flush(long end) {
        if (flushedSize == size && !sync) {
            return false;
        }
        flushRequested = true;
        flushedSize = size;
        flushedSync |= sync;
        flushedEnd = end;
        sync = false;
        return true;
    }

    boolean isFlushRequested() {
        return flushRequested;
    }

    /** Moves what was appended after the last flush to another buffer, which is empty. */
    void moveUnflushedTo(StagingBuffer other, int most) {
        int length = size - flushedSize;
        other.sync = sync;
        sync = false;
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
        return flushedSync;
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

    /** The bytes of a stretch, as a view. */
    ByteBuffer stretch(int index) {
        return bytes.slice(stretchStarts[index], stretchLength(index));
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
        sync = false;
        flushRequested = false;
        flushedSize = 0;
        flushedSync = false;
    }
}
