package io.posthorn.jms.session.dispatch;

/**
 * How many workers more are to be called than are let work anyway, judged at each look of the watcher. It cannot be seen from outside
 * whether a listener waits for a database or for a processor, so: as long as work gets done, one by one, and the more there are the
 * slower, since with busy processors it would only wake threads for nothing; when nothing gets done, twice as many each time.
 */
final class Growth {

    private static final int STEP_MAX = 1 << 16;

    private int step = 1;
    private int looks;

    /**
     * @param overdue how many sessions wait since before the last look
     * @param working how many workers serve a session
     * @param stuck how many of these have done nothing since the last look
     * @param enough how many may work in any case
     */
    int more(long overdue, int working, int stuck, int enough) {
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
        if (looks <= working - stuck - enough) {
            return 0;
        }
        looks = 0;
        return 1;
    }
}
