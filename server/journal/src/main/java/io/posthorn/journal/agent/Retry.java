package io.posthorn.journal.agent;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is tried again until it works, said once when it begins to fail and once when it works again. */
public final class Retry {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final long delayNs;
    private volatile Pressure pressure;
    private volatile boolean now;
    private long nextNs;

    public Retry(long delayNs) {
        this.delayNs = delayNs;
    }

    /** What is waited for, or null. For any thread. */
    public Pressure pressure() {
        return pressure;
    }

    /** Do not wait for the next attempt. For any thread. */
    public void now() {
        now = true;
    }

    public boolean isDue(long nowNs) {
        return pressure == null || now || nowNs - nextNs >= 0;
    }

    public long waitNs(long nowNs) {
        return pressure == null ? Agent.UNTIL_WOKEN : Math.max(1, nextNs - nowNs);
    }

    public void failed(long nowNs, String what, IOException cause) {
        now = false;
        nextNs = nowNs + delayNs;
        if (pressure == null) {
            pressure = new Pressure(what + ": " + cause + ". It is tried again until there is room.", nowNs);
            LOG.warn("{}", pressure.text());
        }
    }

    public void succeeded() {
        now = false;
        if (pressure != null) {
            LOG.info("It works again: {}", pressure.text());
            pressure = null;
        }
    }
}
