package io.posthorn.jms.session.dispatch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks, while sessions wait for a thread, whether there are enough: a listener may block, and even wait for another listener. */
final class Watcher extends PoolThread {

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** It sleeps after so many looks at an empty row, so that it is not one more that is woken each time. */
    private static final int LOOKS_MAX = 100;

    private final SessionThreads threads;
    private final long idleNs;

    // What the monitor of the threads guards.
    private int looksAtNothing;
    private long putAtLook;
    volatile boolean asleep;

    Watcher(SessionThreads threads, long idleNs) {
        super("posthorn-session-watcher", true);
        this.threads = threads;
        this.idleNs = idleNs;
    }

    @Override
    public void run() {
        try {
            while (threads.look(this)) {
                LockSupport.parkNanos(this, asleep ? idleNs : LOOK_NS);
            }
        } finally {
            threads.onGone(this);
        }
    }

    /** Under the monitor: how many that were put in before the last look are not taken. */
    long countOverdue(long put, long taken) {
        long overdue = putAtLook - taken;
        putAtLook = put;
        return overdue;
    }

    /** Under the monitor, after a look. */
    void onLook(boolean nobodyWaits) {
        looksAtNothing = nobodyWaits ? looksAtNothing + 1 : 0;
        asleep = looksAtNothing >= LOOKS_MAX;
    }

    /** Under the monitor: somebody waits. */
    void call() {
        looksAtNothing = 0;
        asleep = false;
    }
}
