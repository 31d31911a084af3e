package io.posthorn.jms.message;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Makes the message identifiers of one connection: {@code ID:}, the connection's identifier in short form, and a count. Unique
 * as long as connections' identifiers are. Safe from any thread.
 */
public final class MessageIds {

    /** So many have all but their last digits in common, which are made once. */
    private static final int ROW = 1000;

    private static final String[] LAST_DIGITS =
            IntStream.range(0, ROW).mapToObj("%03d"::formatted).toArray(String[]::new);

    private final String prefix;
    private final AtomicLong count = new AtomicLong();
    private volatile Row row;

    public MessageIds(UUID connection) {
        prefix = "ID:"
                + Long.toUnsignedString(connection.getMostSignificantBits(), Character.MAX_RADIX)
                + '-'
                + Long.toUnsignedString(connection.getLeastSignificantBits(), Character.MAX_RADIX)
                + '-';
        row = new Row(0, prefix);
    }

    public String next() {
        long number = count.incrementAndGet();
        Row current = row;
        if (current.number != number / ROW) {
            current = new Row(number / ROW, prefix + number / ROW);
            row = current;
        }
        return current.text.concat(LAST_DIGITS[(int) (number % ROW)]);
    }

    /** What identifiers begin with whose counts are the same but for the last digits. */
    private record Row(long number, String text) {}
}
