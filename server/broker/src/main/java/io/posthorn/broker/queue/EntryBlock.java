package io.posthorn.broker.queue;

import java.util.Arrays;

/**
 * Up to {@link #CAPACITY} entries of a lane, in the order of their numbers, as primitives side by side. An entry that is
 * gone leaves a hole; a block in which all are gone is unlinked, but keeps its {@code next}, so that whoever still
 * stands in it finds the way on.
 */
final class EntryBlock {

    static final int CAPACITY = 512;

    static final int STATE_MASK = 7;
    static final int READY = 1;
    static final int TAKEN = 2;
    static final int DELAYED = 3;
    static final int GONE = 4;
    /** An earlier delivery of the entry is known or cannot be ruled out. */
    static final int SUSPECT = 8;

    /** Position of an entry that is not in the log. Lower values are {@code -2 - gate}: not in the log, but gated. */
    static final long VOLATILE = -1;

    final Lane lane;
    final long ordinal;
    EntryBlock previous;
    EntryBlock next;
    int size;
    int ready;
    int live;
    long[] ids;
    long[] positions;
    int[] lengths;
    byte[] states;
    Content[] contents;
    /** Null while no entry of the block expires. */
    long[] expirations;
    /** Null while no entry of the block was handed out before. */
    int[] attempts;
    /** Null while no entry of the block is, or was, delayed. */
    long[] dues;

    EntryBlock(Lane lane, long ordinal, int capacity) {
        this.lane = lane;
        this.ordinal = ordinal;
        ids = new long[capacity];
        positions = new long[capacity];
        lengths = new int[capacity];
        states = new byte[capacity];
        contents = new Content[capacity];
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    int add(long id, long position, int length, int state) {
        if (size == ids.length) {
            grow(Math.min(CAPACITY, size * 2));
        }
        ids[size] = id;
        positions[size] = position;
        lengths[size] = length;
        states[size] = (byte) state;
        live++;
        return size++;
    }

    int state(int index) {
        return states[index] & STATE_MASK;
    }

    void state(int index, int state) {
        states[index] = (byte) (states[index] & ~STATE_MASK | state);
    }

    boolean isSuspect(int index) {
        return (states[index] & SUSPECT) != 0;
    }

    void suspect(int index) {
        states[index] |= SUSPECT;
    }

    boolean isDurable(int index) {
        return positions[index] >= 0;
    }

    long expiration(int index) {
        return expirations == null ? 0 : expirations[index];
    }

    void expiration(int index, long ms) {
        if (expirations == null) {
            expirations = new long[ids.length];
        }
        expirations[index] = ms;
    }

    int attempts(int index) {
        return attempts == null ? 0 : attempts[index];
    }

    void attempts(int index, int count) {
        if (attempts == null) {
            attempts = new int[ids.length];
        }
        attempts[index] = count;
    }

    /** When an entry that is delayed becomes ready; 0 when it never was. */
    long due(int index) {
        return dues == null ? 0 : dues[index];
    }

    void due(int index, long ms) {
        if (dues == null) {
            dues = new long[ids.length];
        }
        dues[index] = ms;
    }

    /** The index of an entry, or a negative number. */
    int find(long id) {
        return size > 0 && id >= ids[0] && id <= ids[size - 1] ? Arrays.binarySearch(ids, 0, size, id) : -1;
    }

    private void grow(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
        positions = Arrays.copyOf(positions, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        states = Arrays.copyOf(states, capacity);
        contents = Arrays.copyOf(contents, capacity);
        expirations = expirations == null ? null : Arrays.copyOf(expirations, capacity);
        attempts = attempts == null ? null : Arrays.copyOf(attempts, capacity);
        dues = dues == null ? null : Arrays.copyOf(dues, capacity);
    }
}
