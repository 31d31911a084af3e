package io.posthorn.jms.consumer;

import io.posthorn.jms.PosthornDestination;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Topic;

/**
 * Checks what a consumer is asked for, destination first, then selector, then name, and says it to the server (sections 4.1,
 * 8.2 and 8.3).
 */
public final class Sources {

    private Sources() {}

    /** A queue, or a topic with a subscription of the consumer's own; noLocal means nothing for a queue. */
    public static Source unshared(Destination destination, String selector, boolean noLocal) throws JMSException {
        Address address = PosthornDestination.addressOf(destination);
        String condition = check(selector);
        boolean leaveOut = noLocal && address.kind().isTopic();
        return new Source(address, Source.Mode.CONSUME, null, false, false, leaveOut, condition);
    }

    public static Source shared(Topic topic, String name, String selector) throws JMSException {
        Address address = topicOf(topic);
        String condition = check(selector);
        checkName(name);
        return new Source(address, Source.Mode.CONSUME, name, false, true, false, condition);
    }

    /** A durable subscription of one consumer, which needs a client identifier. */
    public static Source durable(Topic topic, String name, String selector, boolean noLocal, String clientId)
            throws JMSException {
        Address address = lastingTopicOf(topic);
        String condition = check(selector);
        checkName(name);
        if (clientId == null) {
            throw JmsErrors.illegalState(
                    "the durable subscription '" + name + "' needs a client identifier: set one on the"
                            + " connection factory or with setClientID, or use a shared durable subscription");
        }
        return new Source(address, Source.Mode.CONSUME, name, true, false, noLocal, condition);
    }

    public static Source sharedDurable(Topic topic, String name, String selector) throws JMSException {
        Address address = lastingTopicOf(topic);
        String condition = check(selector);
        checkName(name);
        return new Source(address, Source.Mode.CONSUME, name, true, true, false, condition);
    }

    public static Source browse(Destination queue, String selector) throws JMSException {
        Address address = PosthornDestination.addressOf(queue);
        if (address.kind().isTopic()) {
            throw new InvalidDestinationException(address + " cannot be browsed; only queues can");
        }
        return Source.browse(address, check(selector));
    }

    private static Address topicOf(Topic topic) throws InvalidDestinationException {
        Address address = PosthornDestination.addressOf(topic);
        if (!address.kind().isTopic()) {
            throw new InvalidDestinationException(address + " is not a topic");
        }
        return address;
    }

    private static Address lastingTopicOf(Topic topic) throws InvalidDestinationException {
        Address address = topicOf(topic);
        if (address.kind().isTemporary()) {
            throw new InvalidDestinationException(
                    address + " ends with its connection and cannot have a durable subscription");
        }
        return address;
    }

    private static void checkName(String name) throws JMSException {
        if (name == null || name.isEmpty()) {
            throw new JMSException("a subscription needs a name; it was " + (name == null ? "null" : "empty"));
        }
    }

    /** The selector, or null when it is null or blank and selects everything. */
    private static String check(String selector) throws InvalidSelectorException {
        if (selector == null || selector.isBlank()) {
            return null;
        }
        try {
            Selector.parse(selector);
            return selector;
        } catch (InvalidSelectorSyntaxException e) {
            throw JmsErrors.caused(new InvalidSelectorException(e.getMessage()), e);
        }
    }
}
