package io.posthorn.broker.admin;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Routes;
import io.posthorn.broker.store.Subscription;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds out where a dead letter goes: to a queue that the operator named, or to where it came from. */
final class Forwarding {

    private static final String PREFIX = "JMS_POSTHORN_";
    private static final String ORIGIN = PREFIX + "ORIGIN";
    private static final String QUEUE_PREFIX = "queue '";

    private final DurableState state;
    private final Recorder recorder;
    private final Address to;

    /** Subscriptions by what dead letters call them; null for a name that several have. */
    private final Map<String, MessageQueue> subscriptions = new HashMap<>();

    /** @param to the queue to which all go; null for each to its origin */
    Forwarding(DurableState state, Recorder recorder, Address to) {
        this.state = state;
        this.recorder = recorder;
        this.to = to;
        for (Subscription subscription : state.directory().durables()) {
            MessageQueue queue = subscription.queue();
            boolean taken = subscriptions.containsKey(queue.toString());
            subscriptions.put(queue.toString(), taken ? null : queue);
        }
    }

    /** The way of a letter; it is a plain message again then. Nothing may be pending in the recorder. */
    Routes route(Envelope letter) throws Refusal {
        Map<String, Object> properties = new LinkedHashMap<>(letter.decodeProperties());
        Object origin = properties.get(ORIGIN);
        MessageQueue target = target(origin);
        properties.keySet().removeIf(name -> name.startsWith(PREFIX));
        EnvelopeBuilder message = EnvelopeBuilder.from(letter).properties(properties);
        if (to != null) {
            message.destination(to);
        }
        return Routes.to(target, message.build());
    }

    private MessageQueue target(Object origin) throws Refusal {
        if (to != null) {
            return require(to);
        }
        if (origin == null) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE, "a message does not say where it came from; name a queue for it (--to)");
        }
        String name = origin.toString();
        if (name.startsWith(QUEUE_PREFIX) && name.endsWith("'")) {
            return require(Address.queue(name.substring(QUEUE_PREFIX.length(), name.length() - 1)));
        }
        MessageQueue subscription = subscriptions.get(name);
        if (subscription == null) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    (subscriptions.containsKey(name) ? "several clients have a " : "there is no longer a ") + name
                            + "; name a queue for its messages (--to)");
        }
        return subscription;
    }

    private MessageQueue require(Address address) {
        Destination destination = state.directory().find(address);
        if (destination == null) {
            recorder.add(new LogRecord.DestinationCreated(state.directory().nextNumber(), address));
            recorder.commit(Flush.LAZY);
            destination = state.directory().find(address);
        }
        return destination.queue();
    }
}
