package io.posthorn.broker.lane;

import java.util.Arrays;

/** The entries of a block that is in memory, as primitives side by side, in the order of their numbers. */
public final class Rows {

    /** What one entry takes in arrays that are always there, in bytes. */
    private static final int ENTRY_BYTES = 8 + 8 + 4 + 1 + 4 + 4;

    private static final int OVERHEAD_BYTES = 200;

    int size;
    /** How many bytes {@link Residency} counts for this. */
    int accounted;

    long[] ids;
    long[] positions;
    int[] lengths;
    byte[] states;
    int[] sentS;
    Content[] contents;
    /** Null while no entry expires. */
    long[] expirations;
    /** Null while no entry was handed out before. */
    int[] attempts;
    /** Null while no entry is, or was, delayed. */
    long[] dues;

    Rows(int capacity) {
        ids = new long[capacity];
        positions = new long[capacity];
        lengths = new int[capacity];
        states = new byte[capacity];
        sentS = new int[capacity];
        contents = new Content[capacity];
    }

    int capacity() {
        return ids.length;
    }

    /** About how much memory this takes, without contents. */
    int bytes() {
        int each = ENTRY_BYTES + (expirations == null ? 0 : 8) + (attempts == null ? 0 : 4) + (dues == null ? 0 : 8);
        return OVERHEAD_BYTES + ids.length * each;
    }

    int add(long id, long position, int length, int state, int capacityMax) {
        if (size == ids.length) {
            grow(Math.max(size + 1, Math.min(capacityMax, size * 2)));
        }
        ids[size] = id;
        positions[size] = position;
        lengths[size] = length;
        states[size] = (byte) state;
        return size++;
    }

    /** The index of an entry, gone or not, or a negative number. */
    public int find(long id) {
        return size > 0 && id >= ids[0] && id <= ids[size - 1] ? Arrays.binarySearch(ids, 0, size, id) : -1;
    }

    /** The index of the first entry with this number or a higher one; {@code size} when there is none. */
    public int ceiling(long id) {
        int index = Arrays.binarySearch(ids, 0, size, id);
        return index >= 0 ? index : -index - 1;
    }

    void expiration(int index, long ms) {
        if (expirations == null) {
            expirations = new long[ids.length];
        }
        expirations[index] = ms;
    }

    void attempts(int index, int count) {
        if (attempts == null) {
            attempts = new int[ids.length];
        }
        attempts[index] = count;
    }

    void due(int index, long ms) {
        if (dues == null) {
            dues = new long[ids.length];
        }
        dues[index] = ms;
    }

    private void grow(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        positions = Arrays.copyOf(positions, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        states = Arrays.copyOf(states, capacity);
        sentS = Arrays.copyOf(sentS, capacity);
        contents = Arrays.copyOf(contents, capacity);
        expirations = expirations == null ? null : Arrays.copyOf(expirations, capacity);
        attempts = attempts == null ? null : Arrays.copyOf(attempts, capacity);
        dues = dues == null ? null : Arrays.copyOf(dues, capacity);
    }

    /** A copy of the entries of a range that are not gone, without contents. */
    Rows range(long firstId, long lastId) {
        Rows copy = new Rows(Math.max(1, size));
        for (int index = 0; index < size; index++) {
            boolean gone = (states[index] & EntryBlock.STATE_MASK) == EntryBlock.GONE;
            if (!gone && ids[index] >= firstId && ids[index] <= lastId) {
                int at = copy.add(ids[index], positions[index], lengths[index], states[index], size);
                copy.sentS[at] = sentS[index];
                if (expirations != null) {
                    copy.expiration(at, expirations[index]);
                }
                if (attempts != null) {
                    copy.attempts(at, attempts[index]);
                }
                if (dues != null) {
                    copy.due(at, dues[index]);
                }
            }
        }
        return copy;
    }

    int count(int state) {
        int count = 0;
        for (int index = 0; index < size; index++) {
            count += (states[index] & EntryBlock.STATE_MASK) == state ? 1 : 0;
        }
        return count;
    }

    /** The index of the entry whose message stands at this position, or a negative number. */
    public int findAt(long position) {
        for (int index = 0; index < size; index++) {
            if (positions[index] == position && (states[index] & EntryBlock.STATE_MASK) != EntryBlock.GONE) {
                return index;
            }
        }
        return -1;
    }
}
