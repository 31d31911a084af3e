package io.posthorn.journal.file;

import io.posthorn.journal.Journal.ProgressListener;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.agent.Agent;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.segment.Position;
import io.posthorn.journal.segment.SegmentNames;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that writes the log. Each round takes everything that was flushed, writes it, and syncs once if anybody
 * waits
 * for that or the bound for lazy syncs is reached; what is appended meanwhile waits for the next round. There is no
 * timer
 * in the way of a batch that somebody waits for. What nobody waits for starts no round of its own within a millisecond, so
 * that an acknowledgement goes with the next message.
 *
 * <p>A segment is synced whole before the next one is written to: the mark at the start of each segment relies on
 * it. A
 * write or sync that fails is final. A segment that is not ready is waited for.
 *
 * <p>All fields belong to the agent but the volatile ones.
 */
final class LogWriter implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    /** What nobody waits for is handed to the system within this time, so that it outlives this process. */
    private static final long LAZY_WRITE_NS = 1_000_000;

    /** An owner that was left the rest comes for it sooner; should it not, it is looked for then. */
    private static final long REST_NS = 100_000;

    private static final int NO_ROUND = 0;
    private static final int UNDER_WAY = 1;

    /** The owner sees to what was flushed meanwhile, when it is told that this round is over. */
    private static final int REST_LEFT = 2;

    private final LogFolder folder;
    private final FileJournalSettings settings;
    private final Staging staging;
    private final Keeper keeper;
    private final Reporter reporter;
    private final Pace pace;

    private LogFile file;
    private long segment;
    private StagingBuffer taken;
    private int stretch;
    private long written;
    private long synced;
    private boolean syncWanted;
    private long unsyncedBytes;
    private long unsyncedSinceNs;

    /** Whether the writer will look by itself for what nobody waits for, all of which came after {@code watchSinceNs}. */
    private boolean watching;

    private long watchSinceNs;

    /** What becomes of what is flushed now: the owner asks, the agent answers. */
    private final AtomicInteger round = new AtomicInteger(NO_ROUND);

    private volatile boolean closing;
    private volatile boolean done;

    /** Goes on at the end of a log; {@code file} is the segment there, or null if there is none. */
    LogWriter(
            LogFolder folder,
            FileJournalSettings settings,
            Staging staging,
            Keeper keeper,
            Tail tail,
            LogFile file,
            Pace pace) {
        this.folder = folder;
        this.settings = settings;
        this.staging = staging;
        this.keeper = keeper;
        this.file = file;
        this.pace = pace;
        segment = tail.segment();
        written = tail.end();
        synced = tail.end();
        reporter = new Reporter(tail.end());
    }

    /** Any thread, before the first append. */
    void listen(ProgressListener progressListener) {
        reporter.listen(progressListener);
    }

    /** Any thread: write and sync what was flushed, then end. */
    void close() {
        closing = true;
    }

    /** Any thread: an error elsewhere that must stop the log. */
    void stopBecause(JournalException cause) {
        reporter.failedBy(cause);
    }

    JournalException failure() {
        return reporter.failure();
    }

    /** Position up to which all was durable at the end; for the closer, once the agent is done. */
    long synced() {
        return synced;
    }

    /** Any thread: whether a write and its sync are over soon, as far as one can tell. */
    boolean isQuick() {
        return pace.isQuick();
    }

    /** The owner: whether something is being written. It will be told when that is done, and see to the rest itself. */
    boolean leaveRest() {
        return round.compareAndSet(UNDER_WAY, REST_LEFT) || round.get() == REST_LEFT;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void onBug(Throwable bug) {
        done = true;
        fail(new JournalException(
                JournalException.Kind.FAILED,
                "The journal in " + folder.place() + " stops after an error of its own: " + bug,
                bug));
    }

    @Override
    public long work(long nowNs) {
        if (reporter.failure() != null) {
            fail(reporter.failure());
            if (closing) {
                closeAfterFailure();
                done = true;
            }
            return UNTIL_WOKEN;
        }
        try {
            return round(nowNs);
        } catch (IOException e) {
            fail(new JournalException(
                    JournalException.Kind.FAILED,
                    "Writing to " + folder.place(SegmentNames.segment(segment)) + " failed behind position "
                            + Position.text(synced) + ": " + e
                            + ". What was not confirmed may be lost. Look after the disk, then start again: the log is read and goes on.",
                    e));
            return 0;
        }
    }

    private long round(long nowNs) throws IOException {
        boolean lastRound = closing;
        if (taken == null) {
            take(nowNs, lastRound);
        }
        if (taken == null) {
            if (lastRound) {
                syncIf(unsyncedBytes > 0);
                report();
                file = closed(file);
                done = true;
                return UNTIL_WOKEN;
            }
            syncIf(lazySyncIsDue(nowNs));
            report();
            return Math.min(untilLazySync(nowNs), untilLook(nowNs));
        }
        syncWanted |= taken.wantsSync();
        if (!writeTaken()) {
            report();
            return UNTIL_WOKEN; // the keeper wakes us when the segment is there
        }
        staging.release();
        taken = null;
        syncIf(syncWanted || lazySyncIsDue(nowNs));
        boolean restLeft = round.getAndSet(NO_ROUND) == REST_LEFT; // before the owner is told
        report();
        return restLeft ? REST_NS : 0;
    }

    private void take(long nowNs, boolean all) {
        taken = staging.take(all || (watching && untilLookIsOver(nowNs) <= 0));
        stretch = 0;
        if (taken != null) {
            round.set(UNDER_WAY);
            if (unsyncedBytes == 0) {
                unsyncedSinceNs = watching && taken.hasLazy() ? watchSinceNs : nowNs;
            }
            watching = true;
            watchSinceNs = nowNs;
        }
    }

    /**
     * Nothing is to be written now. What nobody waits for is looked after within the bound for lazy writes; when none has come
     * for that long, the writer sleeps until it is woken.
     */
    private long untilLook(long nowNs) {
        if (watching && untilLookIsOver(nowNs) > 0) {
            return untilLookIsOver(nowNs);
        }
        watching = !staging.sleep();
        watchSinceNs = nowNs;
        return watching ? untilLookIsOver(nowNs) : UNTIL_WOKEN;
    }

    private long untilLookIsOver(long nowNs) {
        return Math.min(LAZY_WRITE_NS, settings.lazySyncDelay().toNanos()) - (nowNs - watchSinceNs);
    }

    /** False if the next segment is not ready; what comes before it is written and synced then. */
    private boolean writeTaken() throws IOException {
        for (; stretch < taken.stretches(); stretch++) {
            if (taken.stretchSegment(stretch) != segment && !enterSegment(taken.stretchSegment(stretch))) {
                return false;
            }
            int length = taken.stretchLength(stretch);
            file.write(taken.stretch(stretch), taken.stretchOffset(stretch));
            written = Position.of(segment, taken.stretchOffset(stretch) + length);
            unsyncedBytes += length;
        }
        return true;
    }

    private boolean enterSegment(long next) throws IOException {
        syncIf(unsyncedBytes > 0);
        LogFile ready = keeper.takeSegment(next, taken.stretchCapacity(stretch));
        if (ready == null) {
            if (keeper.hasGivenUp()) {
                throw new IOException("no room for the next segment while closing: " + keeper.pressureText());
            }
            return false;
        }
        closed(file);
        file = ready;
        segment = next;
        return true;
    }

    private static LogFile closed(LogFile file) throws IOException {
        if (file != null) {
            file.close();
        }
        return null;
    }

    private boolean lazySyncIsDue(long nowNs) {
        return unsyncedBytes > settings.lazySyncBytes() || (unsyncedBytes > 0 && untilLazySync(nowNs) <= 0);
    }

    private long untilLazySync(long nowNs) {
        if (unsyncedBytes == 0) {
            return UNTIL_WOKEN;
        }
        return Math.max(0, settings.lazySyncDelay().toNanos() - (nowNs - unsyncedSinceNs));
    }

    private void syncIf(boolean due) throws IOException {
        if (!due) {
            return;
        }
        if (unsyncedBytes > 0) {
            pace.sync(file);
            unsyncedBytes = 0;
        }
        syncWanted = false;
        synced = written;
        staging.onSynced(synced);
        keeper.onSynced(synced);
    }

    private void report() {
        reporter.report(written, synced);
    }

    private void closeAfterFailure() {
        try {
            file = closed(file);
        } catch (IOException e) {
            LOG.warn("Cannot close {}", folder.place(SegmentNames.segment(segment)), e);
        }
    }

    private void fail(JournalException cause) {
        reporter.failedBy(cause);
        staging.stop();
        reporter.reportFailure();
    }
}
