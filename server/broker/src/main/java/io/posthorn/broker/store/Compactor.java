package io.posthorn.broker.store;

import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.queue.Backlog;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties segments in which little is needed: writes what is needed once more, at the end of the log, so that the segment can
 * be dropped. Begins when the log holds more in vain than it holds of use and some slack, with the segment of which least is
 * needed. Works in small portions at a limited rate; a portion is read by whoever drives the broker, and pages are waited for.
 */
public final class Compactor {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private static final long NONE = -1;

    /** How much is written in a millisecond at the most. */
    private static final int BYTES_PER_MS = 32 << 10;

    /** How many records are looked at in a millisecond at the most. */
    private static final int RECORDS_PER_MS = 512;

    /** What was left undone for longer than this is not made up for. */
    private static final long CATCH_UP_MS = 4;

    /** The account is looked at again after so much of the slack was written or released. */
    private static final int LOOKS_PER_SLACK = 16;

    private final Journal journal;
    private final DurableState state;
    private final Recorder recorder;
    private final Reader reader;
    private final long slackBytes;
    private final ArrayDeque<Journal.Found> pending = new ArrayDeque<>();

    /** Segments that cannot be read, or still hold something after all was moved. */
    private final Set<Long> stubborn = new HashSet<>();

    private long victim = NONE;
    private long next;
    private boolean reading;
    private long lookAtBytes;
    private long lastMs;

    /** @param slackBytes how much the log may hold in vain, besides as much as it holds of use */
    public Compactor(Journal journal, DurableState state, Recorder recorder, Reader reader, long slackBytes) {
        this.journal = journal;
        this.state = state;
        this.recorder = recorder;
        this.reader = reader;
        this.slackBytes = slackBytes;
    }

    /** Whoever reads segments in the background. */
    @FunctionalInterface
    public interface Reader {
        /** Reads some records of a segment, from a position on, 0 for the first; {@link #onScanned} is called later. */
        void scan(long segment, long from);
    }

    /** When {@link #work} is to be called next; {@link Long#MAX_VALUE} when nothing is to be done, or something awaited. */
    public long nextDeadlineMs() {
        boolean busy = victim != NONE && !reading;
        return busy ? lastMs + 1 : Long.MAX_VALUE;
    }

    /** Does a little. At the end of a turn, when no index into a queue is in use. */
    public void work(long nowMs) {
        if (victim == NONE) {
            choose();
        } else if (!reading && nowMs > lastMs) {
            move(Math.min(nowMs - lastMs, CATCH_UP_MS));
        }
        lastMs = nowMs;
    }

    /** What was read; {@code next} is where to go on, 0 at the end. */
    public void onScanned(long segment, List<Journal.Found> records, long goOnAt) {
        if (segment == victim) {
            reading = false;
            pending.addAll(records);
            next = goOnAt;
        }
    }

    /** The segment cannot be read: it stays as it is. */
    public void onScanFailed(long segment, String cause) {
        if (segment != victim) {
            return;
        }
        SpaceAccount.Live left = state.space().segments().get(segment);
        if (left != null && left.count() > 0) { // otherwise it was dropped meanwhile
            LOG.error("Segment {} of the log cannot be compacted, and stays: {}", segment, cause);
            stubborn.add(segment);
        }
        end();
    }

    private void choose() {
        long done = recorder.appendedBytes() + state.space().releasedBytes();
        if (done < lookAtBytes) {
            return;
        }
        lookAtBytes = done + slackBytes / LOOKS_PER_SLACK;
        long total = 0;
        long live = 0;
        double sparsest = 0.5;
        long chosen = NONE;
        for (Map.Entry<Long, SpaceAccount.Live> entry : state.space()
                .segments()
                .headMap(journal.currentSegment(), false)
                .entrySet()) {
            SpaceAccount.Live held = entry.getValue();
            if (held.count() > 0) {
                total += held.total();
                live += Math.min(held.bytes(), held.total());
                double share = (double) held.bytes() / Math.max(1, held.total());
                if (share < sparsest && !stubborn.contains(entry.getKey())) {
                    sparsest = share;
                    chosen = entry.getKey();
                }
            }
        }
        if (chosen != NONE && total - live > live + slackBytes) {
            victim = chosen;
            next = 0;
            read();
        }
    }

    private void read() {
        reading = true;
        reader.scan(victim, next);
    }

    private void move(long ms) {
        long bytesBefore = recorder.appendedBytes();
        for (int count = 0;
                count < ms * RECORDS_PER_MS && recorder.appendedBytes() - bytesBefore < ms * BYTES_PER_MS;
                count++) {
            Journal.Found record = pending.peek();
            if (record == null) {
                if (next == 0) {
                    finish();
                } else {
                    read();
                }
                return;
            }
            if (!move(record)) {
                return;
            }
            pending.poll();
        }
    }

    private void finish() {
        SpaceAccount.Live left = state.space().segments().get(victim);
        if (left != null && left.count() > 0) {
            LOG.debug("Segment {} still holds {} entries after it was compacted", victim, left.count());
            stubborn.add(victim);
        }
        end();
    }

    /** Another segment is looked for at once: in a log at rest nothing else would lead to it. */
    private void end() {
        lookAtBytes = 0;
        victim = NONE;
        reading = false;
        pending.clear();
    }

    /** Writes once more what is needed of a record. False when a page must come first. */
    private boolean move(Journal.Found found) {
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
        if (record instanceof LogRecord.Page page) {
            movePage(found.position(), page);
        }
        return true;
    }

    private boolean moveMessage(long position, List<Target> targets, byte[] bytes) {
        int priority = Envelope.of(bytes).priority();
        List<Target> alive = new ArrayList<>(targets.size());
        for (Target target : targets) {
            MessageQueue queue = state.directory().queue(target.queue());
            EntryBlock block = queue == null ? null : queue.backlog().blockOf(priority, target.entry());
            if (block == null) {
                continue;
            }
            if (!block.isResident() && targets.size() == 1) {
                queue.backlog().ask(block);
                return false;
            }
            if (queue.backlog().isAt(priority, target.entry(), position)) {
                alive.add(target);
            }
        }
        append(alive, position, bytes);
        return true;
    }

    private void append(List<Target> alive, long position, byte[] bytes) {
        if (!alive.isEmpty()) {
            recorder.add(new LogRecord.Moved(alive, position, bytes));
            recorder.commit(Flush.LAZY);
        }
    }

    /** The message of a branch that is prepared, or of one that was committed: then its record does not name its entries. */
    private boolean movePrepared(long position, BranchId id, List<Long> queues, byte[] bytes) {
        PreparedBranch branch = state.branch(id);
        if (branch != null && branch.sends().stream().anyMatch(send -> send.position() == position)) {
            recorder.add(new LogRecord.PreparedMoved(id, queues, position, bytes));
            recorder.commit(Flush.LAZY);
            return true;
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
        return true;
    }

    private void movePage(long position, LogRecord.Page page) {
        MessageQueue queue = state.directory().queue(page.queue());
        EntryBlock block = queue == null ? null : queue.backlog().blockOf(page.priority(), page.first());
        if (block == null || block.page() == null || block.page().position() != position) {
            return;
        }
        if (!block.isResident()) {
            recorder.add(page);
            recorder.commit(Flush.LAZY);
        } else if (block.isHeld() || !block.store()) {
            block.forgetPage();
        }
    }
}
