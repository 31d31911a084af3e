package io.posthorn.journal.file;

import io.posthorn.journal.agent.Agent;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.journal.disk.LogFolder;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether enough of the disk is free: {@link Pressure} while it is not. What is left below the limit is for what frees space
 * again, acknowledgements and checkpoints. Belongs to the keeper; {@link #pressure} is for any thread.
 */
final class FreeRoom {

    private static final Logger LOG = LoggerFactory.getLogger(FreeRoom.class);

    private final LogFolder folder;
    private final long bytesMin;
    private final long intervalNs;
    private volatile Pressure pressure;
    private boolean looked;
    private boolean unknownTold;
    private long nextNs;

    FreeRoom(LogFolder folder, long bytesMin, long intervalNs) {
        this.folder = folder;
        this.bytesMin = bytesMin;
        this.intervalNs = intervalNs;
    }

    Pressure pressure() {
        return pressure;
    }

    long waitNs(long nowNs) {
        return bytesMin == 0 ? Agent.UNTIL_WOKEN : Math.max(1, nextNs - nowNs);
    }

    /** Something took room: the next look is not to wait. */
    void taken() {
        looked = false;
    }

    /** Looks at the disk, if it is time. */
    void look(long nowNs) {
        if (bytesMin == 0 || (looked && nowNs - nextNs < 0)) {
            return;
        }
        looked = true;
        nextNs = nowNs + intervalNs;
        try {
            judge(folder.freeBytes(), nowNs);
        } catch (IOException e) {
            if (!unknownTold) {
                unknownTold = true;
                LOG.warn("Cannot see how much of the disk of {} is free: {}", folder.place(), e.toString());
            }
        }
    }

    private void judge(long free, long nowNs) {
        if (free < bytesMin) {
            if (pressure == null) {
                LOG.warn("The disk of {} has {} bytes free; disk-free-min is {}", folder.place(), free, bytesMin);
            }
            long sinceNs = pressure == null ? nowNs : pressure.sinceNs();
            pressure = new Pressure(
                    "the disk of " + folder.place() + " has " + free + " bytes free; disk-free-min is " + bytesMin,
                    sinceNs);
        } else if (pressure != null) {
            LOG.info("The disk of {} has room again: {} bytes", folder.place(), free);
            pressure = null;
        }
    }
}
