package io.posthorn.journal.segment;

import io.posthorn.journal.disk.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads a segment from front to back, record by record, in large pieces. One thread's. Bytes behind the end of a file
 * that was cut short count as not written.
 */
public final class SegmentScanner {

    private static final int WINDOW_LENGTH = 1 << 20;

    private final Frame frame = new Frame(0);
    private byte[] window = new byte[0];
    private int windowStart;
    private int windowLength;

    private LogFile file;
    private long segment;
    private int limit;
    private int offset;
    private int nextOffset;

    /** Begins with the record at {@code offset}; nothing at or behind {@code limit} is looked at. */
    public void open(LogFile file, long segment, int offset, int limit) throws IOException {
        this.file = file;
        this.segment = segment;
        this.limit = (int) Math.min(limit, file.length());
        this.offset = offset;
        nextOffset = offset;
        windowStart = offset;
        windowLength = 0;
    }

    /**
     * Goes to the next record, if the bytes there are one. Records from {@code keepFrom} on stay readable with {@link
     * #body(int)}.
     */
    public boolean next(int keepFrom) throws IOException {
        offset = nextOffset;
        if (!wholeAt(offset, keepFrom)) {
            return false;
        }
        nextOffset = offset + recordLength(offset);
        return true;
    }

    /**
     * Goes to the next record, wherever it begins; bytes that are none are passed over. False if there is none up to the
     * limit.
     */
    public boolean seek() throws IOException {
        int at = nextOffset;
        while (load(at, 8, at)) {
            if (Frame.firstWord(window, index(at)) == 0) {
                at = behindZeros(at);
            } else if (wholeAt(at, at)) {
                offset = at;
                nextOffset = at + recordLength(at);
                return true;
            } else {
                at += 8;
            }
        }
        return false;
    }

    /** Offset of the record that {@link #next} went to, or of the bytes that are none. */
    public int offset() {
        return offset;
    }

    /** Offset behind the record. */
    public int nextOffset() {
        return nextOffset;
    }

    public boolean isMark() {
        return Frame.kind(window, index(offset)) == Frame.MARK;
    }

    /** What the mark says. */
    public long marked() {
        return Frame.marked(window, index(offset));
    }

    public int epoch() {
        return Frame.epoch(window, index(offset));
    }

    public boolean isFirst() {
        return (Frame.flags(window, index(offset)) & Frame.FIRST) != 0;
    }

    public boolean isLast() {
        return (Frame.flags(window, index(offset)) & Frame.LAST) != 0;
    }

    /** The body of a record that was passed and kept. */
    public byte[] body(int offset) {
        int at = index(offset);
        int start = at + Frame.HEADER_LENGTH;
        return Arrays.copyOfRange(window, start, start + Frame.bodyLength(window, at));
    }

    /** Whether the bytes at {@code offset} begin as a record that was written there. */
    public boolean beginsAt(int offset) throws IOException {
        return load(offset, Frame.HEADER_LENGTH, offset)
                && frame.headerCounts(window, index(offset), Position.of(segment, offset));
    }

    /** Looks at all that lies from {@code from} to the limit, wherever records may begin. */
    public Remains survey(int from) throws IOException {
        long markHighest = 0;
        int recordsEnd = from;
        int bytesEnd = from;
        int at = from;
        while (load(at, 8, at)) {
            if (Frame.firstWord(window, index(at)) == 0) {
                at = behindZeros(at);
            } else if (wholeAt(at, at)) {
                if (Frame.kind(window, index(at)) == Frame.MARK) {
                    markHighest = Math.max(markHighest, Frame.marked(window, index(at)));
                }
                at += recordLength(at);
                recordsEnd = at;
                bytesEnd = at;
            } else {
                at += 8;
                bytesEnd = at;
            }
        }
        return new Remains(markHighest, recordsEnd, bytesEnd);
    }

    private int behindZeros(int at) {
        int last = windowLength - 8;
        int index = index(at);
        while (index <= last && Frame.firstWord(window, index) == 0) {
            index += 8;
        }
        return windowStart + index;
    }

    /**
     * What lies behind the end of the log.
     *
     * @param markHighest the highest position that a mark there speaks of, or 0
     * @param recordsEnd offset behind the last whole record there
     * @param bytesEnd offset behind the last byte there that is not zero, up to the next multiple of 8
     */
    public record Remains(long markHighest, int recordsEnd, int bytesEnd) {}

    private boolean wholeAt(int offset, int keepFrom) throws IOException {
        if (!load(offset, Frame.HEADER_LENGTH, keepFrom)
                || !frame.headerCounts(window, index(offset), Position.of(segment, offset))) {
            return false;
        }
        long length = Frame.length(Frame.bodyLength(window, index(offset)));
        return length <= limit - offset
                && load(offset, (int) length, keepFrom)
                && frame.counts(window, index(offset), Position.of(segment, offset));
    }

    private int recordLength(int offset) {
        return (int) Frame.length(Frame.bodyLength(window, index(offset)));
    }

    private int index(int offset) {
        return offset - windowStart;
    }

    /** Makes bytes readable, and keeps those from {@code keepFrom} on; false if the file does not have them. */
    private boolean load(int offset, int length, int keepFrom) throws IOException {
        if (length > limit - offset) {
            return false;
        }
        int end = offset + length;
        int windowEnd = windowStart + windowLength;
        if (offset >= windowStart && end <= windowEnd) {
            return true;
        }
        int kept = keepFrom >= windowStart && keepFrom < windowEnd ? windowEnd - keepFrom : 0;
        byte[] target = roomFor(end - keepFrom, limit - keepFrom);
        System.arraycopy(window, windowEnd - kept - windowStart, target, 0, kept);
        window = target;
        windowStart = keepFrom;
        int more = Math.min(limit - keepFrom, target.length) - kept;
        windowLength = kept + file.read(ByteBuffer.wrap(target, kept, more), (long) keepFrom + kept);
        return end <= windowStart + windowLength;
    }

    private byte[] roomFor(int length, int useful) {
        return length <= window.length
                ? window
                : new byte[(int) Math.min(useful, Math.max(length, Math.max(WINDOW_LENGTH, 2L * window.length)))];
    }
}
