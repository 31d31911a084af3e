package io.posthorn.journal.agent;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The loop of an agent: work, and sleep when there is none. A wake-up costs a system call, so a thread that is awake is
 * only told to look again; and whoever would wait for the outcome anyway may borrow the agent from the sleeping thread,
 * which then sleeps on. A daemon: a log that nobody closed does not keep a process alive, and is found as after a crash.
 */
public final class AgentThread {

    private static final int RUNNING = 0;
    private static final int ASLEEP = 1;
    private static final int TOLD = 2;

    /** Another thread does the agent's work; this one must not. */
    private static final int LENT = 3;

    /** The same, and there is something that came later. */
    private static final int LENT_AND_TOLD = 4;

    /** A borrower leaves the rest to the thread after so many pieces of work. */
    private static final int PIECES_MAX = 4;

    private final Agent agent;
    private final LongSupplier clockNs;
    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(RUNNING);

    /** When the sleeping thread will look by itself; belongs to whoever holds the agent. */
    private long looksAtNs;

    private boolean looksByItself;

    public AgentThread(String name, Agent agent, LongSupplier clockNs) {
        this.agent = agent;
        this.clockNs = clockNs;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Any thread: there is something to do. */
    public void wake() {
        while (true) {
            int now = state.get();
            if (now == TOLD || now == LENT_AND_TOLD) {
                return;
            }
            if (state.compareAndSet(now, now == LENT ? LENT_AND_TOLD : TOLD)) {
                if (now == ASLEEP) {
                    LockSupport.unpark(thread);
                }
                return;
            }
        }
    }

    /** Any thread: whether it was asleep a moment ago. */
    public boolean isAsleep() {
        return state.get() == ASLEEP;
    }

    /** Any thread: does what there is to do, on this thread, if the agent is asleep. False if it is not. */
    public boolean workHere() {
        if (!state.compareAndSet(ASLEEP, LENT)) {
            return false;
        }
        boolean sleepOn = false;
        try {
            sleepOn = !agent.isDone() && workWhileThereIsSome();
        } catch (RuntimeException | Error bug) {
            agent.onBug(bug);
        } finally {
            if (!sleepOn || !state.compareAndSet(LENT, ASLEEP)) {
                state.set(TOLD);
                LockSupport.unpark(thread);
            }
        }
        return true;
    }

    /** Whether the thread may sleep for as long as it meant to. */
    private boolean workWhileThereIsSome() {
        for (int pieces = 0; pieces < PIECES_MAX; pieces++) {
            long nowNs = clockNs.getAsLong();
            long wait = agent.work(nowNs);
            if (wait > 0) {
                return !agent.isDone()
                        && (wait == Agent.UNTIL_WOKEN || (looksByItself && looksAtNs - (nowNs + wait) <= 0));
            }
        }
        return false;
    }

    /** Waits until the agent is done, whatever interrupts come. */
    public void awaitDone() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!agent.isDone()) {
                if (!claim()) {
                    LockSupport.park(this); // until the borrower is done
                    continue;
                }
                long nowNs = clockNs.getAsLong();
                long wait = agent.work(nowNs);
                if (wait > 0 && !agent.isDone()) {
                    sleep(nowNs, wait);
                }
            }
        } catch (RuntimeException | Error bug) {
            agent.onBug(bug);
        }
    }

    /** False while the agent is lent; whoever has it wakes this thread then. */
    private boolean claim() {
        while (true) {
            int now = state.get();
            if (now == LENT_AND_TOLD) {
                return false;
            }
            if (state.compareAndSet(now, now == LENT ? LENT_AND_TOLD : RUNNING)) {
                return now != LENT;
            }
        }
    }

    private void sleep(long nowNs, long wait) {
        looksByItself = wait != Agent.UNTIL_WOKEN;
        looksAtNs = nowNs + wait;
        if (state.compareAndSet(RUNNING, ASLEEP)) {
            if (wait == Agent.UNTIL_WOKEN) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, wait);
            }
            Thread.interrupted(); // nobody interrupts this thread; if somebody does, sleep is still sleep
        }
    }
}
