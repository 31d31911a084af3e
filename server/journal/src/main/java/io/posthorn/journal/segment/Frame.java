package io.posthorn.journal.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How a record lies in a segment. Numbers are big-endian; a record starts at a multiple of 8 and ends at one.
 *
 * <pre>
 *  0   4  length of the body in bytes
 *  4   4  epoch of the owner that wrote it, from 1
 *  8   1  kind: 1 = data, 2 = mark
 *  9   1  flags: 1 = first of its batch, 2 = last of its batch
 * 10   2  check of the header: CRC32C of the position (8 bytes) and bytes 0 to 9, its two halves xored
 * 12   4  check of all: CRC32C of the position, bytes 0 to 9, the body and its padding
 * 16      body, then zeros up to a multiple of 8
 * </pre>
 *
 * <p>Both checks cover the position, so a record counts only where it was written: old bytes in a recycled file
 * never do.
 * The epoch never falls along the log.
 *
 * <p>A batch is the records from one with flag "first" to the next with flag "last", in one segment, with nothing
 * between; it counts when all of them do. A mark is a batch of its own; its body is 8 bytes, a position: all before
 * it
 * was durable when the mark was written. Each segment begins with a mark of the log's end in the segment before, and
 * each write that follows a sync carries one.
 *
 * <p>What a crash may leave: any of the bytes behind the last sync, written or not, in any mixture. So whatever does
 * not
 * count ends the log, if no mark speaks of a position behind it; if one does, it is damage.
 *
 * <p>Not thread-safe: one for each thread that frames or checks.
 */
public final class Frame {

    public static final int HEADER_LENGTH = 16;
    public static final int DATA = 1;
    public static final int MARK = 2;
    public static final int FIRST = 1;
    public static final int LAST = 2;

    /** Length of a whole mark. */
    public static final int MARK_LENGTH = HEADER_LENGTH + 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int CHECKED = 10;
    private static final byte[] ZEROS = new byte[8];

    private final CRC32C crc = new CRC32C();
    private final byte[] head = new byte[8 + HEADER_LENGTH];
    private final byte[] markBody = new byte[8];
    private final int epoch;

    /** To write records of that epoch, or to check those of any. */
    public Frame(int epoch) {
        this.epoch = epoch;
    }

    /** Length of a whole record with such a body. */
    public static long length(int bodyLength) {
        return HEADER_LENGTH + ((bodyLength + 7L) & ~7L);
    }

    /** Writes a record of data into {@code target} at index {@code at}; returns the index behind it. */
    public int put(ByteBuffer target, int at, long position, int flags, byte[] source, int from, int length) {
        return putKind(target, at, position, DATA << 8 | flags, source, from, length);
    }

    /** Writes a mark that all before {@code durable} is durable; returns the index behind it. */
    public int putMark(ByteBuffer target, int at, long position, long durable) {
        LONG.set(markBody, 0, durable);
        return putKind(target, at, position, MARK << 8 | FIRST | LAST, markBody, 0, markBody.length);
    }

    private int putKind(ByteBuffer target, int at, long position, int kindAndFlags, byte[] body, int from, int length) {
        LONG.set(head, 0, position);
        INT.set(head, 8, length);
        INT.set(head, 12, epoch);
        SHORT.set(head, 16, (short) kindAndFlags);
        crc.reset();
        crc.update(head, 0, 8 + CHECKED);
        SHORT.set(head, 18, fold((int) crc.getValue()));
        crc.update(body, from, length);
        int padding = -length & 7;
        crc.update(ZEROS, 0, padding);
        INT.set(head, 20, (int) crc.getValue());
        target.put(at, head, 8, HEADER_LENGTH);
        target.put(at + HEADER_LENGTH, body, from, length);
        target.put(at + HEADER_LENGTH + length, ZEROS, 0, padding);
        return at + HEADER_LENGTH + length + padding;
    }

    /** Whether the sixteen bytes at {@code at} are the header of a record that was written at {@code position}. */
    public boolean headerCounts(byte[] bytes, int at, long position) {
        int kind = kind(bytes, at);
        if ((kind != DATA && kind != MARK) || bytes[at + 9] > (FIRST | LAST) || bodyLength(bytes, at) < 0) {
            return false;
        }
        startCheck(bytes, at, position);
        return (short) SHORT.get(bytes, at + 10) == fold((int) crc.getValue());
    }

    /** Whether the whole record at {@code at}, all of which is in {@code bytes}, was written at {@code position}. */
    public boolean counts(byte[] bytes, int at, long position) {
        if (!headerCounts(bytes, at, position)) {
            return false;
        }
        crc.update(bytes, at + HEADER_LENGTH, (int) length(bodyLength(bytes, at)) - HEADER_LENGTH);
        return (int) INT.get(bytes, at + 12) == (int) crc.getValue();
    }

    private void startCheck(byte[] bytes, int at, long position) {
        LONG.set(head, 0, position);
        crc.reset();
        crc.update(head, 0, 8);
        crc.update(bytes, at, CHECKED);
    }

    private static short fold(int check) {
        return (short) (check ^ check >>> 16);
    }

    public static int bodyLength(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    public static int epoch(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + 4);
    }

    public static int kind(byte[] bytes, int at) {
        return bytes[at + 8];
    }

    public static int flags(byte[] bytes, int at) {
        return bytes[at + 9];
    }

    /** What a mark says. */
    public static long marked(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at + HEADER_LENGTH);
    }

    /** The first eight bytes at {@code at}; they are zero only where no record begins. */
    static long firstWord(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }
}
