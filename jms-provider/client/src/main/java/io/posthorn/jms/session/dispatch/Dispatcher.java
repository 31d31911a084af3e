package io.posthorn.jms.session.dispatch;

import io.posthorn.engine.Reading;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the work of one session, its message listeners and completion callbacks, one at a time, on threads that it shares with others.
 * It has a claim to them from the first need until there is none; with a message listener it also keeps the JVM alive. The context
 * class loader of whoever made the claim is set meanwhile. Safe from any thread.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** What is the matter with the work. */
    private static final int NOTHING = 0;

    /** It waits for a thread. */
    private static final int READY = 1;

    private static final int RUNNING = 2;

    /** It runs, and there was a signal since it last looked. */
    private static final int SIGNALLED = 3;

    private final String name;
    private final BooleanSupplier work;
    private final SessionThreads threads;
    private final Reading reading;
    private final AtomicInteger state = new AtomicInteger(NOTHING);

    /** What the monitor of the threads guards. */
    private volatile boolean claiming;

    private volatile boolean keepingJvmAlive;
    private volatile ClassLoader loader;
    private boolean ended;

    /**
     * {@code work} does a bounded amount and says whether it did anything; when not, it is asked again after {@link #signal}. Whoever
     * did it last may wait in {@code reading} for what makes more.
     */
    public Dispatcher(String name, BooleanSupplier work, Reading reading) {
        this(name, work, reading, SessionThreads.JVM);
    }

    Dispatcher(String name, BooleanSupplier work, Reading reading, SessionThreads threads) {
        this.name = name;
        this.work = work;
        this.reading = reading;
        this.threads = threads;
    }

    /** Makes sure that there is a thread for signals that come from now on, and one that keeps the JVM alive if so asked for. */
    public void ensureRunning(boolean keepsJvmAlive) {
        if (!claiming || keepsJvmAlive && !keepingJvmAlive) {
            threads.claim(this, keepsJvmAlive, Thread.currentThread().getContextClassLoader());
        }
    }

    /** Does not keep the JVM alive any more, once what runs at the moment has returned. */
    public void letJvmEnd() {
        threads.letJvmEnd(this);
    }

    /** Ends the work after what it does at the moment; {@link #ensureRunning} begins again. */
    public void retire() {
        threads.giveUp(this, false);
    }

    /** Ends the work for good. */
    public void end() {
        threads.giveUp(this, true);
    }

    /** Says that there may be work. Never blocks, wakes at most one thread; from any thread. */
    public void signal() {
        while (claiming) {
            int seen = state.get();
            if (seen == READY || seen == SIGNALLED) {
                return;
            }
            if (state.compareAndSet(seen, seen == NOTHING ? READY : SIGNALLED)) {
                if (seen == NOTHING) {
                    threads.enqueue(this);
                }
                return;
            }
        }
    }

    /** Whether this thread does the work, and is not about to leave it to another. */
    public boolean isCurrentWorker() {
        return claiming && Thread.currentThread() instanceof Worker worker && worker.serves(this) && worker.isCurrent();
    }

    /** Whether this thread does the work. */
    public boolean isCurrentThread() {
        return Thread.currentThread() instanceof Worker worker && worker.serves(this);
    }

    // For the worker.

    Reading reading() {
        return reading;
    }

    /** A worker takes it. */
    void begin() {
        state.set(RUNNING);
    }

    /** Does a bounded amount; false when there was nothing to do. What is signalled from now on is not missed. */
    boolean step() {
        if (state.get() == SIGNALLED) {
            state.set(RUNNING);
        }
        try {
            return work.getAsBoolean();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a defect in the client; the session goes on", name, e);
            return true;
        }
    }

    /** The worker leaves it; true when it is to be taken again. */
    boolean finish(boolean unfinished) {
        if (claiming && (unfinished || !state.compareAndSet(RUNNING, NOTHING))) {
            state.set(READY);
            return true;
        }
        state.set(NOTHING);
        return false;
    }

    // For the threads, under their monitor.

    boolean isEnded() {
        return ended;
    }

    boolean isClaiming() {
        return claiming;
    }

    boolean isKeepingJvmAlive() {
        return keepingJvmAlive;
    }

    ClassLoader loader() {
        return loader;
    }

    /** It was given up while it waited for a worker. */
    void drop() {
        state.set(NOTHING);
    }

    void claim(boolean keepsJvmAlive, ClassLoader context) {
        loader = context;
        keepingJvmAlive = keepsJvmAlive;
        claiming = true;
    }

    void giveUp(boolean forGood) {
        ended |= forGood;
        claiming = false;
        keepingJvmAlive = false;
        loader = null;
    }

    @Override
    public String toString() {
        return name;
    }
}
