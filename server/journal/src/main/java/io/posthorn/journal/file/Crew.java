package io.posthorn.journal.file;

import io.posthorn.journal.agent.AgentThread;
import java.util.function.LongSupplier;

/**
 * The two agents of a journal and what drives them: a thread for each ("posthorn-journal", "posthorn-journal-keeper"), or
 * the caller, step by step. An owner that has had nothing else to do for a while is lent the writer: the messages of senders
 * that wait then go to the disk and back without waking a thread.
 */
final class Crew implements Staging.Pump {

    private static final int IDLE_STEPS_MAX = 1000;

    /** So often must the owner have had nothing else to do before it writes itself. */
    private static final int ALONE_LEAST = 16;

    /** It is not counted any further. */
    private static final int ALONE_MOST = 32;

    /** So much does it count when it had, so that it may have in a ninth of its turns. */
    private static final int OTHER_WORK_WEIGHT = 8;

    private final LongSupplier clockNs;
    private final boolean threaded;
    private LogWriter writer;
    private Keeper keeper;
    private AgentThread writerThread;
    private AgentThread keeperThread;

    /** The owner's. */
    private int aloneCount;

    Crew(LongSupplier clockNs, boolean threaded) {
        this.clockNs = clockNs;
        this.threaded = threaded;
    }

    LongSupplier clockNs() {
        return clockNs;
    }

    void start(LogWriter newWriter, Keeper newKeeper) {
        writer = newWriter;
        keeper = newKeeper;
        if (threaded) {
            writerThread = new AgentThread("posthorn-journal", writer, clockNs);
            keeperThread = new AgentThread("posthorn-journal-keeper", keeper, clockNs);
            keeper.wakeBy(writerThread::wake, keeperThread::wake);
            writerThread.start();
            keeperThread.start();
        }
    }

    @Override
    public void wake() {
        if (threaded) {
            writerThread.wake();
        }
    }

    @Override
    public void onOtherWork() {
        aloneCount = Math.max(0, aloneCount - OTHER_WORK_WEIGHT);
    }

    @Override
    public boolean hurry() {
        if (!threaded) {
            return false;
        }
        aloneCount = Math.min(aloneCount + 1, ALONE_MOST);
        if (aloneCount >= ALONE_LEAST && writer.isQuick()) {
            if (writer.leaveRest()) {
                return false;
            }
            if (writerThread.workHere()) {
                return true;
            }
        }
        writerThread.wake();
        return false;
    }

    /** Without threads: one round of each agent; whether the writer has more to do. */
    boolean step() {
        if (threaded) {
            throw new IllegalStateException("This journal has threads of its own");
        }
        boolean more = !writer.isDone() && writer.work(clockNs.getAsLong()) == 0;
        if (!keeper.isDone()) {
            keeper.work(clockNs.getAsLong());
        }
        return more || (!writer.isDone() && keeper.isAwaitedSegmentReady());
    }

    /** Writes what was flushed, ends both agents, the writer first. */
    void finish() {
        keeper.lastAttempt();
        writer.close();
        if (threaded) {
            writerThread.wake();
            keeperThread.wake();
            writerThread.awaitDone();
            keeper.close();
            keeperThread.wake();
            keeperThread.awaitDone();
            return;
        }
        for (int steps = 0; !writer.isDone(); steps++) {
            if (steps > IDLE_STEPS_MAX) {
                throw new IllegalStateException("The journal's writer does not come to an end");
            }
            step();
        }
        keeper.close();
        step();
    }
}
