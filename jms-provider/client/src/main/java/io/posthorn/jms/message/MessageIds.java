package io.posthorn.jms.message;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the message identifiers of one connection: {@code ID:}, the connection's identifier in short form, and a count. Unique
 * as long as connections' identifiers are. Safe from any thread.
 */
public final class MessageIds {

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    public MessageIds(UUID connection) {
        prefix = "ID:"
                + Long.toUnsignedString(connection.getMostSignificantBits(), Character.MAX_RADIX)
                + '-'
                + Long.toUnsignedString(connection.getLeastSignificantBits(), Character.MAX_RADIX)
                + '-';
    }

    public String next() {
        return prefix + count.incrementAndGet();
    }
}
