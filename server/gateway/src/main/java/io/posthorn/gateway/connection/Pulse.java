package io.posthorn.gateway.connection;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Proof of life in both directions of one socket: beats when nothing was written for half an interval, and gives the
 * peer up when nothing was read for two. Runs on the socket's loop.
 */
final class Pulse {

    private final Channel channel;
    private final long intervalNs;
    private final LongSupplier lastWriteNs;
    private final Runnable beat;
    private final Runnable onSilence;
    private long lastReadNs = System.nanoTime();
    private long lastBeatNs = lastReadNs;
    private ScheduledFuture<?> timer;

    Pulse(Channel channel, long intervalMs, LongSupplier lastWriteNs, Runnable beat, Runnable onSilence) {
        this.channel = channel;
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        this.lastWriteNs = lastWriteNs;
        this.beat = beat;
        this.onSilence = onSilence;
    }

    void start() {
        schedule(intervalNs / 2);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Something came from the peer. */
    void heard() {
        lastReadNs = System.nanoTime();
    }

    private void schedule(long delayNs) {
        timer = channel.eventLoop().schedule(this::tick, Math.max(delayNs, 1_000_000), TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long nowNs = System.nanoTime();
        long unheardNs = nowNs - lastReadNs;
        if (unheardNs >= 2 * intervalNs) {
            onSilence.run();
            return;
        }
        long silentNs = nowNs - Math.max(lastWriteNs.getAsLong(), lastBeatNs);
        if (silentNs >= intervalNs / 2) {
            lastBeatNs = nowNs;
            silentNs = 0;
            beat.run();
        }
        if (!channel.config().isAutoRead()) {
            // A socket that is not read for back-pressure would look dead: take one gulp to hear whether it lives.
            channel.read();
        }
        schedule(Math.min(intervalNs / 2 - silentNs, 2 * intervalNs - unheardNs));
    }
}
