package io.posthorn.jms.session.dispatch;

import java.util.concurrent.locks.LockSupport;

/** Looks, while sessions wait for a thread, whether there are enough: a listener may block, and even wait for another listener. */
final class Watcher extends PoolThread {

    private final SessionThreads threads;

    Watcher(SessionThreads threads) {
        super("posthorn-session-watcher", true);
        this.threads = threads;
    }

    @Override
    public void run() {
        long pauseNs = threads.look(this);
        while (pauseNs > 0) {
            LockSupport.parkNanos(this, pauseNs);
            pauseNs = threads.look(this);
        }
    }
}
