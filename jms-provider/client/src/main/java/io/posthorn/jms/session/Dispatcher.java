package io.posthorn.jms.session;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a session, on which its message listeners and completion callbacks run. It begins with the first need of it
 * and ends when there is none. Not a daemon while a message listener is set, so that a listener keeps the JVM alive.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final String name;
    private final BooleanSupplier work;
    private volatile Worker worker;
    private boolean ended;

    /** {@code work} does a bounded amount and says whether it did anything; when not, the thread sleeps until {@link #signal}. */
    Dispatcher(String name, BooleanSupplier work) {
        this.name = name;
        this.work = work;
    }

    /** Makes sure that a thread runs, and one that keeps the JVM alive if so asked for. */
    void ensureRunning(boolean keepsJvmAlive) {
        Worker current = worker;
        if (current == null || keepsJvmAlive && current.isDaemon()) {
            replaceWorker(keepsJvmAlive);
        }
    }

    private synchronized void replaceWorker(boolean keepsJvmAlive) {
        Worker current = worker;
        if (!ended && (current == null || keepsJvmAlive && current.isDaemon())) {
            Worker next = new Worker(current, !keepsJvmAlive);
            worker = next;
            next.start();
            if (current != null) {
                current.retire();
            }
        }
    }

    /** Ends the thread after what it does at the moment; {@link #ensureRunning} begins another one. */
    synchronized void retire() {
        Worker current = worker;
        worker = null;
        if (current != null) {
            current.retire();
        }
    }

    /** Ends the thread for good. */
    synchronized void end() {
        ended = true;
        retire();
    }

    /** Says that there may be work. Never blocks, wakes a thread at most once per sleep; from any thread. */
    void signal() {
        Worker current = worker;
        if (current != null) {
            current.signal();
        }
    }

    /** Whether this thread is the one that works now. */
    boolean isCurrentWorker() {
        return worker == Thread.currentThread();
    }

    /** Whether this thread works, or did so until another took over from it. */
    boolean isCurrentThread() {
        return Thread.currentThread() instanceof Worker current && current.dispatcher() == this;
    }

    private final class Worker extends Thread {

        private static final int RUNNING = 0;
        private static final int SIGNALLED = 1;
        private static final int ASLEEP = 2;

        private final Thread predecessor;
        private final AtomicInteger state = new AtomicInteger(RUNNING);
        private volatile boolean retired;

        Worker(Thread predecessor, boolean daemon) {
            super(name);
            this.predecessor = predecessor;
            setDaemon(daemon);
        }

        Dispatcher dispatcher() {
            return Dispatcher.this;
        }

        void signal() {
            while (true) {
                int seen = state.get();
                if (seen == SIGNALLED) {
                    return;
                }
                if (state.compareAndSet(seen, SIGNALLED)) {
                    if (seen == ASLEEP) {
                        LockSupport.unpark(this);
                    }
                    return;
                }
            }
        }

        void retire() {
            retired = true;
            signal();
        }

        @Override
        public void run() {
            awaitPredecessor();
            while (!retired) {
                state.set(RUNNING);
                if (!doWork()) {
                    sleepUntilSignalled();
                }
            }
        }

        /** There is one thread at a time: callbacks of the predecessor may still run. */
        private void awaitPredecessor() {
            while (predecessor != null && predecessor.isAlive()) {
                try {
                    predecessor.join();
                } catch (InterruptedException e) {
                    LOG.debug("{}: an interrupt is ignored", name, e);
                }
            }
        }

        private boolean doWork() {
            try {
                return work.getAsBoolean();
            } catch (RuntimeException e) {
                LOG.error("{}: a defect in the client; the session goes on", name, e);
                return true;
            }
        }

        private void sleepUntilSignalled() {
            if (state.compareAndSet(RUNNING, ASLEEP)) {
                while (state.get() == ASLEEP) {
                    LockSupport.park(this);
                    // A listener may have left the interrupt set, which would make every park return at once.
                    Thread.interrupted();
                }
            }
        }
    }
}
