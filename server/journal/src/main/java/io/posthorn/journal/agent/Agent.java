package io.posthorn.journal.agent;

/** Work that is done a piece at a time, by a thread of its own or by a test. */
public interface Agent {

    /** There is nothing to do until somebody wakes the agent. */
    long UNTIL_WOKEN = Long.MAX_VALUE;

    /**
     * Does what there is to do.
     *
     * @return in how many nanoseconds there may be more: 0 for at once, {@link #UNTIL_WOKEN}
     */
    long work(long nowNs);

    /** Whether the agent has ended; it is not called any more then. */
    boolean isDone();

    /** The work threw what it should not have: an error of ours. The agent ends. */
    void onBug(Throwable bug);
}
