package io.posthorn.broker.limit;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a queue that has limits is full, and since when. A queue counts as full from the first message that it has no room
 * for until it has fallen an eighth below its limits, so that one that is always about full is told of once. Who is let in is
 * decided by {@link #fits} alone.
 */
public final class Fullness {

    private static final Logger LOG = LoggerFactory.getLogger(Fullness.class);

    private final String label;
    private final QueueLimit limit;
    private long sinceMs;

    /** {@code label} is what the queue is, for people. */
    public Fullness(String label, QueueLimit limit) {
        this.label = label;
        this.limit = limit;
    }

    public LimitPolicy policy() {
        return limit.policy();
    }

    /** Whether so much is not too much. */
    public boolean fits(long messages, long bytes) {
        return messages <= limit.messagesMax() && bytes <= limit.bytesMax();
    }

    /** Something had no room beside what there is. */
    public void hit(long messages, long bytes, long nowMs) {
        if (sinceMs == 0) {
            sinceMs = nowMs;
            LOG.warn("{}; it is handled as its when-full says: {}", text(messages, bytes), limit.policy());
        }
    }

    /** Something left, and so much is still there. */
    public void left(long messages, long bytes, long nowMs) {
        if (sinceMs != 0 && isWellBelow(messages, limit.messagesMax()) && isWellBelow(bytes, limit.bytesMax())) {
            LOG.info("{} has room again, after {} ms", label, nowMs - sinceMs);
            sinceMs = 0;
        }
    }

    private static boolean isWellBelow(long now, long max) {
        return now < max - max / 8;
    }

    /** Since when it is full, ms since 1970; 0 while it is not. */
    public long sinceMs() {
        return sinceMs;
    }

    /** Which limit it is, its value, and since when. */
    public String text(long messages, long bytes) {
        StringBuilder text = new StringBuilder(label).append(" is full since ").append(Instant.ofEpochMilli(sinceMs));
        text.append(": it has ").append(messages).append(" messages");
        if (limit.messagesMax() != Long.MAX_VALUE) {
            text.append(" (messages-max is ").append(limit.messagesMax()).append(')');
        }
        text.append(" of ").append(bytes).append(" bytes");
        if (limit.bytesMax() != Long.MAX_VALUE) {
            text.append(" (bytes-max is ").append(limit.bytesMax()).append(')');
        }
        return text.toString();
    }
}
