package io.posthorn.wire.frame;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A set of entry numbers of one queue as ascending, disjoint ranges. Consecutive numbers, the usual case, cost two
 * longs however many they are. Immutable; {@link Builder} takes numbers in any order, cheapest when ascending.
 */
public final class EntryRanges {

    /** Highest entry number. One below the highest long, so that neither a count nor a loop over a range overflows. */
    public static final long ENTRY_MAX = Long.MAX_VALUE - 1;

    public static final EntryRanges NONE = new EntryRanges(new long[0], 0);

    /** Pairs of first and last, ascending. */
    private final long[] bounds;

    private final long count;

    private EntryRanges(long[] bounds, long count) {
        this.bounds = bounds;
        this.count = count;
    }

    public static EntryRanges of(long entry) {
        check(entry);
        return new EntryRanges(new long[] {entry, entry}, 1);
    }

    /** Takes pairs of first and last that the caller has checked, and the array itself. */
    static EntryRanges ofBounds(long[] bounds) {
        long count = 0;
        for (int index = 0; index < bounds.length; index += 2) {
            count += bounds[index + 1] - bounds[index] + 1;
        }
        return new EntryRanges(bounds, count);
    }

    /** How many ranges there are. */
    public int rangeCount() {
        return bounds.length / 2;
    }

    public long first(int range) {
        return bounds[2 * range];
    }

    public long last(int range) {
        return bounds[2 * range + 1];
    }

    /** How many entries there are. A peer's ranges may span more numbers than anybody has entries. */
    public long count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public boolean contains(long entry) {
        int low = 0;
        int high = rangeCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (entry < first(middle)) {
                high = middle - 1;
            } else if (entry > last(middle)) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** Whether any entry from {@code first} to {@code last} is in it. */
    public boolean overlaps(long first, long last) {
        for (int range = 0; range < rangeCount(); range++) {
            if (first(range) <= last && last(range) >= first) {
                return true;
            }
        }
        return false;
    }

    /** Visits each number. Not for ranges from a peer that nobody compared with what it holds: they may be as wide as can be. */
    public void forEach(LongConsumer action) {
        for (int range = 0; range < rangeCount(); range++) {
            for (long entry = first(range); entry <= last(range); entry++) {
                action.accept(entry);
            }
        }
    }

    /** Those of these numbers that are not among the others. Costs as much as there are ranges, however wide they are. */
    public EntryRanges without(EntryRanges others) {
        long[] left = new long[bounds.length + others.bounds.length];
        int length = 0;
        int hole = 0;
        for (int range = 0; range < rangeCount(); range++) {
            long from = first(range);
            while (hole < others.rangeCount() && others.last(hole) < from) {
                hole++;
            }
            for (int at = hole; at < others.rangeCount() && others.first(at) <= last(range); at++) {
                if (from < others.first(at)) {
                    left[length++] = from;
                    left[length++] = others.first(at) - 1;
                }
                from = others.last(at) + 1;
                hole = at;
            }
            if (from <= last(range)) {
                left[length++] = from;
                left[length++] = last(range);
            }
        }
        return length == 0 ? NONE : ofBounds(Arrays.copyOf(left, length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntryRanges that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int range = 0; range < rangeCount(); range++) {
            text.append(range == 0 ? "" : ",").append(first(range));
            if (last(range) != first(range)) {
                text.append('-').append(last(range));
            }
        }
        return text.append(']').toString();
    }

    private static void check(long entry) {
        if (entry < 0 || entry > ENTRY_MAX) {
            throw new IllegalArgumentException("an entry number is between 0 and " + ENTRY_MAX + ", not " + entry);
        }
    }

    /** Collects entry numbers. Not thread-safe. */
    public static final class Builder {

        private long[] entries = new long[8];
        private int size;
        private boolean sorted = true;

        public Builder add(long entry) {
            check(entry);
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, size * 2);
            }
            sorted &= size == 0 || entries[size - 1] < entry;
            entries[size++] = entry;
            return this;
        }

        public boolean isEmpty() {
            return size == 0;
        }

        public EntryRanges build() {
            if (size == 0) {
                return NONE;
            }
            if (!sorted) {
                Arrays.sort(entries, 0, size);
            }
            long[] bounds = new long[2 * size];
            int length = 0;
            long count = 0;
            for (int index = 0; index < size; index++) {
                long entry = entries[index];
                if (length > 0 && bounds[length - 1] == entry) {
                    continue;
                }
                count++;
                if (length > 0 && bounds[length - 1] + 1 == entry) {
                    bounds[length - 1] = entry;
                } else {
                    bounds[length++] = entry;
                    bounds[length++] = entry;
                }
            }
            return new EntryRanges(Arrays.copyOf(bounds, length), count);
        }
    }
}
