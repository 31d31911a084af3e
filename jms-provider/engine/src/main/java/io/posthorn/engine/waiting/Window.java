package io.posthorn.engine.waiting;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ErrorCode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Bounds what a connection has sent and not seen confirmed. A sender that finds it full waits, for a bounded time. One
 * message always fits into an empty window, however long it is. Safe from any thread; only {@link #acquire} waits.
 */
public final class Window {

    /** Most messages under way. */
    static final int MESSAGES_MAX = 64 << 10;

    /** As long as messages come, with servers as they usually are; the parts of longer ones do not count here. */
    static final int LENGTH_USUAL_MAX = 1 << 20;

    /** What a message costs beside its bytes, as a share of the window, so that one number counts both. */
    private final long messageCost;

    private final long bytesMax;

    /** Above that, a message may have to wait for those before it. */
    private final long tightBytes;

    private final AtomicLong used = new AtomicLong();

    /** What is confirmed of it. Belongs to whoever has the turn. */
    private long freed;

    private final Patience patience;
    private final Supplier<EngineException> over;

    /** Guards the two below; held for fields only. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Queue<Thread> waiting = new ArrayDeque<>();
    private volatile int waitingCount;

    /** {@code over} gives the reason why the connection has ended, or null while it has not. */
    public Window(long bytesMax, Patience patience, Supplier<EngineException> over) {
        this.bytesMax = bytesMax;
        this.messageCost = Math.max(1, bytesMax / MESSAGES_MAX);
        this.tightBytes = Math.min(bytesMax / 2, bytesMax - LENGTH_USUAL_MAX);
        this.patience = patience;
        this.over = over;
    }

    /**
     * Takes room for a message; waits for it at most the request timeout. On the event loop it never waits. True when the next one
     * may have to wait for the confirmation of this one. Whatever waits fits in as soon as all are confirmed for which that was so: the others were taken
     * in while there was room for it beside them.
     */
    public boolean acquire(int length) throws EngineException {
        long cost = cost(length);
        if (!tryAcquire(cost)) {
            if (patience.mustNotWait()) {
                used.addAndGet(cost);
            } else {
                awaitRoom(cost);
            }
        }
        return used.get() > tightBytes;
    }

    /** Takes room for a message that is sent again, whether there is any or not. */
    public void take(int length) {
        used.addAndGet(cost(length));
    }

    /** A message costs its length, but not so little that more than {@link #MESSAGES_MAX} would fit. */
    private long cost(int length) {
        return Math.max(messageCost, length);
    }

    private boolean tryAcquire(long cost) {
        while (true) {
            long now = used.get();
            if (now != 0 && now + cost > bytesMax) {
                return false;
            }
            if (used.compareAndSet(now, now + cost)) {
                return true;
            }
        }
    }

    private void awaitRoom(long cost) throws EngineException {
        long sinceMs = patience.nowMs();
        Thread self = Thread.currentThread();
        boolean[] acquired = {false};
        enlist(self);
        try {
            patience.await(() -> over.get() != null || (acquired[0] = tryAcquire(cost)), patience.requestTimeoutMs());
        } finally {
            delist(self);
        }
        if (acquired[0]) {
            return;
        }
        EngineException end = over.get();
        if (end != null) {
            throw new EngineException(end.code(), end.getMessage(), end);
        }
        throw new EngineException(
                ErrorCode.RESOURCE_LIMIT,
                "the message could not be sent within " + patience.requestTimeoutMs() + " ms (requestTimeout): since "
                        + Instant.ofEpochMilli(sinceMs) + " there is no room for it beside " + used.get()
                        + " bytes that the server has not confirmed (windowBytes " + bytesMax + "); the connection is "
                        + patience.state());
    }

    private void enlist(Thread thread) {
        lock.lock();
        try {
            waiting.add(thread);
            waitingCount = waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void delist(Thread thread) {
        lock.lock();
        try {
            waiting.remove(thread);
            waitingCount = waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** The message is confirmed: its room is free as soon as those that were confirmed together {@link #release} it. By whoever has the turn. */
    public void confirmed(int length) {
        freed += cost(length);
    }

    /** Frees the room of all that were confirmed. Senders that wait are woken once half of the window is free. By whoever has the turn. */
    public void release() {
        long left = used.addAndGet(-freed);
        freed = 0;
        if (waitingCount != 0 && left <= bytesMax / 2) {
            wakeAll();
        }
    }

    /** Wakes all senders that wait: there is room, or the connection has ended. */
    public void wakeAll() {
        lock.lock();
        try {
            waiting.forEach(patience::unpark);
        } finally {
            lock.unlock();
        }
    }
}
