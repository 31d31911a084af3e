package io.posthorn.journal.file;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.agent.Agent;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.journal.agent.Retry;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.segment.SegmentNames;
import io.posthorn.journal.segment.SegmentStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that keeps the house while the writer writes: makes the next segment ready before it is needed, stores
 * checkpoints, and frees dropped segments. What it cannot do for want of room it tries again; meanwhile that is
 * {@link
 * Pressure}.
 *
 * <p>Its monitor guards what other agents hand over and take; it is held for fields, never for I/O.
 */
final class Keeper implements Agent {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final LogFolder folder;
    private final FileJournalSettings settings;
    private final SegmentStore segments;
    private final CheckpointStore checkpoints;
    private final LongConsumer onFreed;
    private final Consumer<JournalException> onBug;
    private Wakes wakes = new Wakes(() -> {}, () -> {});

    // guarded by the monitor
    private Wanted wanted;
    private Ready ready;
    private PendingCheckpoint pendingCheckpoint;
    /** Segments to free, each with the checkpoint that said so: none that is kept may be older. */
    private final TreeMap<Long, Long> dropped = new TreeMap<>();

    private long positionAsked;
    private long synced;

    private final Retry segmentRetry;
    private final Retry checkpointRetry;
    private final FreeRoom room;
    private volatile boolean lastAttempt;
    private volatile boolean closing;
    private volatile boolean gaveUp;
    private volatile boolean done;

    /** What to do when an agent has something new to look at. */
    private record Wakes(Runnable writer, Runnable self) {}

    /** The segment that comes next. */
    private record Wanted(long segment, int capacity, boolean writerWaits) {}

    private record Ready(long segment, int capacity, LogFile file) {

        boolean fits(long number, int wantedCapacity) {
            return segment == number && capacity >= wantedCapacity;
        }
    }

    private record PendingCheckpoint(long position, byte[] index) {}

    Keeper(
            LogFolder folder,
            FileJournalSettings settings,
            SegmentStore segments,
            CheckpointStore checkpoints,
            LongConsumer onFreed,
            Consumer<JournalException> onBug) {
        this.folder = folder;
        this.settings = settings;
        this.segments = segments;
        this.checkpoints = checkpoints;
        this.onFreed = onFreed;
        this.onBug = onBug;
        segmentRetry = new Retry(settings.retryDelay().toNanos());
        checkpointRetry = new Retry(settings.retryDelay().toNanos());
        room = new FreeRoom(
                folder, settings.diskFreeMin(), settings.retryDelay().toNanos());
    }

    void wakeBy(Runnable writer, Runnable self) {
        wakes = new Wakes(writer, self);
    }

    /** Before the start: the log ends in this segment, and all of it is durable. */
    void begin(Tail tail) {
        synchronized (this) {
            synced = tail.end();
            wanted = new Wanted(tail.segment() + 1, settings.segmentBytes(), false);
        }
    }

    /** Writer: the file of the next segment, or null if it is not ready; then the writer is woken when it is. */
    LogFile takeSegment(long number, int capacity) {
        LogFile file = null;
        synchronized (this) {
            if (ready != null && ready.fits(number, capacity)) {
                file = ready.file();
                ready = null;
                wanted = new Wanted(number + 1, settings.segmentBytes(), false);
            } else {
                wanted = new Wanted(number, capacity, true);
            }
        }
        wakes.self().run();
        return file;
    }

    /** Whether the writer can go on with a segment that it waited for. */
    synchronized boolean isAwaitedSegmentReady() {
        return wanted.writerWaits() && ready != null && ready.fits(wanted.segment(), wanted.capacity());
    }

    /** Writer: all before this is durable. */
    void onSynced(long position) {
        boolean waiting;
        synchronized (this) {
            waiting = pendingCheckpoint != null && pendingCheckpoint.position() > synced;
            synced = position;
            waiting &= pendingCheckpoint != null && pendingCheckpoint.position() <= position;
        }
        if (waiting) {
            wakes.self().run();
        }
    }

    /** Owner: store this when the log is durable up to there; an older one that waits is forgotten. */
    void checkpoint(long position, byte[] index) {
        synchronized (this) {
            pendingCheckpoint = new PendingCheckpoint(position, index);
            positionAsked = position;
        }
        wakes.self().run();
    }

