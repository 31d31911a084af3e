package io.posthorn.jms.session;

import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.IllegalStateException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is inside a session: the listener that runs, the completion callback that runs, the receives that wait. Lets {@code
 * stop} and {@code close} keep new ones out and wait for those inside (sections 6.1.6, 6.1.8 and 6.2.15), and knows when the
 * caller is itself inside. Its lock guards its fields, is held for nothing else, and no other lock is taken under it.
 *
 * <p>States: open, closing (nobody gets in any more, those inside still have all facilities), closed. Besides, it may be paused.
 */
final class Gate {

    /** How long a close or a stop waits for application code before it goes on without it. */
    static final long WAIT_MS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean paused;
    private boolean closing;
    private boolean closeEnded;
    private volatile boolean closed;
    private Thread listening;
    private Object listeningFor;
    private int receiving;

    private volatile Thread completing;
    private volatile Object completingFor;

    Gate(String name, boolean paused) {
        this.name = name;
        this.paused = paused;
    }

    /** Lets a listener call in, unless paused or closing. Must be followed by {@link #exitListener()} when true. */
    boolean enterListener(Object consumer) {
        lock.lock();
        try {
            if (paused || closing || listening != null) {
                return false;
            }
            listening = Thread.currentThread();
            listeningFor = consumer;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #enterListener}, but waits while paused; false only when closing. */
    boolean awaitListenerTurn(Object consumer) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while ((paused || listening != null) && !closing) {
                changed.await();
            }
            if (closing) {
                return false;
            }
            listening = Thread.currentThread();
            listeningFor = consumer;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void exitListener() {
        lock.lock();
        try {
            listening = null;
            listeningFor = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a receive in, unless closing. Must be followed by {@link #exitReceive} when true. */
    boolean enterReceive(Intake intake) {
        lock.lock();
        try {
            if (closing) {
                return false;
            }
            receiving++;
            intake.receiving++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void exitReceive(Intake intake) {
        lock.lock();
        try {
            receiving--;
            intake.receiving--;
            if (receiving == 0 || intake.receiving == 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Only the one thread that runs completion callbacks at the time calls this. */
    void enterCompletion(Object producer) {
        completingFor = producer;
        completing = Thread.currentThread();
    }

    void exitCompletion() {
        completing = null;
        completingFor = null;
    }

    boolean isListening(Thread thread) {
        lock.lock();
        try {
            return listening == thread;
        } finally {
            lock.unlock();
        }
    }

    boolean isCompleting(Thread thread) {
        return completing == thread;
    }

    boolean isCompleting(Thread thread, Object producer) {
        return completing == thread && completingFor == producer;
    }

    /** Refuses what neither a listener nor a completion callback may do to its own session or connection. */
    void refuseInsideCallback(String doing) throws IllegalStateException {
        refuseInsideListener(doing);
        refuseInsideCompletion(doing);
    }

    void refuseInsideListener(String doing) throws IllegalStateException {
        if (isListening(Thread.currentThread())) {
            throw JmsErrors.illegalState("a message listener must not " + doing + "; let another thread do it");
        }
    }

    void refuseInsideCompletion(String doing) throws IllegalStateException {
        if (isCompleting(Thread.currentThread())) {
            throw JmsErrors.illegalState("a completion listener must not " + doing + "; let another thread do it");
        }
    }

    /** Keeps listeners out from now on; {@link #awaitNoListener} waits for the one that is inside. */
    void pause() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            paused = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps everybody out from now on; false when that was so already. */
    boolean beginClose() {
        lock.lock();
        try {
            boolean first = !closing;
            closing = true;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    void markClosed() {
        closed = true;
    }

    /** The close is complete, for those who asked for it as well. */
    void endClose() {
        lock.lock();
        try {
            closeEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the close that somebody else began is complete. */
    void awaitCloseEnd() {
        await("the close by another thread", () -> closeEnded);
    }

    boolean isClosed() {
        return closed;
    }

    boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no listener is inside; returns at once inside that listener. */
    void awaitNoListener() {
        await("a message listener", () -> listening == null || listening == Thread.currentThread());
    }

    /** Waits until no listener is inside for this consumer; returns at once inside that listener. */
    void awaitNoListener(Object consumer) {
        await(
                "a message listener",
                () -> listening == null || listeningFor != consumer || listening == Thread.currentThread());
    }

    void awaitNoReceive() {
        await("a receive", () -> receiving == 0);
    }

    void awaitNoReceive(Intake intake) {
        await("a receive", () -> intake.receiving == 0);
    }

    /** An interrupt does not cut the wait short, since what follows would pull the rug from under the one inside; it stays set. */
    private void await(String whom, BooleanSupplier gone) {
        long remainingNs = TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        boolean interrupted = false;
        lock.lock();
        try {
            while (!gone.getAsBoolean() && remainingNs > 0) {
                try {
                    remainingNs = changed.awaitNanos(remainingNs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (!gone.getAsBoolean()) {
                LOG.warn("{}: {} did not return within {} ms; going on without it", name, whom, WAIT_MS);
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
