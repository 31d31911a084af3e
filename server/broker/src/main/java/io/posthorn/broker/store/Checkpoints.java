package io.posthorn.broker.store;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.OtherVersionException;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tail of the log that a start must replay short: writes the state as a record now and then, lets the journal
 * remember where, and drops segments in which nothing lives any more. Before that record is due, blocks that would make it
 * long are written as pages, a few in each turn, so that no turn is long.
 *
 * <p>That nothing lives in a segment is only sure once the records that say so are durable: they may be no older than the
 * checkpoint. So a segment is dropped when the log is synced up to the position at which it was found empty.
 */
public final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** So many bytes of log per byte of checkpoint, at the least. */
    private static final int LOG_PER_STATE = 4;

    /** How many pages are written in one turn. */
    private static final int PAGES_PER_TURN = 2;

    /** Blocks with fewer entries than this part of a full one go into the record itself. */
    private static final int SMALL_BLOCK = 16;

    /** So many segments are worth a checkpoint of their own. */
    private static final int DROPPED_AT_ONCE = 2;

    /** A log to which nothing was appended for so long is at rest, and lets go of all that is empty. */
    private static final long REST_MS = 1000;

    /** Checkpoints that rest is worth: one says what is empty, the next lets the journal free it. */
    private static final int CHECKPOINTS_AT_REST = 2;

    private static final int INDEX_VERSION = 3;

    private final Journal journal;
    private final DurableState state;
    private final Recorder recorder;
    private final Residency residency;
    private final long intervalBytes;
    private final ArrayDeque<Empty> empty = new ArrayDeque<>();
    private final ArrayDeque<EntryBlock> toStore = new ArrayDeque<>();
    private boolean storing;
    private boolean pressed;
    private int unfreed;
    private int unfreedOfOld;
    private long nextAtBytes;

    /** The segment that the last checkpoint was begun in. Those from there on may be empty only because of that checkpoint. */
    private long begunIn;

    /** When so much was appended, it is mostly others' records that are in those segments. */
    private long outweighedAtBytes;

    private long synced;
    private long restsFrom;
    private long restsAtMs = Long.MAX_VALUE;
    private long lastMs;
    private int takenAtRest;

    public Checkpoints(
            Journal journal, DurableState state, Recorder recorder, Residency residency, long intervalBytes) {
        this.journal = journal;
        this.state = state;
        this.recorder = recorder;
        this.residency = residency;
        this.intervalBytes = intervalBytes;
        this.nextAtBytes = intervalBytes;
    }

    /** Segments in which nothing lives, as the log says up to this position; so many are older than the checkpoint before. */
    private record Empty(long end, List<Long> segments, int old) {}

    /**
     * What was found in the log.
     *
     * @param end where it ends; all before is durable. 0 for a new log
     * @param tail how many records followed the latest checkpoint
     */
    public record Recovered(long end, long tail) {}

    /** Rebuilds the state: the latest checkpoint, then what the log says after it. */
    public Recovered recover() throws JournalException {
        try {
            return rebuild();
        } catch (OtherVersionException other) {
            throw other.asRefusal();
        } catch (IllegalStateException | MalformedException wrong) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    "The log cannot be understood: " + wrong.getMessage()
                            + "; run 'posthorn journal check', and 'posthorn journal repair' to go on with what is whole",
                    wrong);
        }
    }

    private Recovered rebuild() throws JournalException {
        Journal.Checkpoint checkpoint = journal.latestCheckpoint();
        if (checkpoint != null) {
            long position = positionIn(checkpoint.index());
            byte[] record = journal.read(position);
            RecordCodec.decode(record).visit(state, position);
            state.space().seen(position, record.length);
        }
        Replay replay = new Replay(checkpoint == null ? 0 : checkpoint.position());
        journal.replay(replay);
        recorder.resumeAt(replay.end, replay.bytes);
        synced = replay.end;
        LOG.info(
                "Recovered {} destinations and {} durable subscriptions from {} and {} records after it",
                state.directory().destinations().size(),
                state.directory().durables().size(),
                checkpoint == null ? "no checkpoint" : "a checkpoint",
                replay.records);
        return new Recovered(replay.end, replay.records);
    }

    /** Puts the records of the log into the state, and counts them. */
    private final class Replay implements Journal.BatchVisitor {
        private long end;
        private long bytes;
        private long records;

        Replay(long start) {
            end = start;
        }

        @Override
        public boolean tellsAll(byte[] record) {
            return RecordCodec.isBaseline(record);
        }

        @Override
        public Iterable<Long> segmentsNeeded() {
            return state.space().needed();
        }

        @Override
        public void onRecord(long position, byte[] record) {
            RecordCodec.decode(record).visit(state, position);
            state.space().seen(position, record.length);
            records++;
            bytes += record.length;
        }

        @Override
        public void onBatchEnd(long behind) {
            end = behind;
            residency.trim(0);
        }
    }

    /** Takes a checkpoint when enough was written since the last, or enough can be dropped. */
    public void takeIfDue(long nowMs) {
        noticeRest(nowMs);
        boolean rests = nowMs >= restsAtMs && hasToFree();
        if (storing || rests || recorder.appendedBytes() >= nextAtBytes || isWorthADrop()) {
            if (!storing) {
                gather();
                takenAtRest += rests ? 1 : 0;
                restsAtMs = nowMs + REST_MS;
            }
            if (storePages(PAGES_PER_TURN)) {
                write();
            }
            restsFrom = recorder.end();
        }
    }

    /** When {@link #takeIfDue} is to be called next, if nothing else happens; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        if (storing) {
            return lastMs + 1;
        }
        return hasToFree() ? Math.max(restsAtMs, lastMs + 1) : Long.MAX_VALUE;
    }

    /** The log rests from when others than checkpoints appended to it last. */
    private void noticeRest(long nowMs) {
        lastMs = nowMs;
        if (recorder.end() != restsFrom) {
            restsFrom = recorder.end();
            restsAtMs = nowMs + REST_MS;
            takenAtRest = 0;
        }
    }

    private boolean hasToFree() {
        boolean any = unfreed > 0 || state.space().emptyBefore(journal.currentSegment()) > 0;
        return any && takenAtRest < CHECKPOINTS_AT_REST && recorder.end() == synced;
    }

    /**
     * Dropping takes a checkpoint that says so, and one more before which the journal does not let go of the files. In a busy
     * log that comes by itself; one that falls silent would keep them. A record of the state that fills segments of its own
     * leaves them empty to the next one: unless others wrote more meanwhile, each checkpoint would be the reason for another.
     */
    private boolean isWorthADrop() {
        if (recorder.end() != synced) {
            return false;
        }
        boolean outweighed = recorder.appendedBytes() >= outweighedAtBytes;
        int found = state.space().emptyBefore(outweighed ? journal.currentSegment() : begunIn);
        int waiting = outweighed ? unfreed : unfreedOfOld;
        return pressed ? waiting + found > 0 : waiting >= DROPPED_AT_ONCE || found >= DROPPED_AT_ONCE;
    }

    /** Whether the disk is short of room, so that whatever can be freed is freed at once. */
    public void pressed(boolean now) {
        pressed = now;
    }

    /** Takes a checkpoint now, unless the log is empty, or has failed. */
    public void take() {
        gather();
        storePages(Integer.MAX_VALUE);
        write();
    }

    /** Finds the blocks that would make the record long. */
    private void gather() {
        toStore.clear();
        residency.forEach(block -> {
            if (block.isDurable() && block.isDirty()) {
                toStore.add(block);
            }
        });
        storing = true;
    }

    /** Stores some of them, those of which little is left put together; true when all are. */
    private boolean storePages(int max) {
        int small = residency.blockEntries() / SMALL_BLOCK;
        for (int stored = 0; stored < max && !toStore.isEmpty(); ) {
            EntryBlock block = toStore.poll();
            if (block.isResident() && block.isDirty()) {
                block.lane().tidy(block);
            }
            if (block.isResident() && block.isDirty() && !block.isHeld() && block.live() > small) {
                stored += block.store() ? 1 : 0;
            }
        }
        return toStore.isEmpty();
    }

    private void write() {
        storing = false;
        unfreed = 0;
        unfreedOfOld = 0;
        long before = recorder.end();
        if (before == Recorder.NOTHING || before == Long.MAX_VALUE) {
            return;
        }
        List<Long> segments = state.space().takeEmptyBefore(journal.currentSegment());
        byte[] bytes = new Baseline(state).write();
        recorder.add(new LogRecord.Baseline(bytes));
        long end = recorder.commit(Flush.LAZY);
        if (end == Long.MAX_VALUE) {
            return; // the log failed meanwhile, and its owner is about to hear of it
        }
        journal.checkpoint(end, index(recorder.lastPosition()));
        if (!segments.isEmpty()) {
            empty.add(new Empty(end, segments, countBefore(begunIn, segments)));
        }
        outweighedAtBytes = recorder.appendedBytes() + (long) LOG_PER_STATE * bytes.length;
        nextAtBytes = Math.max(outweighedAtBytes, recorder.appendedBytes() + intervalBytes);
        begunIn = journal.segmentOf(before);
        dropEmpty();
    }

    private static int countBefore(long end, List<Long> segments) {
        return (int) segments.stream().filter(segment -> segment < end).count();
    }

    /** The log is durable up to here. */
    public void onSynced(long end) {
        synced = end;
        dropEmpty();
    }

    private void dropEmpty() {
        while (!empty.isEmpty() && empty.peek().end() <= synced) {
            Empty dropped = empty.poll();
            dropped.segments().forEach(journal::drop);
            unfreed += dropped.segments().size();
            unfreedOfOld += dropped.old();
        }
    }

    /** What the journal remembers: version 3 (lower ones held the whole state), and where the record with the state stands. */
    public static byte[] index(long position) {
        ByteWriter out = new ByteWriter(9);
        out.writeByte(INDEX_VERSION);
        out.writeLong(position);
        return out.toByteArray();
    }

    /**
     * Where the record with the state stands.
     *
     * @throws OtherVersionException if the index is of another version
     */
    public static long positionIn(byte[] index) {
        ByteReader in = new ByteReader(index, 0, index.length);
        int version = in.readByte();
        if (version != INDEX_VERSION) {
            throw new OtherVersionException("a checkpoint", version, INDEX_VERSION);
        }
        return in.readLong();
    }
}