    /** Owner: free this segment when no checkpoint that is older than the last one asked for is kept. */
    void drop(long segment) {
        synchronized (this) {
            dropped.put(segment, positionAsked);
        }
        wakes.self().run();
    }

    /** Any thread: the writer has ended; finish what can be finished, then end. */
    void close() {
        closing = true;
    }

    /** Any thread: the log is being closed; a segment that cannot be made now is given up. */
    void lastAttempt() {
        lastAttempt = true;
        segmentRetry.now();
    }

    /** Writer: whether the segment it waits for will not come. */
    boolean hasGivenUp() {
        return gaveUp;
    }

    Pressure pressure() {
        Pressure waiting = segmentRetry.pressure() != null ? segmentRetry.pressure() : checkpointRetry.pressure();
        return waiting != null ? waiting : room.pressure();
    }

    String pressureText() {
        Pressure pressure = segmentRetry.pressure();
        return pressure == null ? "none" : pressure.text();
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void onBug(Throwable bug) {
        done = true;
        onBug.accept(new JournalException(
                JournalException.Kind.FAILED,
                "The journal in " + folder.place() + " stops after an error of its own: " + bug,
                bug));
    }

    @Override
    public long work(long nowNs) {
        if (!closing) {
            makeSegment(nowNs);
        }
        storeCheckpoint(nowNs);
        freeDropped();
        room.look(nowNs);
        if (closing) {
            closeReady();
            done = true;
        }
        long waitNs = Math.min(segmentRetry.waitNs(nowNs), checkpointRetry.waitNs(nowNs));
        return Math.min(waitNs, room.waitNs(nowNs));
    }

    private void makeSegment(long nowNs) {
        Wanted next;
        synchronized (this) {
            next = wanted;
            boolean isReady = ready != null && ready.fits(next.segment(), next.capacity());
            if (isReady || (lastAttempt && !next.writerWaits())) {
                return;
            }
        }
        if (!segmentRetry.isDue(nowNs)) {
            return;
        }
        boolean last = lastAttempt;
        closeReady();
        try {
            LogFile file = segments.make(next.segment(), next.capacity());
            synchronized (this) {
                ready = new Ready(next.segment(), next.capacity(), file);
            }
            segmentRetry.succeeded();
            room.taken();
        } catch (IOException e) {
            gaveUp = last;
            String place = folder.place(SegmentNames.segment(next.segment()));
            segmentRetry.failed(nowNs, "No room for " + place + " of " + next.capacity() + " bytes", e);
        }
        wakes.writer().run();
    }

    /** A segment that was made ready and is not what is wanted now. */
    private void closeReady() {
        Ready unwanted;
        synchronized (this) {
            unwanted = ready;
            ready = null;
        }
        if (unwanted != null) {
            try {
                unwanted.file().close();
            } catch (IOException e) {
                LOG.warn("Cannot close {}", folder.place(SegmentNames.segment(unwanted.segment())), e);
            }
        }
    }

    private void storeCheckpoint(long nowNs) {
        PendingCheckpoint pending;
        synchronized (this) {
            pending = pendingCheckpoint;
            if (pending == null || pending.position() > synced) {
                return;
            }
        }
        if (!checkpointRetry.isDue(nowNs) && !closing) {
            return;
        }
        try {
            checkpoints.store(pending.position(), pending.index(), () -> {
                if (!closing) {
                    makeSegment(nowNs);
                }
            });
            checkpointRetry.succeeded();
            synchronized (this) {
                pendingCheckpoint = pending.equals(pendingCheckpoint) ? null : pendingCheckpoint;
            }
        } catch (IOException e) {
            checkpointRetry.failed(nowNs, "No checkpoint can be stored in " + folder.place(), e);
        }
    }

    private void freeDropped() {
        List<Long> free;
        synchronized (this) {
            long kept = checkpoints.positionKept();
            free = dropped.headMap(checkpoints.segmentNeeded()).entrySet().stream()
                    .filter(entry -> entry.getValue() <= kept)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        if (free.isEmpty()) {
            return;
        }
        try {
            segments.drop(free);
        } catch (IOException e) {
            LOG.warn("Cannot free segments {} in {}; they stay until the next start", free, folder.place(), e);
        }
        synchronized (this) {
            free.forEach(dropped::remove);
        }
        free.forEach(onFreed::accept);
    }
}
