package io.posthorn.examples.benchmark.scenario;

import jakarta.jms.DeliveryMode;

/** How a message is sent. */
public enum SendMode {
    /** The provider decides how long {@code send} takes. */
    NON_PERSISTENT,
    /** {@code send} returns when the message is on the disk. */
    PERSISTENT,
    /** Persistent, with a {@code CompletionListener} and a bound on what is in flight. */
    ASYNCHRONOUS;

    public int deliveryMode() {
        return this == NON_PERSISTENT ? DeliveryMode.NON_PERSISTENT : DeliveryMode.PERSISTENT;
    }
}
