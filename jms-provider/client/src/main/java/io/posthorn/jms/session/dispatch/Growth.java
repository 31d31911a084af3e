package io.posthorn.jms.session.dispatch;

/**
 * How many workers there should be, judged at each look of the watcher; under the monitor of the threads. It cannot always be seen from
 * outside whether a listener waits for a database or for a processor, and in the second case more workers are only more that are woken.
 * So: as many as there are processors may run; beside them, as many as were seen to wait. One more at a time where sessions wait for
 * long and things get done nevertheless, the later the more there are; twice as many each time when nothing gets done.
 */
final class Growth {

    private static final int STEP_MAX = 1 << 16;

    /** How quickly the share follows what is seen. */
    private static final double WEIGHT = 1.0 / 8;

    /** A smaller share would only say that all wait, which is known from their doing nothing. */
    private static final double RUNNING_MIN = 1.0 / 32;

    private final int processors;
    private double running = 1;
    private int step = 1;
    private int looks;

    Growth(int processors) {
        this.processors = processors;
    }

    /** Notes how many of those that work were seen waiting for something. */
    void sample(int working, int waiting) {
        if (working > 0) {
            double share = (double) (working - waiting) / working;
            running += (share - running) * WEIGHT;
        }
    }

    /** How many may work without anybody having to wait for long before. */
    int enough() {
        return (int) Math.round(processors / Math.max(RUNNING_MIN, running));
    }

    /**
     * How many are to be called beyond that.
     *
     * @param overdue how many sessions wait since before the last look
     * @param working how many workers serve a session
     * @param stuck how many of these have done nothing since the last look
     */
    int more(long overdue, int working, int stuck) {
        if (overdue <= 0) {
            step = 1;
            looks = 0;
            return 0;
        }
        if (stuck == working) {
            int more = step;
            step = Math.min(STEP_MAX, 2 * step);
            return (int) Math.min(more, overdue);
        }
        step = 1;
        looks++;
        if (looks <= working - stuck - enough()) {
            return 0;
        }
        looks = 0;
        return 1;
    }
}
