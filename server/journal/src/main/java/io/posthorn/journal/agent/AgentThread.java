package io.posthorn.journal.agent;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The loop of an agent: work, and sleep when there is none. A wake-up costs a system call, so a thread that is awake
 * is
 * only told to look again. A daemon: a log that nobody closed does not keep a process alive, and is found as after a
 * crash.
 */
public final class AgentThread {

    private static final int RUNNING = 0;
    private static final int ASLEEP = 1;
    private static final int TOLD = 2;

    private final Agent agent;
    private final LongSupplier clockNs;
    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(RUNNING);

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
            if (now == TOLD) {
                return;
            }
            if (state.compareAndSet(now, TOLD)) {
                if (now == ASLEEP) {
                    LockSupport.unpark(thread);
                }
                return;
            }
        }
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
                state.set(RUNNING);
                long wait = agent.work(clockNs.getAsLong());
                if (wait > 0 && !agent.isDone() && state.compareAndSet(RUNNING, ASLEEP)) {
                    if (wait == Agent.UNTIL_WOKEN) {
                        LockSupport.park(this);
                    } else {
                        LockSupport.parkNanos(this, wait);
                    }
                    Thread.interrupted(); // nobody interrupts this thread; if somebody does, sleep is still sleep
                }
            }
        } catch (RuntimeException | Error bug) {
            agent.onBug(bug);
        }
    }
}
