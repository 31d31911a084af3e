package io.posthorn.broker.compaction;

import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.journal.Journal;
import java.util.ArrayDeque;
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

    private final Mover mover;
    private final Reader reader;
    private final long slackBytes;
    private final ArrayDeque<Journal.Found> pending = new ArrayDeque<>();

    /**
     * Segments that cannot be read, or of which it cannot be told what is needed, or that still hold something after all was moved. They
     * stay until the next start, as what cannot be read is kept back until then.
     */
    private final Set<Long> stubborn = new HashSet<>();

    private long victim = NONE;
    private long next;
    private boolean prepared;
    private boolean reading;
    private long lookAtBytes;
    private long lastMs;

    /** @param slackBytes how much the log may hold in vain, besides as much as it holds of use */
    public Compactor(Mover mover, Reader reader, long slackBytes) {
        this.mover = mover;
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
            long ms = Math.min(nowMs - lastMs, CATCH_UP_MS);
            if (prepared) {
                move(ms);
            } else {
                prepare(ms);
            }
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
        giveUp(cause);
    }

    private void giveUp(String cause) {
        SpaceAccount.Live left = mover.space().segments().get(victim);
        if (left != null && left.count() > 0) { // otherwise it was dropped meanwhile
            LOG.error(
                    "Segment {} of {} cannot be compacted, and stays until the next start: {}",
                    victim,
                    mover.name(),
                    cause);
            stubborn.add(victim);
        }
        end();
    }

    /** Whether something is done; when it never will be, neither will the segment. */
    private boolean isDone(Mover.Progress progress) {
        if (progress == Mover.Progress.STUCK) {
            giveUp("a page of a queue that has messages in it cannot be read");
        }
        return progress == Mover.Progress.DONE;
    }

    private void choose() {
        long done = mover.appendedBytes() + mover.space().releasedBytes();
        if (done < lookAtBytes) {
            return;
        }
        lookAtBytes = done + slackBytes / LOOKS_PER_SLACK;
        long total = 0;
        long live = 0;
        double sparsest = 0.5;
        long chosen = NONE;
        long current = mover.journal().currentSegment();
        long unwritten = mover.journal().backlogBytes() - totalOf(current);
        for (Map.Entry<Long, SpaceAccount.Live> entry :
                mover.space().segments().headMap(current, false).descendingMap().entrySet()) {
            SpaceAccount.Live held = entry.getValue();
            boolean isWritten = unwritten <= 0;
            unwritten -= held.total();
            if (held.count() > 0) {
                total += held.total();
                live += Math.min(held.bytes(), held.total());
                double share = (double) held.bytes() / Math.max(1, held.total());
                if (share < sparsest && isWritten && !stubborn.contains(entry.getKey())) {
                    sparsest = share;
                    chosen = entry.getKey();
                }
            }
        }
        if (chosen != NONE && total - live > live + slackBytes) {
            victim = chosen;
            next = 0;
            prepared = false;
            prepare(1);
        }
    }

    private long totalOf(long segment) {
        SpaceAccount.Live held = mover.space().segments().get(segment);
        return held == null ? 0 : held.total();
    }

    private void prepare(long ms) {
        prepared = isDone(mover.prepare(victim, (int) ms * RECORDS_PER_MS));
        if (prepared) {
            read();
        }
    }

    private void read() {
        reading = true;
        reader.scan(victim, next);
    }

    private void move(long ms) {
        long bytesBefore = mover.appendedBytes();
        for (int count = 0;
                count < ms * RECORDS_PER_MS && mover.appendedBytes() - bytesBefore < ms * BYTES_PER_MS;
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
            if (!isDone(mover.move(record))) {
                return;
            }
            pending.poll();
        }
    }

    private void finish() {
        SpaceAccount.Live left = mover.space().segments().get(victim);
        if (left != null && left.count() > 0) {
            LOG.debug(
                    "Segment {} of {} still holds {} entries after it was compacted",
                    victim,
                    mover.name(),
                    left.count());
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
        mover.end();
    }
}
