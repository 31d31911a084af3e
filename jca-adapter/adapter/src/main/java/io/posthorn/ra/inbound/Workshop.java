package io.posthorn.ra.inbound;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.util.Timer;
import java.util.TimerTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container's threads: its work manager for everything that takes time, and one timer, which only says when. The timer is there from the
 * first endpoint on. Safe from any thread; the monitor guards the fields.
 */
public final class Workshop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    /** How long until a work that the container had no room for is offered again. */
    private static final long REFUSED_AGAIN_MS = 500;

    private final BootstrapContext context;
    private final WorkManager workers;
    private Timer timer;
    private boolean closed;

    public Workshop(BootstrapContext context) {
        this.context = context;
        this.workers = context.getWorkManager();
    }

    /** Lets a work begin soon, on a thread of the container. Never blocks. */
    void begin(Work work) {
        beginLater(work, 0);
    }

    /** Lets a work begin after a time. The container is called on the timer's thread, since it may make its caller wait. */
    void beginLater(Work work, long delayMs) {
        later(() -> offer(work), delayMs);
    }

    private void offer(Work work) {
        try {
            workers.scheduleWork(work);
        } catch (WorkException e) {
            LOG.debug("The container takes no work at the moment", e);
            beginLater(work, REFUSED_AGAIN_MS);
        }
    }

    /** Runs something short after a time, on the timer's thread; nothing once this is closed. */
    public synchronized void later(Runnable task, long delayMs) {
        if (closed) {
            return;
        }
        if (timer == null) {
            timer = newTimer();
        }
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        try {
                            task.run();
                        } catch (RuntimeException e) {
                            LOG.error("A defect in the resource adapter; it goes on", e);
                        }
                    }
                },
                delayMs);
    }

    private Timer newTimer() {
        try {
            return context.createTimer();
        } catch (UnavailableException | UnsupportedOperationException e) {
            LOG.debug("The container gives no timer; this is our own", e);
            return new Timer("posthorn-ra-timer", true);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
