package io.posthorn.jms.session.dispatch;

import io.posthorn.engine.Reading;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A thread that serves one session after the other, and sleeps when none has work. */
final class Worker extends PoolThread {

    /** So much of one session is done before another one that waits is served. */
    private static final int BATCH = 64;

    private final SessionThreads threads;
    private final SessionThreads.Crew crew;

    /** How much was done, and sessions begun with; changed by this thread. */
    private final AtomicInteger progress = new AtomicInteger();

    /** Whom it serves, or null; this thread's own. */
    private Dispatcher serving;

    /** Where it waits: with the session that it has served last. Changed by this thread. */
    private volatile Reading reading = Reading.NEVER;

    /** Somebody wants it; whoever says so unparks it afterwards. */
    private volatile boolean called = true;

    // What the monitor of the threads guards.
    boolean arriving;
    boolean working;
    boolean stuck;
    boolean stays;
    boolean over;

    /** It is among those who sleep. */
    boolean idle;

    private int progressSeen;

    Worker(SessionThreads threads, int number, SessionThreads.Crew crew, boolean daemon) {
        super("posthorn-session-" + number, daemon);
        this.threads = threads;
        this.crew = crew;
    }

    /** Under the monitor. */
    void call() {
        called = true;
    }

    /** Under the monitor: whether it did anything since this was last asked. */
    boolean hasProgressed() {
        int seen = progressSeen;
        progressSeen = progress.get();
        return progressSeen != seen;
    }

    SessionThreads.Crew crew() {
        return crew;
    }

    /** Whether it is to go on after what it does at the moment. */
    boolean isCurrent() {
        return threads.isCurrent(crew);
    }

    /** Whether it waits where it hears of more for the session that it has served last. */
    boolean isReading() {
        return reading.isHere();
    }

    @Override
    void wake() {
        if (!reading.wake(this)) {
            super.wake();
        }
    }

    /** On this thread only. */
    boolean serves(Dispatcher dispatcher) {
        return serving == dispatcher;
    }

    @Override
    public void run() {
        called = false;
        try {
            Dispatcher next = threads.next(this, null, false);
            while (!over) {
                boolean unfinished = false;
                if (next == null) {
                    sleep();
                } else {
                    unfinished = serve(next);
                }
                if (!over) {
                    next = threads.next(this, next, unfinished);
                }
            }
        } finally {
            waitWith(Reading.NEVER);
            threads.onGone(this);
        }
    }

    /** Whether there is more to do for it. */
    private boolean serve(Dispatcher dispatcher) {
        serving = dispatcher;
        waitWith(dispatcher.reading());
        setContextClassLoader(dispatcher.loader());
        try {
            dispatcher.begin();
            for (int done = 1; dispatcher.isCurrentWorker(); done++) {
                progress.lazySet(progress.get() + 1);
                if (!dispatcher.step()) {
                    return false;
                }
                if (done >= BATCH && threads.isAwaited()) {
                    return true;
                }
            }
            return true;
        } finally {
            serving = null;
            if (!dispatcher.isClaiming()) {
                waitWith(Reading.NEVER);
            }
            forgetLoader();
            Thread.interrupted(); // a listener may have left it
        }
    }

    /** Nobody is to wait for what comes to another one. */
    private void waitWith(Reading other) {
        if (reading != other) {
            reading.giveBack();
            reading = other;
        }
    }

    /** Until it is called or, unless it is the one that stays, has waited long enough. */
    private void sleep() {
        long beginNs = System.nanoTime();
        while (!called && !over) {
            if (!reading.await(threads.idleNs())) {
                sleepDeeply();
            }
            Thread.interrupted(); // it would make every park return at once
            if (!called && !stays && System.nanoTime() - beginNs >= threads.idleNs()) {
                threads.endIdle(this);
            }
        }
        reading.leave();
        called = false;
    }

    private void sleepDeeply() {
        if (stays) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, threads.idleNs());
        }
    }
}
