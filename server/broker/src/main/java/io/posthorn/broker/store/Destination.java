package io.posthorn.broker.store;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.wire.frame.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A queue or topic that exists. A queue has its messages here; a topic has them in its subscriptions. */
public final class Destination {

    private final long number;
    private final Address address;
    private final MessageQueue queue;
    private final UUID owner;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean deleted;

    /**
     * @param queue the messages of a queue; null for a topic
     * @param owner the connection whose temporary destination this is; null for one that stays
     */
    Destination(long number, Address address, MessageQueue queue, UUID owner) {
        this.number = number;
        this.address = address;
        this.queue = queue;
        this.owner = owner;
    }

    public long number() {
        return number;
    }

    public Address address() {
        return address;
    }

    public MessageQueue queue() {
        return queue;
    }

    public UUID owner() {
        return owner;
    }

    /** The subscriptions of a topic, in the order in which they came. */
    public List<Subscription> subscriptions() {
        return subscriptions;
    }

    public boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    /** Whether anything receives from it. */
    public boolean hasConsumers() {
        if (queue != null) {
            return queue.dealer().consumerCount() > 0;
        }
        for (Subscription subscription : subscriptions) {
            if (subscription.queue().dealer().consumerCount() > 0) {
                return true;
            }
        }
        return false;
    }
}
