package io.posthorn.broker.store;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.BrokerSettings.Destinations;
import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.queue.Courier;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What exists: destinations by address, queues by number, subscriptions by name. The durable part changes only by replaying
 * records ({@link DurableState}); temporary destinations and non-durable subscriptions come and go directly.
 */
public final class Directory {

    private final Destinations settings;
    private final Courier courier;
    private final ContentMemory memory;
    private final Residency residency;
    private final Map<Address, Destination> destinations = new LinkedHashMap<>();
    private final Map<UUID, List<Destination>> temporaries = new HashMap<>();
    private final Map<Long, MessageQueue> queues = new LinkedHashMap<>();
    private final Map<Subscription.Key, Subscription> durables = new LinkedHashMap<>();
    private final Map<Subscription.Key, Subscription> sharedVolatiles = new HashMap<>();
    private final Bodies bodies = new Bodies();
    private final long firstEntry;
    private long lastNumber;
    private long lastVolatileNumber;

    /**
     * @param firstEntry the lowest number that an entry gets in this run, above all of earlier runs: what a client still
     *     holds of a run that ended is never taken for something else
     */
    public Directory(
            Destinations settings, Courier courier, ContentMemory memory, Residency residency, long firstEntry) {
        this.settings = settings;
        this.courier = courier;
        this.memory = memory;
        this.residency = residency;
        this.firstEntry = firstEntry;
    }

    long nowMs() {
        return courier.nowMs();
    }

    /** The destination of this address, or null. */
    public Destination find(Address address) {
        return destinations.get(address);
    }

    public Collection<Destination> destinations() {
        return destinations.values();
    }

    /** The queue of this number in the log, or null. */
    public MessageQueue queue(long number) {
        return queues.get(number);
    }

    /** Long bodies, and who needs them. */
    public Bodies bodies() {
        return bodies;
    }

    /** The queue whose entries are the pieces of long bodies; made when it is first asked for. */
    public MessageQueue piecesForMore() {
        MessageQueue pieces = queues.get(Bodies.QUEUE);
        if (pieces == null) {
            pieces = new MessageQueue(
                    Bodies.QUEUE,
                    "the bodies of long messages",
                    true,
                    DestinationSettings.DEFAULTS,
                    courier,
                    new ContentMemory(0),
                    residency);
            pieces.startNumbersAt(firstEntry);
            queues.put(Bodies.QUEUE, pieces);
        }
        return pieces;
    }

    /** All queues, durable or not, of destinations and subscriptions. */
    public Collection<MessageQueue> queues() {
        return queues.values();
    }

    public Subscription durable(Subscription.Key key) {
        return durables.get(key);
    }

    public Collection<Subscription> durables() {
        return durables.values();
    }

    public Subscription sharedVolatile(Subscription.Key key) {
        return sharedVolatiles.get(key);
    }

    /** The number for the next durable queue, topic or subscription. */
    public long nextNumber() {
        return lastNumber + 1;
    }

    /** No durable queue, topic or subscription gets a number up to this one any more. */
    void lastNumber(long number) {
        lastNumber = Math.max(lastNumber, number);
    }

    public Destination createTemporary(Address address, UUID owner) {
        long number = nextVolatileNumber();
        MessageQueue queue =
                address.kind().isTopic() ? null : queue(number, address.toString(), false, settingsOf(address));
        Destination destination = new Destination(number, address, queue, owner);
        destinations.put(address, destination);
        temporaries.computeIfAbsent(owner, key -> new ArrayList<>()).add(destination);
        return destination;
    }

    /** The temporary destinations of a connection. */
    public Collection<Destination> temporaries(UUID owner) {
        return List.copyOf(temporaries.getOrDefault(owner, List.of()));
    }

    /** Deletes all temporary destinations of a connection that is over. */
    public void deleteTemporaries(UUID owner) {
        temporaries(owner).forEach(this::deleteTemporary);
    }

