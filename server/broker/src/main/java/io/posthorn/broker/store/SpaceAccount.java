package io.posthorn.broker.store;

import io.posthorn.journal.Journal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many live entries each segment of the log holds. A segment with none can be dropped behind a checkpoint. The journal
 * may take its time with that, and forgets about it in a crash; so what was to be dropped is remembered for one more
 * checkpoint, and dropped again after the next start.
 */
public final class SpaceAccount {

    private final Journal journal;
    private final TreeMap<Long, long[]> liveBySegment = new TreeMap<>();
    private List<Long> emptied = List.of();
    private List<Long> emptiedBefore = List.of();
    private long lastSegment = -1;
    private long[] lastLive;

    public SpaceAccount(Journal journal) {
        this.journal = journal;
    }

    public void retained(long position) {
        live(position)[0]++;
    }

    public void released(long position) {
        live(position)[0]--;
    }

    /** Segments before {@code end} in which nothing lives; they are no longer accounted for. */
    List<Long> takeEmptyBefore(long end) {
        List<Long> empty = new ArrayList<>();
        liveBySegment.headMap(end, false).forEach((segment, live) -> {
            if (live[0] == 0) {
                empty.add(segment);
            }
        });
        empty.forEach(liveBySegment::remove);
        lastSegment = -1;
        emptiedBefore = emptied;
        emptied = List.copyOf(empty);
        return emptied;
    }

    /** For a checkpoint: all segments that may exist, as far as this account has seen them. */
    Collection<Long> segments() {
        TreeSet<Long> all = new TreeSet<>(liveBySegment.keySet());
        all.addAll(emptied);
        all.addAll(emptiedBefore);
        return all;
    }

    /** Makes sure that a segment is accounted for even if no entry ever lived in it. */
    void seen(long position) {
        live(position);
    }

    void seenSegment(long segment) {
        liveBySegment.computeIfAbsent(segment, key -> new long[1]);
    }

    private long[] live(long position) {
        long segment = journal.segmentOf(position);
        if (segment != lastSegment) {
            lastSegment = segment;
            lastLive = liveBySegment.computeIfAbsent(segment, key -> new long[1]);
        }
        return lastLive;
    }
}
