package io.posthorn.engine.delivery;

import io.posthorn.wire.frame.EntryRanges;
import java.util.Arrays;

/** Entry numbers in the order in which they were handed out. Guarded by the lock of the session that holds them. */
public final class Entries {

    private long[] numbers = new long[4];
    private int size;

    public void add(long entry) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = entry;
    }

    /** Whether it was there. Cheap for the oldest and the latest. */
    public boolean remove(long entry) {
        int index = indexOf(entry);
        if (index < 0) {
            return false;
        }
        size--;
        System.arraycopy(numbers, index + 1, numbers, index, size - index);
        return true;
    }

    private int indexOf(long entry) {
        if (size > 0 && numbers[size - 1] == entry) {
            return size - 1;
        }
        for (int index = 0; index < size; index++) {
            if (numbers[index] == entry) {
                return index;
            }
        }
        return -1;
    }

    public void addTo(EntryRanges.Builder builder) {
        for (int index = 0; index < size; index++) {
            builder.add(numbers[index]);
        }
    }

    public void clear() {
        size = 0;
    }

    public boolean isEmpty() {
        return size == 0;
    }
}
