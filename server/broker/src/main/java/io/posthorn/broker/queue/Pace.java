package io.posthorn.broker.queue;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether those who send to a queue had better wait for its consumers: when these are quick, so that what waits for them is gone in
 * a moment, and more comes than they take. A long queue costs more than a short one, as it leaves the processor's caches and grows old
 * in the heap, and in the end goes to the scratch log; and nobody gets anything sooner for it. Where consumers are slow, or there are
 * none, nobody is to wait for them. Knows one queue, and not who sends to it: that is the {@link Courier}'s affair. Runs on the broker's driver.
 */
final class Pace {

    /** Consumers that take this much are quick, in bytes per ms. */
    private static final long QUICK = 50 << 10;

    /** How long is looked at what they take. */
    private static final long LOOK_MS = 10;

    /** More than they take in so many looks is too much; less than they take in one is little. */
    private static final int MUCH_LOOKS = 3;

    /** They are taken to take so many in a look at least: of long messages one may be what makes them quick. */
    private static final int PACE_LEAST = 8;

    /** Nobody waits for longer: whoever sends may have something else to say. */
    private static final long WAIT_MS_MAX = 500;

    private final Courier courier;

    /** The number of the last entry. */
    private final LongSupplier last;

    /** The highest that a consumer was given, or that was there before any was; 0 at first. */
    private long reached;

    /** Within the look under way. */
    private long takenBytes;

    private long takenCount;
    private long lookedMs;

    /** When it began. */
    private long lagThen;

    /** What the last look has shown: how many messages they take in one, whether they are quick, and whether more came. */
    private long pace;

    private boolean quick;
    private boolean grows;

    /** {@code last} tells the number of the last entry. */
    Pace(Courier courier, LongSupplier last) {
        this.courier = courier;
        this.last = last;
    }

    /** A consumer was given this entry. */
    void reached(long entry) {
        reached = Math.max(reached, entry);
    }

    /** A message of this length is gone. */
    void taken(long bytes) {
        takenBytes += bytes;
        takenCount++;
    }

    /** Another message comes that is in no log. */
    void sent() {
        if (reached == 0) {
            reached = last.getAsLong() - 1;
        }
        look();
        if (quick && grows && lag() > MUCH_LOOKS * pace) {
            courier.hold(isOver(courier.nowMs()));
        }
    }

    /** How many came since the last one that a consumer has. Older ones may wait, for somebody else. */
    private long lag() {
        return last.getAsLong() - reached;
    }

    private BooleanSupplier isOver(long sinceMs) {
        return () -> {
            look();
            return !quick || lag() < pace || isPast(sinceMs, WAIT_MS_MAX + 1);
        };
    }

    private void look() {
        if (isPast(lookedMs, LOOK_MS)) {
            long ms = courier.nowMs() - lookedMs;
            quick = ms > 0 && takenBytes >= QUICK * ms;
            pace = Math.max(PACE_LEAST, takenCount * LOOK_MS / Math.max(1, ms));
            grows = lag() > lagThen;
            takenBytes = 0;
            takenCount = 0;
            lagThen = lag();
            lookedMs = courier.nowMs();
        }
    }

    /** Also when the clock was set back. */
    private boolean isPast(long sinceMs, long durationMs) {
        long ms = courier.nowMs() - sinceMs;
        return ms >= durationMs || ms < 0;
    }
}
