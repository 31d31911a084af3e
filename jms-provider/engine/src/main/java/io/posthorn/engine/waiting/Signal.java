package io.posthorn.engine.waiting;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a consumer's taker hears that there is something: one thread that waits, or a listener. A taker that finds nothing
 * arms the signal and looks once more; {@link #ring} does nothing unless it is armed. So nobody is woken who is at work,
 * and nobody is left asleep. Safe from any thread.
 */
public final class Signal {

    private static final Logger LOG = LoggerFactory.getLogger(Signal.class);

    private final Patience patience;
    private volatile boolean armed;
    private volatile Thread waiter;
    private volatile Runnable listener;

    public Signal(Patience patience) {
        this.patience = patience;
    }

    /** By a taker that found nothing, before it looks again. */
    public void arm() {
        armed = true;
    }

    /** By a taker that found something when it looked again. */
    public void disarm() {
        armed = false;
    }

    /** Whether a taker found nothing, and was not told of anything since. */
    public boolean isArmed() {
        return armed;
    }

    /** By whoever put something in, after a full fence: what was put in is seen before it is asked who is armed. */
    public void ring() {
        if (armed) {
            armed = false;
            fire();
        }
    }

    /** Tells whoever there is. */
    public void fire() {
        wakeWaiter();
        Runnable told = listener;
        if (told != null) {
            try {
                told.run();
            } catch (RuntimeException e) {
                LOG.warn("Whoever was told that a consumer has messages failed", e);
            }
        }
    }

    public void wakeWaiter() {
        Thread thread = waiter;
        if (thread != null) {
            patience.unpark(thread);
        }
    }

    /** The calling thread is going to wait, or null. */
    public void waiter(Thread thread) {
        waiter = thread;
    }

    public void listener(Runnable told) {
        listener = told;
    }

    public boolean hasListener() {
        return listener != null;
    }
}
