package io.posthorn.journal.file;

import io.posthorn.journal.disk.LogFile;
import java.io.IOException;
import java.util.function.LongSupplier;

/** How quick the disk has been of late. Syncs belong to the writer; anybody may ask. */
final class Pace {

    /** A disk whose syncs take less, on average, may be waited for by a thread that has other work. */
    private static final long QUICK_NS = 400_000;

    /** The latest sync counts for one in so many of the average. */
    private static final int LATEST_SHARE = 16;

    private final LongSupplier clockNs;
    private volatile long averageNs = QUICK_NS;

    Pace(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    void sync(LogFile file) throws IOException {
        long beganNs = clockNs.getAsLong();
        file.sync();
        long average = averageNs;
        averageNs = average + (clockNs.getAsLong() - beganNs - average) / LATEST_SHARE;
    }

    boolean isQuick() {
        return averageNs < QUICK_NS;
    }
}
