package io.posthorn.engine.transport;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The heartbeats of one link: says when to beat, and when the other side has been silent for too long. Reads and writes
 * only leave their time; one task looks at it now and then, and sets itself up again for when something may be due. Belongs to
 * whoever has the turn.
 */
final class Heartbeats {

    private static final long INTERVAL_MAX_MS = TimeUnit.DAYS.toMillis(1);

    private final Turn turn;
    private final long intervalNs;
    private final Runnable beat;
    private final LongConsumer onSilence;
    private long lastReadNs = System.nanoTime();
    private long lastWrittenNs = lastReadNs;
    private Future<?> task;
    private boolean stopped;

    /**
     * Starts at once.
     *
     * @param intervalMs the agreed interval; more than a day (or negative, which is more than a long holds) counts as a day
     * @param beat writes something
     * @param onSilence told how many ms nothing has come for, once
     */
    Heartbeats(Turn turn, long intervalMs, Runnable beat, LongConsumer onSilence) {
        this.turn = turn;
        long bounded = intervalMs < 0 ? INTERVAL_MAX_MS : Math.min(intervalMs, INTERVAL_MAX_MS);
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(bounded);
        this.beat = beat;
        this.onSilence = onSilence;
        arm(lastReadNs);
    }

    void onRead() {
        lastReadNs = System.nanoTime();
    }

    void onWritten() {
        lastWrittenNs = System.nanoTime();
    }

    void stop() {
        stopped = true;
        task.cancel(false);
    }

    private void check() {
        long nowNs = System.nanoTime();
        if (nowNs - lastReadNs >= 2 * intervalNs) {
            stopped = true;
            onSilence.accept(TimeUnit.NANOSECONDS.toMillis(nowNs - lastReadNs));
            return;
        }
        if (nowNs - lastWrittenNs >= intervalNs / 2) {
            beat.run();
            lastWrittenNs = nowNs;
        }
        if (!stopped) {
            arm(nowNs);
        }
    }

    private void arm(long nowNs) {
        long beatInNs = lastWrittenNs + intervalNs / 2 - nowNs;
        long silenceInNs = lastReadNs + 2 * intervalNs - nowNs;
        task = turn.schedule(this::check, Math.max(0, Math.min(beatInNs, silenceInNs)), TimeUnit.NANOSECONDS);
    }
}
