package io.posthorn.broker.queue;

import io.posthorn.broker.lane.ContentMemory;
import java.util.function.BooleanSupplier;

/**
 * Whether those who send to a queue had better wait for its consumers: when memory is short, the queue has much of it, and its
 * consumers take so quickly that there is room sooner than messages would be written to the scratch log and read back. Where they
 * are slow, or there are none, nobody is to wait for them.
 */
final class Pace {

    /** Consumers that take this much are quick, in bytes per ms. */
    private static final long QUICK = 100 << 10;

    /** How long is looked at what they take. */
    private static final long LOOK_MS = 10;

    /** A queue with less than this part of the memory does not make it short. */
    private static final int PART = 8;

    /** Nobody waits for longer: whoever sends may have something else to say. */
    private static final long WAIT_MS_MAX = 500;

    private final Courier courier;
    private final ContentMemory memory;
    private long bytes;

    /** Within the look under way. */
    private long taken;

    private long lookedMs;
    private boolean quick;

    Pace(Courier courier, ContentMemory memory) {
        this.courier = courier;
        this.memory = memory;
    }

    void kept(long more) {
        bytes += more;
    }

    void taken(long less) {
        bytes -= less;
        taken += less;
    }

    /** Another message comes that is in no log. */
    void sent() {
        if (memory.isShort() && bytes > memory.part(PART) && isQuick()) {
            courier.hold(isOver(courier.nowMs()));
        }
    }

    private BooleanSupplier isOver(long sinceMs) {
        return () ->
                memory.isAmple() || bytes < memory.part(2 * PART) || !isQuick() || isPast(sinceMs, WAIT_MS_MAX + 1);
    }

    private boolean isQuick() {
        if (isPast(lookedMs, LOOK_MS)) {
            long ms = courier.nowMs() - lookedMs;
            quick = ms > 0 && taken >= QUICK * ms;
            taken = 0;
            lookedMs += ms;
        }
        return quick;
    }

    /** Also when the clock was set back. */
    private boolean isPast(long sinceMs, long durationMs) {
        long ms = courier.nowMs() - sinceMs;
        return ms >= durationMs || ms < 0;
    }
}
