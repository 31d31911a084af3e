package io.posthorn.broker.admin;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.Destination;

/**
 * A queue or topic at one moment.
 *
 * @param name its name
 * @param temporary whether it belongs to a connection
 * @param subscriptions how many subscriptions a topic has; 0 for a queue
 * @param consumers how many consumers and browsers there are
 * @param messages what is in it; for a topic, in all of its subscriptions
 */
public record DestinationLine(String name, boolean temporary, int subscriptions, int consumers, Messages messages) {

    static DestinationLine of(Destination destination) {
        Messages messages = Messages.NONE;
        int consumers = 0;
        if (destination.queue() != null) {
            messages = Messages.of(destination.queue());
            consumers = destination.queue().dealer().consumerCount();
        }
        for (var subscription : destination.subscriptions()) {
            MessageQueue queue = subscription.queue();
            messages = messages.plus(Messages.of(queue));
            consumers += queue.dealer().consumerCount();
        }
        return new DestinationLine(
                destination.address().name(),
                destination.address().kind().isTemporary(),
                destination.subscriptions().size(),
                consumers,
                messages);
    }
}
