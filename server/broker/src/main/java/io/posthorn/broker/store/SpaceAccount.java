package io.posthorn.broker.store;

import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.lane.Space;
import io.posthorn.journal.Journal;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How much each segment of the log holds that is needed: entries, pages and prepared messages, each counted with its
 * length. A message that several queues hold counts for each. A segment with nothing can be dropped behind a checkpoint. The
 * journal may take its time with that, and forgets about it in a crash; so what was to be dropped is remembered for one more
 * checkpoint, and dropped again after the next start.
 */
public final class SpaceAccount implements Space {

    /** About what a record has in the log besides its message or entries. */
    private static final int RECORD_BYTES = 40;

    /** What the log adds to a record. */
    private static final int FRAME_BYTES = 20;

    private final Journal journal;
    private final TreeMap<Long, Live> liveBySegment = new TreeMap<>();
    private final Rubble rubble = new Rubble();
    private List<Long> emptied = List.of();
    private List<Long> emptiedBefore = List.of();
    private long released;
    private int emptyCount;
    private long lastSegment = -1;
    private Live lastLive;

    public SpaceAccount(Journal journal) {
        this.journal = journal;
    }

    /** What is needed of one segment. */
    public static final class Live {
        private long count;
        private long bytes;
        private long total;

        public long count() {
            return count;
        }

        public long bytes() {
            return bytes;
        }

        /** About how many bytes of records were written to the segment. */
        public long total() {
            return total;
        }
    }

    @Override
    public void retained(long position, int length) {
        Live live = live(position);
        emptyCount -= live.count == 0 ? 1 : 0;
        live.count++;
        live.bytes += length + RECORD_BYTES;
    }

    @Override
    public void released(long position, int length) {
        Live live = live(position);
        live.count--;
        emptyCount += live.count == 0 ? 1 : 0;
        live.bytes -= length + RECORD_BYTES;
        released += length;
    }

    @Override
    public void leave(Rubble.Leftover page) {
        rubble.add(page);
    }

    /** Pages of which the account still counts what they say. */
    public Rubble rubble() {
        return rubble;
    }

    /** How many bytes have been released since the start. */
    public long releasedBytes() {
        return released;
    }

    /** What is needed of each segment that is accounted for. */
    public NavigableMap<Long, Live> segments() {
        return liveBySegment;
    }

    /** Segments in which something lives. */
    List<Long> needed() {
        List<Long> needed = new ArrayList<>();
        liveBySegment.forEach((segment, live) -> {
            if (live.count > 0) {
                needed.add(segment);
            }
        });
        return needed;
    }

    /** Segments before {@code end} in which nothing lives; they are no longer accounted for. */
    List<Long> takeEmptyBefore(long end) {
        List<Long> empty = new ArrayList<>();
        liveBySegment.headMap(end, false).forEach((segment, live) -> {
            if (live.count == 0) {
                empty.add(segment);
            }
        });
        empty.forEach(liveBySegment::remove);
        emptyCount -= empty.size();
        lastSegment = -1;
        emptiedBefore = emptied;
        emptied = List.copyOf(empty);
        return emptied;
    }

    /** For a checkpoint: all segments that may exist, as far as this account has seen them. */
    void write(ByteWriter out) {
        TreeMap<Long, Live> all = new TreeMap<>();
        emptied.forEach(segment -> all.put(segment, new Live()));
        emptiedBefore.forEach(segment -> all.put(segment, new Live()));
        all.putAll(liveBySegment);
        out.writeVarint(all.size());
        for (Map.Entry<Long, Live> entry : all.entrySet()) {
            out.writeVarint(entry.getKey());
            out.writeVarint(entry.getValue().count);
            out.writeVarint(entry.getValue().bytes);
            out.writeVarint(entry.getValue().total);
        }
    }

    /** Takes all from a checkpoint, whatever was counted before. */
    void read(ByteReader in) {
        liveBySegment.clear();
        emptyCount = 0;
        emptied = List.of();
        emptiedBefore = List.of();
        lastSegment = -1;
        for (long count = in.readVarint(); count > 0; count--) {
            Live live = new Live();
            liveBySegment.put(in.readVarint(), live);
            live.count = in.readVarint();
            live.bytes = in.readVarint();
            live.total = in.readVarint();
            emptyCount += live.count == 0 ? 1 : 0;
        }
    }

    /** Forgets all, to be counted anew. */
    public void clear() {
        liveBySegment.clear();
        rubble.clear();
        emptyCount = 0;
        emptied = List.of();
        emptiedBefore = List.of();
        lastSegment = -1;
    }

    /** A record was written there; its segment is accounted for even if no entry ever lives in it. */
    public void seen(long position, int length) {
        live(position).total += length + FRAME_BYTES;
    }

    /** Whether anything in the segment of this position is needed. */
    boolean holds(long position) {
        Live live = liveBySegment.get(journal.segmentOf(position));
        return live != null && live.count > 0;
    }

    /** A segment with nothing in it is gone. */
    void forget(long segment) {
        liveBySegment.remove(segment);
        emptyCount--;
        lastSegment = -1;
    }

    /** How many segments before {@code end}, the current one or one of the last, hold nothing that is needed. */
    int emptyBefore(long end) {
        int behind = 0;
        if (emptyCount > 0) {
            for (Live live : liveBySegment.tailMap(end, true).values()) {
                behind += live.count == 0 ? 1 : 0;
            }
        }
        return emptyCount - behind;
    }

    private Live live(long position) {
        long segment = journal.segmentOf(position);
        if (segment != lastSegment) {
            lastSegment = segment;
            lastLive = liveBySegment.get(segment);
            if (lastLive == null) {
                lastLive = new Live();
                liveBySegment.put(segment, lastLive);
                emptyCount++;
            }
        }
        return lastLive;
    }
}
