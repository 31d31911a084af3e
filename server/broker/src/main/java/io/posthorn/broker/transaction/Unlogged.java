package io.posthorn.broker.transaction;

import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.Routes;
import java.util.List;

/** The part of a prepared branch that is only in memory. */
record Unlogged(List<Routes> routes, List<Settlement> settlements, List<BodyHold> bodies, long bytes) {

    /** Whether a message of it goes to a queue, or one of the queue's is acknowledged. */
    boolean needs(MessageQueue queue) {
        return routes.stream().anyMatch(route -> route.unlogged().contains(queue)) || settles(queue);
    }

    boolean settles(MessageQueue queue) {
        return settlements.stream().anyMatch(settlement -> settlement.queue() == queue);
    }
}
