package io.posthorn.engine.waiting;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An outcome that comes once. Settled by whoever has the turn; safe from any thread. */
public final class Promise implements Pending, Outcome {

    /** Marks that the outcome is there; nobody is put on the list any more. */
    private static final Waiter DONE = new Waiter(null, null);

    /** How much longer than its time a command may take that is held. */
    private static final long HELD_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Promise.class);

    /** There is a promise for each message under way, and nothing beside it. */
    private static final AtomicReferenceFieldUpdater<Promise, Waiter> WAITERS =
            AtomicReferenceFieldUpdater.newUpdater(Promise.class, Waiter.class, "waiters");

    /** Latest first. */
    private volatile Waiter waiters;

    private final Object what;
    private final Patience patience;
    private final Runnable onWanted;

    /** Until when somebody waits; 0 while nobody does. */
    private volatile long deadlineNs;

    /** The outcome, good or bad, comes soon after the time is over. */
    private volatile boolean held;

    private long value;
    private EngineException failure;

    /** {@code what} is waited for, in the text of errors; for a message it is where it goes. */
    public Promise(Object what, Patience patience) {
        this(what, patience, () -> {});
    }

    /** As the other one; {@code onWanted} is told when somebody begins to wait, or wants to be called back. */
    public Promise(Object what, Patience patience, Runnable onWanted) {
        this.what = what;
        this.patience = patience;
        this.onWanted = onWanted;
    }

    /** One that is settled already. */
    public static Promise done(Patience patience) {
        Promise promise = new Promise("nothing", patience);
        promise.settle(0, null);
        return promise;
    }

    @Override
    public void settle(long outcome, EngineException cause) {
        if (isDone()) {
            return;
        }
        value = outcome;
        failure = cause;
        Waiter inOrder = null;
        Waiter waiter = WAITERS.getAndSet(this, DONE);
        while (waiter != null) {
            Waiter earlier = waiter.next;
            waiter.next = inOrder;
            inOrder = waiter;
            waiter = earlier;
        }
        for (; inOrder != null; inOrder = inOrder.next) {
            if (inOrder.thread != null) {
                patience.unpark(inOrder.thread);
            } else {
                tell(inOrder.told);
            }
        }
    }

    private void tell(Outcome told) {
        try {
            told.settle(value, failure);
        } catch (RuntimeException e) {
            LOG.warn("Whoever was told of the outcome of {} failed", text(), e);
        }
    }

    private String text() {
        return what instanceof Address ? "the confirmation of a message to " + what : what.toString();
    }

    public boolean isDone() {
        return waiters == DONE;
    }

    @Override
    public long await() throws EngineException {
        return await("requestTimeout", patience.requestTimeoutMs());
    }

    /** As {@link #await()}, with the bound that {@code option} names. */
    public long await(String option, long timeoutMs) throws EngineException {
        if (!isDone()) {
            if (patience.mustNotWait()) {
                throw new EngineException(
                        ErrorCode.ILLEGAL_STATE,
                        text() + " cannot be waited for on the event loop that would bring it");
            }
            long sinceMs = patience.nowMs();
            deadlineNs = patience.deadlineNs(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
            boolean listed = list(new Waiter(Thread.currentThread(), null));
            onWanted.run();
            if (listed && !patience.await(this::isDone, timeoutMs) && !awaitHeld()) {
                throw patience.timedOut(text(), sinceMs, option, timeoutMs);
            }
        }
        if (failure != null) {
            throw new EngineException(failure.code(), failure.getMessage(), failure);
        }
        return value;
    }

    /** Whoever holds it is about to give up, and says so. */
    private boolean awaitHeld() {
        return held && patience.await(this::isDone, HELD_MS);
    }

    /**
     * What is waited for is held back on this side, and whoever holds it gives up when the time is over. Returns when that is
     * for the one who waits, {@code otherwiseNs} when nobody does.
     */
    public long held(long otherwiseNs) {
        held = true;
        long waitsUntilNs = deadlineNs;
        return waitsUntilNs == 0 ? otherwiseNs : waitsUntilNs;
    }

    @Override
    public void whenDone(Outcome told) {
        if (list(new Waiter(null, told))) {
            onWanted.run();
        } else {
            tell(told);
        }
    }

    /** False when the outcome is there already. */
    private boolean list(Waiter waiter) {
        while (true) {
            Waiter latest = waiters;
            if (latest == DONE) {
                return false;
            }
            waiter.next = latest;
            if (WAITERS.compareAndSet(this, latest, waiter)) {
                return true;
            }
        }
    }

    /** A thread, or who is told. */
    private static final class Waiter {
        private final Thread thread;
        private final Outcome told;
        private Waiter next;

        Waiter(Thread thread, Outcome told) {
            this.thread = thread;
            this.told = told;
        }
    }
}
