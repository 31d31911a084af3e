package io.posthorn.broker.limit;

import java.util.Locale;

/** Why a message is in the dead-letter queue. */
public enum DeathCause {
    /** It was handed to applications too often. */
    ATTEMPTS,
    /** Its time was over. */
    EXPIRED,
    /** The queue that it was sent to was full. */
    REJECTED;

    /** As the message says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
