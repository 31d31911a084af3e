package io.posthorn.engine.waiting;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.transport.Transport;
import io.posthorn.wire.frame.ErrorCode;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How long the threads of one connection wait, and what they say when they gave up. Safe from any thread. */
public final class Patience {

    private final Transport transport;
    private final Threads threads;
    private final ConnectionOptions options;
    private final Supplier<String> state;
    private final Audience audience;

    /** {@code state} says in half a sentence how the connection is: "connected to ...". */
    public Patience(Transport transport, Threads threads, ConnectionOptions options, Supplier<String> state) {
        this.transport = transport;
        this.threads = threads;
        this.options = options;
        this.state = state;
        this.audience = new Audience(transport.reading());
    }

    /** Who misses what comes while nobody waits for it. */
    public Audience audience() {
        return audience;
    }

    public ConnectionOptions options() {
        return options;
    }

    public long requestTimeoutMs() {
        return options.requestTimeoutMs();
    }

    /** Whether the calling thread must never wait. */
    public boolean mustNotWait() {
        return transport.inEventLoop();
    }

    public long nanoTime() {
        return transport.nanoTime();
    }

    public long nowMs() {
        return transport.nowMs();
    }

    /** The moment after a time that may be as long as can be. */
    public long deadlineNs(long timeoutNs) {
        long now = transport.nanoTime();
        return timeoutNs > Long.MAX_VALUE / 2 ? now + Long.MAX_VALUE / 2 : now + timeoutNs;
    }

    /** Waits once, if need be for what it reads from the network itself; may return early. Holding no lock. */
    public void park(long timeoutNs) {
        if (!transport.reading().await(timeoutNs)) {
            threads.park(timeoutNs);
        }
    }

    /** To be called by whoever has called {@link #park}, when it waits no more. */
    public void leave() {
        transport.reading().leave();
    }

    public void unpark(Thread thread) {
        if (!transport.reading().wake(thread)) {
            threads.unpark(thread);
        }
    }

    /**
     * Waits until {@code done} or the time is over, and says which: true is done. Whoever makes it done unparks this
     * thread. An interruption does not end the wait, which is bounded; the thread stays interrupted.
     */
    public boolean await(BooleanSupplier done, long timeoutMs) {
        long deadlineNs = deadlineNs(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        boolean interrupted = false;
        try {
            while (!done.getAsBoolean()) {
                long leftNs = deadlineNs - transport.nanoTime();
                if (leftNs <= 0) {
                    return false;
                }
                park(leftNs);
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            leave();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The error of whoever waited for {@code what} since {@code sinceMs}, for as long as {@code option} says. */
    public EngineException timedOut(String what, long sinceMs, String option, long timeoutMs) {
        return new EngineException(
                ErrorCode.TIMEOUT,
                "waited for " + what + " since " + Instant.ofEpochMilli(sinceMs) + ", for " + timeoutMs + " ms ("
                        + option + "); the connection is " + state.get());
    }

    /** How the connection is, for errors. */
    public String state() {
        return state.get();
    }
}
