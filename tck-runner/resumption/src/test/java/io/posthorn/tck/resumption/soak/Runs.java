package io.posthorn.tck.resumption.soak;

/** Which run of the server it is, told by the breaker and read by everybody. Runs are counted from 0. */
final class Runs {

    /** Given for the current run while the server is being started again. */
    static final int NONE = -1;

    private volatile int ended;
    private volatile int ready;

    /** The run is about to be ended. */
    void end() {
        ended = ready + 1;
    }

    /** The next run is ready. */
    void begin() {
        ready = ended;
    }

    /** The run that goes on, or {@link #NONE}. */
    int current() {
        int run = ready;
        return run == ended ? run : NONE;
    }

    /** How many runs were ended so far. */
    int endedCount() {
        return ended;
    }
}
