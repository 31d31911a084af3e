package io.posthorn.broker.admin;

import io.posthorn.broker.limit.Tally;
import io.posthorn.broker.queue.MessageQueue;

/**
 * What a queue holds at one moment.
 *
 * @param depth how many messages there are, whoever holds them
 * @param ready how many of them could be delivered now
 * @param inFlight how many a consumer, or a transaction that is not decided, holds
 * @param bytes how long they are together
 * @param oldestMs when the oldest was sent, ms since 1970; 0 when there is none
 * @param others what became of others, since the start of the broker
 */
public record Messages(long depth, long ready, long inFlight, long bytes, long oldestMs, Tally.Counts others) {

    static final Messages NONE = new Messages(0, 0, 0, 0, 0, Tally.Counts.NONE);

    static Messages of(MessageQueue queue) {
        return new Messages(
                queue.depth(),
                queue.backlog().readyCount(),
                queue.backlog().takenCount(),
                queue.backlog().contentBytes(),
                queue.backlog().oldestSentS() * 1000,
                queue.tally().counts());
    }

    Messages plus(Messages other) {
        return new Messages(
                depth + other.depth,
                ready + other.ready,
                inFlight + other.inFlight,
                bytes + other.bytes,
                oldestMs == 0 || other.oldestMs == 0 ? oldestMs + other.oldestMs : Math.min(oldestMs, other.oldestMs),
                others.plus(other.others));
    }
}
