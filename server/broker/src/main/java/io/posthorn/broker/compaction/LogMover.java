package io.posthorn.broker.compaction;

import io.posthorn.broker.queue.Backlog;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.PreparedBranch;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.List;

/** The log that survives: its records say who needs them, and that they were moved is a record, too. */
public final class LogMover implements Mover {

    private final Journal journal;
    private final DurableState state;
    private final Recorder recorder;

    public LogMover(Journal journal, DurableState state, Recorder recorder) {
        this.journal = journal;
        this.state = state;
        this.recorder = recorder;
    }

    @Override
    public String name() {
        return "the log";
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public SpaceAccount space() {
        return state.space();
    }

    @Override
    public long appendedBytes() {
        return recorder.appendedBytes();
    }

    @Override
    public Progress prepare(long segment, int looks) {
        return Progress.DONE;
    }

    @Override
    public void end() {
        // nothing is kept of a segment
    }

    @Override
    public Progress move(Journal.Found found) {
        LogRecord record = RecordCodec.decode(found.bytes());
        if (record instanceof LogRecord.Published published) {
            return moveMessage(found.position(), published.targets(), published.envelope());
        }
        if (record instanceof LogRecord.Moved moved) {
            return moveMessage(found.position(), moved.targets(), moved.envelope());
        }
        if (record instanceof LogRecord.PreparedSend send) {
            return movePrepared(found.position(), send.branch(), send.queues(), send.envelope());
        }
        if (record instanceof LogRecord.PreparedMoved moved) {
            return movePrepared(found.position(), moved.branch(), moved.queues(), moved.envelope());
        }
        if (record instanceof LogRecord.Page page && Mover.needsPage(state.directory(), true, found.position(), page)) {
            recorder.add(page);
            recorder.commit(Flush.LAZY);
        }
        return Progress.DONE;
    }

    private Progress moveMessage(long position, List<Target> targets, byte[] bytes) {
        List<Target> alive = new ArrayList<>(targets.size());
        int priority = Envelope.of(bytes).priority();
        Progress progress = Mover.addStandingAt(state.directory(), true, priority, position, targets, alive);
        if (progress == Progress.DONE) {
            append(alive, position, bytes);
        }
        return progress;
    }

    private void append(List<Target> alive, long position, byte[] bytes) {
        if (!alive.isEmpty()) {
            recorder.add(new LogRecord.Moved(alive, position, bytes));
            recorder.commit(Flush.LAZY);
        }
    }

    /** The message of a branch that is prepared, or of one that was committed: then its record does not name its entries. */
    private Progress movePrepared(long position, BranchId id, List<Long> queues, byte[] bytes) {
        PreparedBranch branch = state.branch(id);
        if (branch != null && branch.sends().stream().anyMatch(send -> send.position() == position)) {
            recorder.add(new LogRecord.PreparedMoved(id, queues, position, bytes));
            recorder.commit(Flush.LAZY);
            return Progress.DONE;
        }
        int priority = Envelope.of(bytes).priority();
        List<Target> alive = new ArrayList<>(queues.size());
        for (long number : queues) {
            MessageQueue queue = state.directory().queue(number);
            long entry = queue == null ? Backlog.NO_ENTRY : queue.backlog().entryAt(priority, position);
            if (entry != Backlog.NO_ENTRY) {
                alive.add(new Target(number, entry));
            }
        }
        append(alive, position, bytes);
        return Progress.DONE;
    }
}
