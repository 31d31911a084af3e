package io.posthorn.engine.delivery;

import java.util.Map;
import java.util.TreeMap;

/**
 * The entries that a browser has shown, so that it shows none twice when a break makes it begin anew. Neighbours are kept
 * as one range: browsing a deep queue costs little. Guarded by the session's lock.
 */
public final class SeenEntries {

    /** From first to last. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Whether it is new. */
    public boolean add(long entry) {
        Map.Entry<Long, Long> before = ranges.floorEntry(entry);
        if (before != null && before.getValue() >= entry) {
            return false;
        }
        long first = before != null && before.getValue() == entry - 1 ? before.getKey() : entry;
        Long lastOfNext = ranges.remove(entry + 1);
        ranges.put(first, lastOfNext == null ? entry : lastOfNext);
        return true;
    }

    int rangeCount() {
        return ranges.size();
    }
}
