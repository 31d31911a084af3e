package io.posthorn.jms.session;

import io.posthorn.jms.session.dispatch.Dispatcher;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous sends of a session that are not called back yet, in the order in which they were made. Callbacks run one at
 * a time, in that order, on the dispatcher, which alone takes out. Senders and callbacks take no lock; that is for those who wait for the
 * callbacks, and is held for looking only.
 */
final class Completions {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final Gate gate;
    private final Dispatcher dispatcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** How many wait for a change; changed under the lock. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** The first one stays until its callback has returned. */
    private final Queue<AsyncSend> sends = new ConcurrentLinkedQueue<>();

    /** The dispatcher's own. */
    private boolean callingBack;

    Completions(Gate gate, Dispatcher dispatcher) {
        this.gate = gate;
        this.dispatcher = dispatcher;
    }

    /** Puts in what the engine has; its outcome may be known already. */
    void add(AsyncSend send) {
        sends.add(send);
        dispatcher.ensureRunning(false); // it may have been retired while there was nothing here
        if (send.isDone()) {
            dispatcher.signal();
        }
    }

    /** The outcome of a send is known. On any thread. */
    void onDone() {
        dispatcher.ensureRunning(false);
        dispatcher.signal();
        onChange();
    }

    private void onChange() {
        if (waiting.get() == 0) {
            return;
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Calls back the first send if its outcome is known; false when there was nothing to do. On the dispatcher. */
    boolean runOne() {
        if (!isFirstDone()) {
            return false;
        }
        AsyncSend send = sends.element();
        callingBack = true;
        gate.enterCompletion(send.owner());
        try {
            send.callBack();
        } catch (RuntimeException | Error e) {
            LOG.warn("a completion listener failed; the send it was called for is not affected", e);
        } finally {
            gate.exitCompletion();
            callingBack = false;
            sends.remove();
            onChange();
        }
        return true;
    }

    boolean isEmpty() {
        return sends.isEmpty();
    }

    /**
     * Waits until the sends of {@code owner} (of all when null) were called back, for at most {@link Gate#WAIT_MS}. On the
     * dispatcher itself, which is then inside a listener, the callbacks are run here, since nobody else would.
     */
    void awaitNone(Object owner) {
        if (gate.isCompleting(Thread.currentThread())) {
            // Inside a callback, which the others have to wait for: they are called when it has returned.
            return;
        }
        boolean pumping = dispatcher.isCurrentThread();
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Gate.WAIT_MS);
        while (isPending(owner)) {
            if (pumping && runOne()) {
                continue;
            }
            if (!awaitChange(owner, pumping, deadlineNs - System.nanoTime())) {
                LOG.warn("asynchronous sends were not completed within {} ms; going on without them", Gate.WAIT_MS);
                return;
            }
        }
    }

    private boolean isPending(Object owner) {
        if (owner == null) {
            return !sends.isEmpty();
        }
        for (AsyncSend send : sends) {
            if (send.owner() == owner) {
                return true;
            }
        }
        return false;
    }

    private boolean awaitChange(Object owner, boolean pumping, long waitNs) {
        boolean interrupted = false;
        long remainingNs = waitNs;
        lock.lock();
        waiting.incrementAndGet();
        try {
            while (isPending(owner) && !(pumping && isFirstDone()) && remainingNs > 0) {
                try {
                    remainingNs = changed.awaitNanos(remainingNs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return remainingNs > 0;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isFirstDone() {
        AsyncSend first = callingBack ? null : sends.peek();
        return first != null && first.isDone();
    }
}
