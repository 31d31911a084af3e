package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;

/** Where a consumer's deliveries go. */
public interface Receiver {

    /** No durable position needs to be reached first. */
    long NO_GATE = -1;

    /**
     * Sends an entry to the client, once the log has passed {@code gate} ({@code synced} says whether written is
     * enough).
     */
    void deliver(QueueConsumer consumer, Outgoing outgoing);

    /** Whether so much is on its way that no more should be delivered for now; whoever says so has the consumer pumped later. */
    default boolean isFull() {
        return false;
    }

    /** All that there was for the consumer has been delivered, and its credit is spent or revoked. */
    void drained(QueueConsumer consumer, long token);

    /** Others have nothing to do, and this consumer leaves alone what it was sent: asks for what was not started. */
    void recall(QueueConsumer consumer);

    /** One delivery: what, how often before, and what must be durable first. */
    record Outgoing(long entry, int attempts, boolean redelivered, Content content, long gate, boolean synced) {}
}
