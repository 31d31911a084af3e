package io.posthorn.broker.store;

import io.posthorn.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** How many live entries each segment of the log holds. A segment with none can be dropped behind a checkpoint. */
public final class SpaceAccount {

    private final Journal journal;
    private final TreeMap<Long, long[]> liveBySegment = new TreeMap<>();
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

    /** Segments before {@code end} in which nothing lives, among those that ever held something; forgets them. */
    List<Long> takeEmptyBefore(long end) {
        List<Long> empty = new ArrayList<>();
        liveBySegment.headMap(end, false).forEach((segment, live) -> {
            if (live[0] == 0) {
                empty.add(segment);
            }
        });
        empty.forEach(liveBySegment::remove);
        lastSegment = -1;
        return empty;
    }

    /** Accounts for a segment that exists, even if nothing lives in it. */
    void exists(long segment) {
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