    public void deleteTemporary(Destination destination) {
        destinations.remove(destination.address());
        destination.delete();
        temporaries.computeIfPresent(destination.owner(), (owner, all) -> {
            all.remove(destination);
            return all.isEmpty() ? null : all;
        });
        if (destination.queue() != null) {
            dispose(destination.queue());
        }
        for (Subscription subscription : destination.subscriptions()) {
            dispose(subscription.queue());
        }
    }

    /** Makes a non-durable subscription; {@code key} is null unless it is shared. */
    public Subscription createVolatile(
            Destination topic, Subscription.Key key, boolean noLocal, UUID owner, String text, Selector selector) {
        String label = "subscription on " + topic.address();
        MessageQueue queue = queue(nextVolatileNumber(), label, false, settingsOf(topic.address()));
        Subscription subscription =
                new Subscription(topic, queue, key, false, key != null, noLocal, owner, text, selector);
        topic.subscriptions().add(subscription);
        if (key != null) {
            sharedVolatiles.put(key, subscription);
        }
        return subscription;
    }

    /** Ends a non-durable subscription with all that it has. */
    public void deleteVolatile(Subscription subscription) {
        subscription.topic().subscriptions().remove(subscription);
        if (subscription.key() != null) {
            sharedVolatiles.remove(subscription.key(), subscription);
        }
        dispose(subscription.queue());
    }

    /** Forgets all that is in the log, which is about to be told anew. */
    void clear() {
        queues.values().forEach(queue -> queue.end(false));
        bodies.clear();
        queues.clear();
        durables.clear();
        destinations.clear();
    }

    void createDestination(long number, Address address) {
        lastNumber = Math.max(lastNumber, number);
        MessageQueue queue =
                address.kind().isTopic() ? null : queue(number, address.toString(), true, settingsOf(address));
        destinations.put(address, new Destination(number, address, queue, null));
    }

    void createDurable(long number, Destination topic, Subscription.Key key, SubscriptionTerms terms) {
        lastNumber = Math.max(lastNumber, number);
        String label = "subscription '" + key.name() + "' on " + topic.address();
        MessageQueue queue = queue(number, label, true, settingsOf(topic.address()));
        Subscription subscription = new Subscription(
                topic, queue, key, true, terms.shared(), terms.noLocal(), null, terms.text(), terms.selector());
        topic.subscriptions().add(subscription);
        durables.put(key, subscription);
    }

    /** What a subscription was asked for with. */
    record SubscriptionTerms(boolean shared, boolean noLocal, String text, Selector selector) {}

    void delete(long number) {
        MessageQueue queue = queues.get(number);
        if (queue != null) {
            dispose(queue);
        }
        durables.values().removeIf(subscription -> {
            boolean same = subscription.queue() == queue;
            if (same) {
                subscription.topic().subscriptions().remove(subscription);
            }
            return same;
        });
        destinations.values().removeIf(destination -> {
            boolean same = destination.number() == number && destination.owner() == null;
            if (same) {
                destination.delete();
            }
            return same;
        });
    }

    private void dispose(MessageQueue queue) {
        queues.remove(queue.number());
        queue.end(true);
    }

    /** A topic's publishers do not wait for one of its subscribers unless they are told to. */
    private DestinationSettings settingsOf(Address address) {
        DestinationSettings found = settings.of(address.name());
        LimitPolicy usual = address.kind().isTopic() ? LimitPolicy.REJECT : LimitPolicy.BLOCK;
        return found.withLimit(found.limit().orElse(usual));
    }

    private MessageQueue queue(long number, String label, boolean durable, DestinationSettings found) {
        MessageQueue queue = new MessageQueue(number, label, durable, found, courier, memory, residency);
        queue.startNumbersAt(firstEntry);
        queue.longBodies().areIn(bodies);
        queues.put(number, queue);
        return queue;
    }

    /** Numbers below zero, so that they never meet one of the log. */
    private long nextVolatileNumber() {
        return --lastVolatileNumber;
    }
}
