package io.posthorn.broker.store;

import io.posthorn.broker.record.RecordCodec;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tail of the log that a start must replay short: stores the state now and then, and drops segments in which
 * nothing lives any more. The dearer a checkpoint is, the more log lies between two of them.
 *
 * <p>That nothing lives in a segment is only sure once the records that say so are durable: they may be no older than the
 * checkpoint. So a segment is dropped when the log is synced up to the position at which it was found empty.
 */
public final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** So many bytes of log per byte of checkpoint, at the least. */
    private static final int LOG_PER_INDEX = 4;

    private final Journal journal;
    private final DurableState state;
    private final Recorder recorder;
    private final long intervalBytes;
    private final ArrayDeque<Empty> empty = new ArrayDeque<>();
    private long nextAtBytes;
    private long synced;

    public Checkpoints(Journal journal, DurableState state, Recorder recorder, long intervalBytes) {
        this.journal = journal;
        this.state = state;
        this.recorder = recorder;
        this.intervalBytes = intervalBytes;
        this.nextAtBytes = intervalBytes;
    }

    /** Segments in which nothing lives, as the log says up to this position. */
    private record Empty(long end, List<Long> segments) {}

    /**
     * What was found in the log.
     *
     * @param end where it ends; all before is durable. 0 for a new log
     * @param tail how many records followed the latest checkpoint
     */
    public record Recovered(long end, long tail) {}

    /** Rebuilds the state: the latest checkpoint, then what the log says after it. */
    public Recovered recover() throws JournalException {
        Journal.Checkpoint checkpoint = journal.latestCheckpoint();
        if (checkpoint != null) {
            new Snapshot(state).read(checkpoint.index());
        }
        Replay replay = new Replay(checkpoint == null ? 0 : checkpoint.position());
        journal.replay(replay);
        recorder.resumeAt(replay.end, replay.bytes);
        synced = replay.end;
        LOG.info(
                "Recovered {} destinations and {} durable subscriptions from {} and {} records after it",
                state.directory().destinations().size(),
                state.directory().durables().size(),
                checkpoint == null ? "no checkpoint" : "a checkpoint of " + checkpoint.index().length + " bytes",
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
        public void onRecord(long position, byte[] record) {
            state.space().seen(position);
            RecordCodec.decode(record).visit(state, position);
            bytes += record.length;
            records++;
        }

        @Override
        public void onBatchEnd(long behind) {
            end = behind;
        }
    }

    /** Takes a checkpoint when enough was written since the last. */
    public void takeIfDue() {
        if (recorder.appendedBytes() >= nextAtBytes) {
            take();
        }
    }

    /** Takes a checkpoint now, unless the log is empty, or has failed. */
    public void take() {
        long end = recorder.end();
        if (end == Recorder.NOTHING || end == Long.MAX_VALUE) {
            return;
        }
        List<Long> segments = state.space().takeEmptyBefore(journal.currentSegment());
        byte[] index = new Snapshot(state).write();
        journal.checkpoint(end, index);
        if (!segments.isEmpty()) {
            empty.add(new Empty(end, segments));
        }
        nextAtBytes = recorder.appendedBytes() + Math.max(intervalBytes, (long) LOG_PER_INDEX * index.length);
        dropEmpty();
    }

    /** The log is durable up to here. */
    public void onSynced(long end) {
        synced = end;
        dropEmpty();
    }

    private void dropEmpty() {
        while (!empty.isEmpty() && empty.peek().end() <= synced) {
            empty.poll().segments().forEach(journal::drop);
        }
    }
}
