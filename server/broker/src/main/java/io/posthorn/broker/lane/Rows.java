package io.posthorn.broker.lane;

import java.util.Arrays;
import java.util.function.LongConsumer;

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
        if (size == 0 || id < ids[0] || id > ids[size - 1]) {
            return -1;
        }
        long place = id - ids[0]; // in a queue with one lane, there are no gaps
        return place < size && ids[(int) place] == id ? (int) place : Arrays.binarySearch(ids, 0, size, id);
    }

    /** The index of the first entry with this number or a higher one; {@code size} when there is none. */
    public int ceiling(long id) {
        int index = Arrays.binarySearch(ids, 0, size, id);
        return index >= 0 ? index : -index - 1;
    }

    /** When an entry's message was sent, seconds since 1970. */
    public void sentS(int index, int seconds) {
        sentS[index] = seconds;
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
            if (!isGone(index) && ids[index] >= firstId && ids[index] <= lastId) {
                copy.take(this, index);
            }
        }
        return copy;
    }

    /** The entries of both that are not gone, so many in all, with their contents. */
    static Rows joined(Rows first, Rows second, int live) {
        Rows joined = new Rows(Math.max(1, live));
        joined.takeAll(first);
        joined.takeAll(second);
        return joined;
    }

    private void takeAll(Rows other) {
        for (int index = 0; index < other.size; index++) {
            if (!other.isGone(index)) {
                int at = take(other, index);
                contents[at] = other.contents[index];
            }
        }
    }

    private int take(Rows other, int index) {
        int at = add(other.ids[index], other.positions[index], other.lengths[index], other.states[index], ids.length);
        sentS[at] = other.sentS[index];
        if (other.expirations != null) {
            expiration(at, other.expirations[index]);
        }
        if (other.attempts != null) {
            attempts(at, other.attempts[index]);
        }
        if (other.dues != null) {
            due(at, other.dues[index]);
        }
        return at;
    }

    private boolean isGone(int index) {
        return (states[index] & EntryBlock.STATE_MASK) == EntryBlock.GONE;
    }

    /** Which entries somebody has, and which of these are suspect for an earlier delivery, while the others are forgotten. */
    record Held(long[] ids, boolean[] suspect) {

        void forEach(LongConsumer action) {
            for (long id : ids) {
                action.accept(id);
            }
        }
    }

    /** The entries that somebody has, so many. */
    Held held(int taken) {
        Held held = new Held(new long[taken], new boolean[taken]);
        int at = 0;
        for (int index = 0; index < size; index++) {
            if ((states[index] & EntryBlock.STATE_MASK) == EntryBlock.TAKEN) {
                held.ids[at] = ids[index];
                held.suspect[at++] = (states[index] & EntryBlock.SUSPECT) != 0;
            }
        }
        return held;
    }

    /** Somebody has these again, as before the others were forgotten. */
    void hold(Held held) {
        for (int at = 0; at < held.ids.length; at++) {
            states[find(held.ids[at])] = (byte) (EntryBlock.TAKEN | (held.suspect[at] ? EntryBlock.SUSPECT : 0));
        }
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
