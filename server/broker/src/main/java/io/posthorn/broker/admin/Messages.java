package io.posthorn.broker.admin;

import io.posthorn.broker.queue.MessageQueue;

/**
 * What a queue holds at one moment.
 *
 * @param depth how many messages there are, whoever holds them
 * @param ready how many of them could be delivered now
 */
public record Messages(long depth, long ready) {

    static final Messages NONE = new Messages(0, 0);

    static Messages of(MessageQueue queue) {
        return new Messages(queue.depth(), queue.backlog().readyCount());
    }

    Messages plus(Messages other) {
        return new Messages(depth + other.depth, ready + other.ready);
    }
}
