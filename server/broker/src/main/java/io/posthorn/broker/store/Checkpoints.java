package io.posthorn.broker.store;

import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tail of the log that a start must replay short: stores the state now and then, and drops segments in which
 * nothing lives any more. The dearer a checkpoint is, the more log lies between two of them.
 */
public final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** So many bytes of log per byte of checkpoint, at the least. */
    private static final int LOG_PER_INDEX = 4;

    private final Journal journal;
    private final DurableState state;
    private final Recorder recorder;
    private final long intervalBytes;
    private long nextAtBytes;

    /** The position behind what the log of earlier runs says; 0 for a new log. */
    private long recoveredEnd;

    public Checkpoints(Journal journal, DurableState state, Recorder recorder, long intervalBytes) {
        this.journal = journal;
        this.state = state;
        this.recorder = recorder;
        this.intervalBytes = intervalBytes;
        this.nextAtBytes = intervalBytes;
    }

    /** Rebuilds the state: the latest checkpoint, then what the log says after it. */
    public void recover() throws JournalException {
        Journal.Checkpoint checkpoint = journal.latestCheckpoint();
        if (checkpoint != null) {
            recoveredEnd = checkpoint.position();
            new Snapshot(state).read(checkpoint.index());
        }
        long[] records = {0};
        journal.replay(new Journal.BatchVisitor() {
            @Override
            public void onRecord(long position, byte[] bytes) {
                io.posthorn.broker.record.RecordCodec.decode(bytes).visit(state, position);
                records[0]++;
            }

            @Override
            public void onBatchEnd(long end) {
                // a batch is whole or not there at all, so nothing is left to decide at its end
                recoveredEnd = end;
            }
        });
        journal.segments().forEach(state.space()::exists);
        LOG.info(
                "Recovered {} destinations and {} durable subscriptions from {} and {} records after it",
                state.directory().destinations().size(),
                state.directory().durables().size(),
                checkpoint == null ? "no checkpoint" : "a checkpoint of " + checkpoint.index().length + " bytes",
                records[0]);
    }

    /** Takes a checkpoint when enough was written since the last. */
    public void takeIfDue() {
        if (recorder.appendedBytes() >= nextAtBytes) {
            take();
        }
    }

    /** Takes one now; nothing happens as long as the log says nothing. */
    public void take() {
        long end = Math.max(recorder.end(), recoveredEnd);
        if (end == 0) {
            return;
        }
        byte[] index = new Snapshot(state).write();
        journal.checkpoint(end, index);
        for (long segment : state.space().takeEmptyBefore(journal.currentSegment())) {
            journal.drop(segment);
        }
        nextAtBytes = recorder.appendedBytes() + Math.max(intervalBytes, (long) LOG_PER_INDEX * index.length);
    }
}
