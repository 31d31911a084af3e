package io.posthorn.engine.connection;

import io.posthorn.engine.waiting.Patience;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How much of what was put into the outbox has been written to the socket, so that it leaves this machine even if this process is
 * killed. The event loop counts; whoever must not run ahead of that waits. Safe from any thread.
 */
final class Written {

    private final Patience patience;
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
    private volatile long count;

    /** There is no link, so nothing will be written for a while. */
    private volatile boolean halted;

    Written(Patience patience) {
        this.patience = patience;
    }

    /** So much has been written, all in all. On the event loop. */
    void advance(long now) {
        count = now;
        halted = false;
        wake();
    }

    /** Nobody need wait: there is no link. On the event loop. */
    void halt() {
        halted = true;
        wake();
    }

    private void wake() {
        if (!waiting.isEmpty()) {
            waiting.forEach(patience::unpark);
        }
    }

    boolean has(long mark) {
        return count >= mark;
    }

    /**
     * Waits until so much is written. Not while there is no link, when the server keeps all that the connection holds; and not
     * on an event loop, which would write it.
     */
    void await(long mark) {
        if (has(mark) || halted || patience.mustNotWait()) {
            return;
        }
        Thread self = Thread.currentThread();
        waiting.add(self);
        try {
            patience.await(() -> has(mark) || halted, patience.requestTimeoutMs());
        } finally {
            waiting.remove(self);
        }
    }
}
