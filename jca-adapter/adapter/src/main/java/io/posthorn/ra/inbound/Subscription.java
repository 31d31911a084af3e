package io.posthorn.ra.inbound;

import io.posthorn.jms.consumer.PosthornConsumer;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.UUID;

/**
 * What the receivers of an endpoint consume, and how many of them there may be. Immutable. No record, of which the build for javax would
 * not rename the components' types.
 */
final class Subscription {

    /** How many messages an endpoint handles at a time when nothing is said and order is not asked for. */
    static final int RECEIVERS_DEFAULT = 10;

    private final Destination destination;

    /** Null for a queue, and for a topic that one receiver hears alone. */
    private final String name;

    private final boolean durable;
    private final boolean shared;
    private final String selector;
    private final int receivers;

    private Subscription(
            Destination destination, String name, boolean durable, boolean shared, String selector, int receivers) {
        this.destination = destination;
        this.name = name;
        this.durable = durable;
        this.shared = shared;
        this.selector = selector;
        this.receivers = receivers;
    }

    static Subscription of(EndpointProperties spec, Destination destination) {
        Integer asked = spec.getMaxConcurrency();
        int many = asked == null ? RECEIVERS_DEFAULT : asked;
        String selector = spec.getMessageSelector();
        if (!(destination instanceof Topic)) {
            return new Subscription(destination, null, false, false, selector, many);
        }
        boolean durable = SpecCheck.isDurable(spec);
        if (SpecCheck.isTrue(spec.getShareSubscriptions())) {
            return new Subscription(destination, spec.getSubscriptionName(), durable, true, selector, many);
        }
        if (durable) {
            return new Subscription(destination, spec.getSubscriptionName(), true, false, selector, 1);
        }
        if (asked == null || asked == 1) {
            return new Subscription(destination, null, false, false, selector, 1);
        }
        // A subscription whose name nobody else knows lets several receivers work on one row of messages.
        return new Subscription(destination, "posthorn-ra-" + UUID.randomUUID(), false, true, selector, asked);
    }

    /** How many there may be, at least 1. */
    int receivers() {
        return receivers;
    }

    PosthornConsumer open(Session session) throws JMSException {
        return (PosthornConsumer) consumer(session);
    }

    private MessageConsumer consumer(Session session) throws JMSException {
        if (name == null) {
            return session.createConsumer(destination, selector);
        }
        Topic topic = (Topic) destination;
        if (durable && shared) {
            return session.createSharedDurableConsumer(topic, name, selector);
        }
        return durable
                ? session.createDurableConsumer(topic, name, selector, false)
                : session.createSharedConsumer(topic, name, selector);
    }
}
