package io.posthorn.journal.file;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is tried again until it works, said once when it begins to fail and once when it works again. */
final class Retry {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final long delayNs;
    private volatile Pressure pressure;
    private volatile boolean now;
    private long nextNs;

    Retry(long delayNs) {
        this.delayNs = delayNs;
    }

    /** What is waited for, or null. For any thread. */
    Pressure pressure() {
        return pressure;
    }

    /** Do not wait for the next attempt. For any thread. */
    void now() {
        now = true;
    }

    boolean isDue(long nowNs) {
        return pressure == null || now || nowNs - nextNs >= 0;
    }

    long waitNs(long nowNs) {
        return pressure == null ? Agent.UNTIL_WOKEN : Math.max(1, nextNs - nowNs);
    }

    void failed(long nowNs, String what, IOException cause) {
        now = false;
        nextNs = nowNs + delayNs;
        if (pressure == null) {
            pressure = new Pressure(what + ": " + cause + ". It is tried again until there is room.", nowNs);
            LOG.warn("{}", pressure.text());
        }
    }

    void succeeded() {
        now = false;
        if (pressure != null) {
            LOG.info("It works again: {}", pressure.text());
            pressure = null;
        }
    }
}
