package io.posthorn.engine.waiting;

import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls listeners of the application in order, on a thread of their own that lives only as long as there is something to
 * tell. So a listener may block, or close the connection. Safe from any thread.
 */
public final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final String threadName;
    private final Threads threads;

    /** Guarded by itself; held for fields only. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean running;

    public Notices(String threadName, Threads threads) {
        this.threadName = threadName;
        this.threads = threads;
    }

    public void tell(Runnable notice) {
        synchronized (waiting) {
            waiting.add(notice);
            if (running) {
                return;
            }
            running = true;
        }
        threads.start(threadName, this::run);
    }

    private void run() {
        while (true) {
            Runnable notice;
            synchronized (waiting) {
                notice = waiting.poll();
                if (notice == null) {
                    running = false;
                    return;
                }
            }
            try {
                notice.run();
            } catch (RuntimeException e) {
                LOG.warn("A connection's listener failed", e);
            }
        }
    }
}
