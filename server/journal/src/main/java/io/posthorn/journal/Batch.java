package io.posthorn.journal;

import java.util.Arrays;

/**
 * Records that stand or fall together. Filled by its owner, given to {@link Journal#append}, which copies it, then {@link
 * #clear cleared} and used again. Not thread-safe.
 */
public final class Batch {

    private byte[] bytes = new byte[4096];
    private int size;
    private int[] ends = new int[8];
    private long[] positions = new long[8];
    private int count;

    /** Adds a record that is the concatenation of two arrays' parts; the second may be empty. Returns its index. */
    public int add(byte[] head, int headLength, byte[] tail, int tailOffset, int tailLength) {
        ensure(Math.addExact(headLength, tailLength));
        System.arraycopy(head, 0, bytes, size, headLength);
        System.arraycopy(tail, tailOffset, bytes, size + headLength, tailLength);
        size += headLength + tailLength;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        ends[count] = size;
        return count++;
    }

    public int add(byte[] record) {
        return add(record, record.length, record, 0, 0);
    }

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Length of all records together, without framing. */
    public int length() {
        return size;
    }

    /** The array in which all records stand one after the other. */
    public byte[] array() {
        return bytes;
    }

    public int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    public int end(int index) {
        return ends[index];
    }

    /** The position that the journal gave to a record; valid after {@link Journal#append} until {@link #clear}. */
    public long position(int index) {
        return positions[index];
    }

    /** For the journal. */
    public void assignPosition(int index, long position) {
        positions[index] = position;
    }

    public void clear() {
        size = 0;
        count = 0;
        if (bytes.length > 1 << 20) {
            bytes = new byte[4096];
        }
    }

    private void ensure(int more) {
        int wanted = Math.addExact(size, more);
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(wanted, 2L * bytes.length)));
        }
    }
}
