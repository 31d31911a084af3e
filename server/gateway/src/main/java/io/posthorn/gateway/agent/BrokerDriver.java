package io.posthorn.gateway.agent;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.posthorn.broker.Broker;
import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Host;
import io.posthorn.broker.Logs;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker agent: the only caller of the {@link Broker}, on one event loop. Work comes in turns: the time, then
 * whatever there is of frames, lost sockets, progress of the journal and contents, then the end of the turn, which
 * starts the write and flushes what is ready.
 *
 * <p>Sockets of the same loop open a turn with their first frame; it ends when the loop has read all sockets that were
 * ready, so that they share one write. Other threads (other loops, the journal, its reader) leave their news where this
 * loop finds it and wake it only when nobody else has.
 *
 * <p>A failure of the journal or of the broker itself ends the driver: the broker is not called again.
 */
public final class BrokerDriver implements Host, Journal.ProgressListener {

    static final Runnable NOTHING = () -> {};

    /** A turn that has taken this many frames ends with the read that brought it there. */
    private static final int TURN_FRAMES = 256;

    /** The same in bytes. */
    private static final long TURN_BYTES = 1 << 20;

    /** A turn of more frames is no short one, and the next should not wait for the disk as well. */
    private static final int FEW_FRAMES = 64;

    /** How many hand-overs go into one turn before sockets are looked at again. */
    private static final int HANDOVERS_PER_TURN = 1024;

    /** An alarm that is so near is put off if it is too early. */
    private static final long ALARM_NEAR_MS = 1;

    /** Longest time without a look at the clock, in milliseconds, should it be set by hand. */
    private static final long IDLE_MS_MAX = 60_000;

    /** Senders are not read while more than this waits for the disk, in bytes. */
    private static final long BACKLOG_HIGH_BYTES = 16 << 20;

    /** They are read again below this. */
    private static final long BACKLOG_LOW_BYTES = 4 << 20;

    /** Whether sockets are read again is asked so often at least. */
    private static final long HELD_MS = 10;

