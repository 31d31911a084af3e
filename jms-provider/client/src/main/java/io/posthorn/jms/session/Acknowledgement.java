package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * When a session tells the server that a message was consumed (section 6.2.10). Runs on the thread that consumes.
 *
 * <ul>
 *   <li>AUTO: before a receive returns its message, and after a listener returned from it.
 *   <li>DUPS_OK: in batches, of at most {@link #BATCH}, or when there is nothing more to receive for the moment.
 *   <li>CLIENT and transactions: never by itself.
 * </ul>
 */
final class Acknowledgement {

    /** How many deliveries of a DUPS_OK session share an acknowledgement. */
    static final int BATCH = 32;

    private final SessionHome home;
    private final EngineSession engine;
    private final SessionMode mode;

    /** Whose outcome is listened to; the next acknowledgement may have the same. By whoever consumes. */
    private Pending followed;

    /** Consumed and not acknowledged; for DUPS_OK only. Guarded by its monitor, since close comes from another thread. */
    private final List<Delivery> batch = new ArrayList<>();

    private final AtomicInteger held = new AtomicInteger();

    /** What a listener of an XA session has that got it outside of a branch; null as soon as a branch has it. */
    private final AtomicReference<Delivery> atListener = new AtomicReference<>();

    private volatile boolean inBranch;
    private volatile boolean failed;

    Acknowledgement(SessionHome home, EngineSession engine, SessionMode mode) {
        this.home = home;
        this.engine = engine;
        this.mode = mode;
    }

    /** For an XA session: whether it is associated with a branch, which then acknowledges. */
    void inBranch(boolean value) {
        inBranch = value;
        if (value) {
            atListener.set(null);
        }
    }

    /**
     * What a branch that begins now takes along: the message of the listener that begins it, or null. Generic resource adapters call
     * {@code Session.run} first and begin the transaction in the listener.
     */
    Delivery atListener() {
        return atListener.get();
    }

    /** A listener is about to get this. */
    void onListenerBegins(Delivery delivery) {
        if (mode == SessionMode.XA && !inBranch) {
            atListener.set(delivery);
        }
    }

    /** The listener has returned; whether its message is in a branch that began in the meantime. */
    boolean onListenerEnds(boolean wasInBranch) {
        return mode == SessionMode.XA && atListener.getAndSet(null) == null && !wasInBranch;
    }

    boolean inBranch() {
        return inBranch;
    }

    /** Whether consuming a message is enough to acknowledge it, now or soon. */
    boolean isAutomatic() {
        return mode == SessionMode.AUTO || mode == SessionMode.DUPS_OK || mode == SessionMode.XA && !inBranch;
    }

    boolean isLazy() {
        return mode == SessionMode.DUPS_OK;
    }

    void onConsumed(Delivery delivery) {
        if (mode == SessionMode.DUPS_OK) {
            synchronized (batch) {
                batch.add(delivery);
                if (batch.size() >= BATCH) {
                    flush();
                }
            }
        } else if (isAutomatic()) {
            follow(engine.acknowledge(delivery, false));
        }
    }

    /** There is nothing more to consume at the moment, and nothing is being consumed. */
    void onIdle() {
        if (mode == SessionMode.DUPS_OK) {
            synchronized (batch) {
                flush();
            }
        }
    }

    /** Acknowledges exactly what was consumed, also while something else is being consumed. */
    void settle() {
        synchronized (batch) {
            settleBatch();
        }
    }

    /** For a message that was handed over and is not consumed: a batch must not take it along. */
    void onHeld() {
        held.incrementAndGet();
    }

    void onHeldTaken() {
        held.decrementAndGet();
    }

    /** The caller holds the batch's monitor. */
    private void flush() {
        if (held.get() > 0) {
            settleBatch();
        } else if (!batch.isEmpty()) {
            batch.clear();
            follow(engine.acknowledgeAll(false));
        }
    }

    private void settleBatch() {
        for (Delivery delivery : batch) {
            follow(engine.acknowledge(delivery, false));
        }
        batch.clear();
    }

    /** What is in the batch comes again with everything else that was not acknowledged. */
    void forgetBatch() {
        synchronized (batch) {
            batch.clear();
        }
    }

    private void follow(Pending outcome) {
        if (outcome != followed) {
            followed = outcome;
            outcome.whenDone(this::onOutcome);
        }
    }

    /** Reports the first of a row of failures. */
    private void onOutcome(long value, EngineException failure) {
        if (failure == null) {
            failed = false;
            return;
        }
        if (!failed) {
            home.report("cannot acknowledge a message", failure);
        }
        failed = true;
    }
}
