package io.posthorn.jms.session;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Pending;
import io.posthorn.jms.session.dispatch.Dispatcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous sends of a session that are not called back yet, in the order in which they were made. Callbacks run one at
 * a time, in that order, on the dispatcher. The lock guards the queue, never a callback.
 */
final class Completions {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private final Gate gate;
    private final Dispatcher dispatcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** The first one stays until its callback has returned. */
    private final Deque<AsyncSend> sends = new ArrayDeque<>();

    /** How many there are; changed under the lock. Whoever comes for none, with each message, need not wait for it. */
    private volatile int count;

    private boolean callingBack;

    Completions(Gate gate, Dispatcher dispatcher) {
        this.gate = gate;
        this.dispatcher = dispatcher;
    }

    void add(AsyncSend send, Pending outcome) {
        lock.lock();
        try {
            sends.addLast(send);
            count = sends.size();
        } finally {
            lock.unlock();
        }
        dispatcher.ensureRunning(false);
        outcome.whenDone((value, failure) -> onDone(send, failure));
    }

    private void onDone(AsyncSend send, EngineException failure) {
        lock.lock();
        try {
            send.finish(failure);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        dispatcher.ensureRunning(false);
        dispatcher.signal();
    }

    /** Calls back the first send if its outcome is known; false when there was nothing to do. */
    boolean runOne() {
        if (count == 0) {
            return false;
        }
        AsyncSend send;
        lock.lock();
        try {
            send = sends.peekFirst();
            if (send == null || !send.isDone() || callingBack) {
                return false;
            }
            callingBack = true;
        } finally {
            lock.unlock();
        }
        gate.enterCompletion(send.owner());
        try {
            send.callBack();
        } catch (RuntimeException | Error e) {
            LOG.warn("a completion listener failed; the send it was called for is not affected", e);
        } finally {
            gate.exitCompletion();
            removeFirst();
        }
        return true;
    }

    private void removeFirst() {
        lock.lock();
        try {
            callingBack = false;
            sends.removeFirst();
            count = sends.size();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return count == 0;
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
        while (isWaitingFor(owner)) {
            if (pumping && runOne()) {
                continue;
            }
            if (!awaitChange(owner, pumping, deadlineNs - System.nanoTime())) {
                LOG.warn("asynchronous sends were not completed within {} ms; going on without them", Gate.WAIT_MS);
                return;
            }
        }
    }

    private boolean isWaitingFor(Object owner) {
        lock.lock();
        try {
            return isPending(owner);
        } finally {
            lock.unlock();
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
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isFirstDone() {
        AsyncSend first = sends.peekFirst();
        return first != null && first.isDone() && !callingBack;
    }
}