    private static final long STOP_TIMEOUT_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerDriver.class);

    private final EventLoop loop;
    private final Journal journal;
    private final Journal scratch;
    private final InstantSource clock;
    private final Consumer<Throwable> onFailure;
    private final Broker broker;
    private final JournalReader reader;

    // Written by any thread, read by the loop.
    private final MpscUnboundedAtomicArrayQueue<Runnable> handovers = new MpscUnboundedAtomicArrayQueue<>(1024);
    private final AtomicBoolean wakePending = new AtomicBoolean();
    private final Progress progress = new Progress();

    // The loop's own.
    private final Set<Link> links = Collections.newSetFromMap(new IdentityHashMap<>());
    private final HeldLinks held = new HeldLinks();
    private final Turn turn = new Turn();
    private final Runnable endTurnTask = this::endTurn;
    private final Runnable drainTask = this::drain;
    private ScheduledFuture<?> alarm;
    private long alarmAtMs = Long.MAX_VALUE;
    private boolean recovered;
    private volatile boolean stopped;

    /**
     * Makes the broker, without starting it.
     *
     * @param onFailure told once, on the loop, when the journal or the broker failed; must not block
     */
    public BrokerDriver(
            EventLoop loop, Logs logs, BrokerSettings settings, InstantSource clock, Consumer<Throwable> onFailure) {
        this.loop = loop;
        this.journal = logs.journal();
        this.scratch = logs.scratch();
        this.clock = clock;
        this.onFailure = onFailure;
        this.broker = new Broker(settings, logs, this);
        this.reader = new JournalReader(logs, this::onRead, this::onScanned);
    }

    /** Rebuilds the broker's state from the journal, on the loop, and waits for it. Not for use on the loop. */
    public void start() throws JournalException, InterruptedException {
        try {
            loop.submit(this::recover).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JournalException failure) {
                throw failure;
            }
            throw new IllegalStateException("recovery failed: " + e.getCause(), e.getCause());
        }
    }

    private Void recover() throws JournalException {
        broker.recover(clock.millis());
        recovered = true;
        journal.listen(this);
        scratch.listen(new ScratchWatch());
        openTurn();
        endTurn();
        return null;
    }

    /** The operator's way to the broker. */
    public AdminLink adminLink() {
        return new AdminLink(this);
    }

    /** The way to the broker for a socket that lives on {@code socketLoop}. */
    public Link link(EventLoop socketLoop, Line outlet, String peer, Link.Brake brake) {
        return new Link(this, outlet, peer, brake, socketLoop == loop);
    }

    /**
     * Ends a turn that may be open, says goodbye to all connections, and calls the broker no more. Waits, so not for use
     * on the loop. The journal may be closed afterwards.
     */
    public void stop() {
        loop.submit(() -> farewell(ErrorCode.STOPPING, "the server is stopping"))
                .awaitUninterruptibly(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        reader.stop();
    }

    /** A broker that did not recover has nothing to say, and above all nothing to store. */
    private void farewell(ErrorCode code, String text) {
        if (stopped) {
            return;
        }
        if (recovered) {
            sayGoodbye(code, text);
            takeLeave();
        }
        stopped = true;
        cancelAlarm();
    }

    private void takeLeave() {
        try {
            // The next start then replays nothing.
            openTurn();
            broker.checkpoint();
            endTurn();
        } catch (RuntimeException | Error e) {
            fail("The broker met a defect at its end", e);
        }
    }

    private void sayGoodbye(ErrorCode code, String text) {
        endTurn();
        for (Link link : List.copyOf(links)) {
            link.end(code, text);
        }
        links.clear();
    }

    // ---- from this loop

    Broker broker() {
        return broker;
    }

    void addLink(Link link) {
        links.add(link);
    }

    void removeLink(Link link) {
        links.remove(link);
        held.remove(link);
    }

    /** Whoever sends while the disk or the consumers are behind is not listened to until they have caught up. */
    private void holdIfBehind(Link link, ClientFrame frame) {
        boolean adds = frame instanceof ClientFrame.Send || frame instanceof ClientFrame.UploadPiece;
        if (adds && backlogBytes() > BACKLOG_HIGH_BYTES) {
            if (held.hold(link, () -> backlogBytes() < BACKLOG_LOW_BYTES)) {
                held.release(); // what was written before that woke nobody
            }
        } else if (turn.hold != null && !link.consumes()) {
            held.hold(link, turn.hold);
        }
    }

    private long backlogBytes() {
        return journal.backlogBytes() + scratch.backlogBytes();
    }

    /** Does something within the turn, opening it if need be. */
    void onWork(Runnable work) {
        if (stopped) {
            return;
        }
        try {
            openTurnUntilIdle();
            work.run();
        } catch (RuntimeException | Error e) {
            fail("The broker met a defect", e);
        }
    }

    void onFrame(Link link, ClientFrame frame, int length) {
        if (stopped) {
            return;
        }
        try {
            openTurnUntilIdle();
            turn.frames++;
            turn.bytes += length;
            turn.hold = null;
            link.doFrame(frame);
            holdIfBehind(link, frame);
        } catch (RuntimeException | Error e) {
            fail("The broker met a defect in " + frame.getClass().getSimpleName(), e);
        }
    }

    /** Ends the turn early when it has become long, so that the disk gets work. */
    void endLongTurn() {
        if (turn.frames >= TURN_FRAMES || turn.bytes >= TURN_BYTES) {
            endTurn();
        }
    }

    private void openTurnUntilIdle() {
        if (!turn.open) {
            openTurn();
            loop.execute(endTurnTask);
        }
    }

    private void openTurn() {
        if (!turn.open) {
            turn.open = true;
            broker.advance(clock.millis());
            broker.onPressure(journal.pressure());
        }
    }

    private void endTurn() {
        if (!turn.open || stopped) {
            return;
        }
        try {
            boolean nothingElse = turn.frames <= FEW_FRAMES && handovers.isEmpty();
            turn.open = false;
            turn.frames = 0;
            turn.bytes = 0;
            turn.ending = true;
            broker.endTurn(nothingElse);
            turn.ending = false;
            if (progress.fresh) {
                wake(); // it came when the broker had taken what there was
            }
            if (turn.fetchCount > 0) {
                reader.read(turn.takeFetches());
            }
            held.release();
            setAlarm(Math.min(broker.nextDeadlineMs(), held.isAny() ? clock.millis() + HELD_MS : Long.MAX_VALUE));
        } catch (RuntimeException | Error e) {
            fail("The broker met a defect at the end of a turn", e);
        }
    }

    @Override
    public void fetch(long key) {
        turn.addFetch(key);
    }

    @Override
    public void hold(BooleanSupplier over) {
        turn.hold = over;
    }

    @Override
    public void scan(long key, long from) {
        reader.scan(key, from, SCAN_BYTES);
    }

    // ---- time

    /**
     * An alarm that is too early is left alone: it finds nothing to do and is set again. But not when it is about to come: a loop
     * of Netty does not sleep while a task is due within half a millisecond.
     */
    private void setAlarm(long deadlineMs) {
        long nowMs = clock.millis();
        long atMs = Math.min(deadlineMs, nowMs + IDLE_MS_MAX);
        boolean far = alarmAtMs > nowMs + ALARM_NEAR_MS;
        if (atMs == alarmAtMs || atMs > alarmAtMs && far) {
            return;
        }
        cancelAlarm();
        if (deadlineMs != Long.MAX_VALUE) {
            alarmAtMs = atMs;
            alarm = loop.schedule(this::onAlarm, Math.max(0, atMs - nowMs), TimeUnit.MILLISECONDS);
        }
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        alarmAtMs = Long.MAX_VALUE;
    }

    private void onAlarm() {
        alarm = null;
        alarmAtMs = Long.MAX_VALUE;
        onWork(NOTHING);
        endTurn();
    }

    // ---- from other threads

    /** Leaves work for the next turn; the caller sees to a {@link #wake}. */
    void handOver(Runnable work) {
        handovers.offer(work);
    }

    /** Makes the loop look, unless it is about to look anyway. */
    void wake() {
        if (stopped || wakePending.get() || !wakePending.compareAndSet(false, true)) {
            return;
        }
        try {
            loop.execute(drainTask);
        } catch (RejectedExecutionException e) {
            LOG.debug("News for the broker came after its end", e);
        }
    }

    @Override
    public void onProgress(long written, long synced) {
        if (progress.set(written, synced)) {
            boolean here = loop.inEventLoop() && turn.ending; // then it is taken at the end of the turn
            if (!here) {
                wake();
            }
        }
    }

    @Override
    public void onFailure(JournalException failure) {
        handOver(() -> fail("The journal failed", failure));
        wake();
    }

    private void onRead(List<JournalReader.Content> portion) {
        handOver(() -> {
            for (JournalReader.Content content : portion) {
                if (content.failure == null) {
                    broker.onContent(content.position, content.record);
                } else {
                    broker.onContentFailed(content.position, content.failure);
                }
            }
        });
        wake();
    }

    private void onScanned(JournalReader.Scanned scanned) {
        handOver(() -> {
            if (scanned.failure() == null) {
                broker.onScanned(scanned.key(), scanned.portion());
            } else {
                broker.onScanFailed(scanned.key(), scanned.failure());
            }
        });
        wake();
    }

    private void drain() {
        // Cleared first: whoever leaves something from here on wakes again.
        wakePending.set(false);
        if (stopped) {
            return;
        }
        try {
            openTurn();
            takeProgress();
            if (!runHandovers()) {
                wake();
            }
        } catch (RuntimeException | Error e) {
            fail("The broker met a defect", e);
        }
        endTurn();
    }

    @Override
    public void takeProgress() {
        if (progress.take()) {
            broker.onProgress(progress.takenWritten, progress.takenSynced);
        }
    }

    /** Returns whether all were run. */
    private boolean runHandovers() {
        for (int count = 0; count < HANDOVERS_PER_TURN; count++) {
            Runnable work = handovers.poll();
            if (work == null) {
                return true;
            }
            if (!stopped) {
                work.run();
            }
        }
        return handovers.isEmpty();
    }

    private void fail(String what, Throwable cause) {
        if (stopped) {
            return;
        }
        LOG.error("{}; the server stops, and nothing unconfirmed is certain: {}", what, cause.getMessage(), cause);
        stopped = true;
        cancelAlarm();
        List<Link> all = new ArrayList<>(links);
        links.clear();
        all.forEach(Link::cut);
        onFailure.accept(cause);
    }

    /** Nobody waits for the scratch log but senders that are held. What it has lost, somebody will ask for. */
    private final class ScratchWatch implements Journal.ProgressListener {

        @Override
        public void onProgress(long written, long synced) {
            if (held.isAny()) {
                wake();
            }
        }

        @Override
        public void onFailure(JournalException failure) {
            BrokerDriver.this.onFailure(failure);
        }
    }

    /** What the turn under way has gathered. */
    private static final class Turn {
        private boolean open;
        private boolean ending;
        private BooleanSupplier hold;
        private int frames;
        private long bytes;
        private long[] fetches = new long[64];
        private int fetchCount;

        private void addFetch(long position) {
            if (fetchCount == fetches.length) {
                fetches = Arrays.copyOf(fetches, fetchCount * 2);
            }
            fetches[fetchCount++] = position;
        }

        private long[] takeFetches() {
            long[] taken = Arrays.copyOf(fetches, fetchCount);
            fetchCount = 0;
            return taken;
        }
    }

    /** The journal's latest word. One thread at a time sets, the loop takes; what it misses in between was outdated anyway. */
    private static final class Progress {
        private volatile long written;
        private volatile long synced;
        private volatile boolean fresh;
        private long takenWritten;
        private long takenSynced;

        /** Returns whether that is news. */
        private boolean set(long newWritten, long newSynced) {
            if (newWritten == written && newSynced == synced) {
                return false;
            }
            written = newWritten;
            synced = newSynced;
            fresh = true;
            return true;
        }

        /** Reads {@code synced} first: it was set last, so it is never ahead of {@code written}. */
        private boolean take() {
            if (!fresh) {
                return false;
            }
            fresh = false;
            takenSynced = synced;
            takenWritten = written;
            return true;
        }
    }
}
