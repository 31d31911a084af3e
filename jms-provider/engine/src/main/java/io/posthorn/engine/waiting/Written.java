package io.posthorn.engine.waiting;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of what was put into the outbox has been written to the socket, so that it leaves this machine even if this process is
 * killed. Who writes counts; whoever must not run ahead of that waits. Safe from any thread.
 */
public final class Written {

    private final Patience patience;
    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong count = new AtomicLong();

    /** There is no link, so nothing will be written for a while. */
    private volatile boolean halted;

    public Written(Patience patience) {
        this.patience = patience;
    }

    /** So much has been written, all in all. On any thread. */
    public void advance(long now) {
        count.accumulateAndGet(now, Math::max); // a thread may tell of an earlier link, late
        wake();
    }

    /** How far one session goes ahead; {@code writeNow} has written what waits. */
    public Lead lead(long lagMs, Runnable writeNow) {
        return new Lead(TimeUnit.MILLISECONDS.toNanos(lagMs), writeNow);
    }

    /** Nobody need wait: there is no link. In the turn. */
    public void halt() {
        halted = true;
        wake();
    }

    /** There is a link again. In the turn. */
    public void goOn() {
        halted = false;
    }

    private void wake() {
        if (!waiting.isEmpty()) {
            waiting.forEach(patience::unpark);
        }
    }

    boolean has(long mark) {
        return count.get() >= mark;
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

    /**
     * How far one session is ahead of its written acknowledgements. One that is not written is watched, from the moment it was put into
     * the outbox, and all before it are written once it is. Belongs to whoever consumes, one thread at a time.
     */
    public final class Lead {

        private final long lagNs;
        private final Runnable writeNow;
        private long last;
        private long watched;
        private long watchedSinceNs;

        /** The event loop was asked to write the watched one. */
        private boolean asked;

        private Lead(long lagNs, Runnable writeNow) {
            this.lagNs = lagNs;
            this.writeNow = writeNow;
        }

        /** An acknowledgement was put into the outbox, as the last of so much. */
        public void acknowledged(long mark) {
            last = mark;
            if (has(watched)) {
                watchedSinceNs = patience.nanoTime();
                watched = mark;
                asked = false;
            }
        }

        /**
         * Before another message is handed over: waits for what was acknowledged, if it should be written by now. If this process
         * is killed, no more than the last message comes again (JMS 3.1 section 6.2.11), or those of the last moment. Half-way there it
         * has that written, so that nobody need wait.
         */
        public void await() {
            if (has(last)) {
                return;
            }
            long lateNs = has(watched) ? 0 : patience.nanoTime() - watchedSinceNs;
            if (lateNs >= lagNs / 2 && !asked) {
                asked = true;
                writeNow.run();
            }
            if (lateNs >= lagNs) {
                Written.this.await(last);
            }
        }
    }
}
