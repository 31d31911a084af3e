package io.posthorn.broker.limit;

/**
 * How much a queue may hold.
 *
 * @param messagesMax how many messages; {@link Long#MAX_VALUE} for any number
 * @param bytesMax how long they may be together, in bytes; {@link Long#MAX_VALUE} for any length
 * @param policy what happens beyond that; null for what is usual: BLOCK for a queue, REJECT for a subscription
 */
public record QueueLimit(long messagesMax, long bytesMax, LimitPolicy policy) {

    /** No limit. */
    public static final QueueLimit NONE = new QueueLimit(Long.MAX_VALUE, Long.MAX_VALUE, null);

    public QueueLimit {
        if (messagesMax < 1 || bytesMax < 1) {
            throw new IllegalArgumentException(
                    "a queue of at most " + messagesMax + " messages, " + bytesMax + " bytes");
        }
    }

    public boolean isNone() {
        return messagesMax == Long.MAX_VALUE && bytesMax == Long.MAX_VALUE;
    }

    /** The same with this policy, where none was chosen. */
    public QueueLimit orElse(LimitPolicy usual) {
        return policy != null ? this : new QueueLimit(messagesMax, bytesMax, usual);
    }
}
