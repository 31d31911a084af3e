package io.posthorn.engine.transport;

import io.netty.channel.EventLoop;
import io.posthorn.engine.transport.route.ClientThreads;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Who is at work for one connection: its event loop or, for a moment, a thread of the application. What "belongs to the event loop"
 * belongs to whoever has the turn. The loop waits for it, as it enters; an application's thread only tries, holding whatever locks, so
 * that nobody can wait for one another; it waits only to bring what it has read in place of the loop, and then it holds none. The turn is held for fields and for encoding, never over a system call: a thread that
 * is stopped in the middle of one holds nobody up. Safe from any thread.
 */
final class Turn {

    private final EventLoop loop;
    private final ReentrantLock lock = new ReentrantLock();

    /** What the thread that has the turn does once it has given it up; null for nothing. */
    private Runnable afterwards;

    Turn(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs a task on the event loop, in its turn. */
    void execute(Runnable task) {
        ClientThreads.execute(loop, () -> run(task));
    }

    /** Runs a task on the event loop, in its turn, not before the delay is over. */
    Future<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return loop.schedule(() -> run(task), delay, unit);
    }

    /** On the event loop: waits for the turn, and keeps it for a task. */
    void run(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    /** Does a task on this thread; false when somebody else has the turn, when this is the event loop, or when the task says so. */
    boolean tryHere(BooleanSupplier task) {
        if (isLoop() || lock.isHeldByCurrentThread() || !lock.tryLock()) {
            return false;
        }
        try {
            return task.getAsBoolean();
        } finally {
            unlockHere();
        }
    }

    /** Does a task on this thread, which is not the event loop and holds no lock: waits for the turn. */
    void runHere(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            unlockHere();
        }
    }

    private void unlockHere() {
        Runnable next = afterwards;
        afterwards = null;
        lock.unlock();
        if (next != null) {
            next.run();
        }
    }

    /** By a task of {@link #tryHere} or {@link #runHere}: does this without the turn, right after it. */
    void afterwards(Runnable task) {
        afterwards = task;
    }

    /** Whether this thread is the event loop. */
    boolean isLoop() {
        return ClientThreads.runs(loop);
    }

    /** Whether this thread is at work for the connection, and so must not wait for it. */
    boolean isMine() {
        return lock.isHeldByCurrentThread() || isLoop();
    }
}
