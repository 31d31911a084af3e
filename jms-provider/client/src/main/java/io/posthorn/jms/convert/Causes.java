package io.posthorn.jms.convert;

import jakarta.jms.JMSException;

/** Ties a cause to a JMS exception in both of the ways that people look for it: as cause and as linked exception. */
public final class Causes {

    private Causes() {}

    /** The failure itself, with {@code cause} behind it. */
    public static <E extends JMSException> E link(E failure, Throwable cause) {
        failure.initCause(cause);
        if (cause instanceof Exception exception) {
            failure.setLinkedException(exception);
        }
        return failure;
    }
}
