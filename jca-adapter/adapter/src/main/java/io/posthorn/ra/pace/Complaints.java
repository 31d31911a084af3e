package io.posthorn.ra.pace;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether a failure is worth a line in the log: the first, one of another kind, and of the same kind again only after a time that doubles
 * each time. One thread at a time.
 */
public final class Complaints {

    private static final long FIRST_PAUSE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_MAX_NS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier clockNs;
    private String last;
    private long loggedNs;
    private long pauseNs;

    public Complaints(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    public boolean isWorthALine(String text) {
        long nowNs = clockNs.getAsLong();
        if (!text.equals(last)) {
            last = text;
            pauseNs = FIRST_PAUSE_NS;
        } else if (nowNs - loggedNs < pauseNs) {
            return false;
        } else {
            pauseNs = Math.min(PAUSE_MAX_NS, pauseNs * 2);
        }
        loggedNs = nowNs;
        return true;
    }

    /** It works again: the next failure is a first one. */
    public void forget() {
        last = null;
    }
}
