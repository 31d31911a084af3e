package io.posthorn.jms;

import io.posthorn.wire.frame.Address;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.Topic;
import java.io.Serializable;
import java.util.Objects;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.naming.Referenceable;
import javax.naming.StringRefAddr;

/**
 * A queue or topic by name (JMS 3.1 section 2.3). Nothing but a name: making one reaches no server. Serialisable, and bindable in a
 * naming service through {@link #getReference()}. Two are equal when kind and name are. Safe from any thread, as long as nobody
 * changes the name, which only bean containers should do.
 */
public abstract class PosthornDestination implements Destination, Referenceable, Serializable {

    /** The attribute of a {@link Reference} that holds the name. */
    public static final String NAME_ATTRIBUTE = "physicalName";

    private static final long serialVersionUID = 1L;

    private final Address.Kind kind;
    private String name;
    private transient volatile Address address;

    PosthornDestination(Address.Kind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** The destination of an address. One that is temporary cannot be deleted with it: only its connection can. */
    public static PosthornDestination of(Address address) {
        PosthornDestination made = switch (address.kind()) {
            case QUEUE -> new PosthornQueue(address.name());
            case TOPIC -> new PosthornTopic(address.name());
            case TEMPORARY_QUEUE -> new PosthornTemporaryQueue(address.name(), null);
            case TEMPORARY_TOPIC -> new PosthornTemporaryTopic(address.name(), null);
        };
        made.address = address;
        return made;
    }

    /**
     * The address of any destination: of another provider's, or of a proxy, through the name it gives. One that is null or
     * has no usable name is an {@link InvalidDestinationException}.
     */
    public static Address addressOf(Destination destination) throws InvalidDestinationException {
        if (destination instanceof PosthornDestination own) {
            Address known = own.address;
            if (known != null) {
                return known;
            }
            checkName(own.kind, own.name);
            return own.address();
        }
        if (destination == null) {
            throw new InvalidDestinationException("no destination is given: it is null");
        }
        return foreignAddress(destination);
    }

    /** Refuses a name that is null, empty, too long, or no text that can be encoded. */
    public static void checkName(Address.Kind kind, String name) throws InvalidDestinationException {
        String label = kind.isTopic() ? "topic" : "queue";
        if (name == null || name.isEmpty()) {
            throw new InvalidDestinationException(
                    "a " + label + " needs a name; it was " + (name == null ? "null" : "empty"));
        }
        if (name.length() > Address.NAME_LENGTH_MAX) {
            throw new InvalidDestinationException("the name of a " + label + " has " + name.length()
                    + " characters; at most " + Address.NAME_LENGTH_MAX + " are allowed: '" + name.substring(0, 40)
                    + "...'");
        }
        int point;
        for (int index = 0; index < name.length(); index += Character.charCount(point)) {
            point = name.codePointAt(index);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new InvalidDestinationException("the name of a " + label + " has half a surrogate pair at index "
                        + index + ", which is no character");
            }
        }
    }

    private static Address foreignAddress(Destination destination) throws InvalidDestinationException {
        try {
            String name = null;
            Address.Kind kind = null;
            if (destination instanceof Queue queue) {
                name = queue.getQueueName();
                kind = destination instanceof TemporaryQueue ? Address.Kind.TEMPORARY_QUEUE : Address.Kind.QUEUE;
            }
            if (name == null && destination instanceof Topic topic) {
                name = topic.getTopicName();
                kind = destination instanceof TemporaryTopic ? Address.Kind.TEMPORARY_TOPIC : Address.Kind.TOPIC;
            }
            if (kind == null) {
                throw new InvalidDestinationException(
                        "a " + destination.getClass().getName() + " is neither a queue nor a topic");
            }
            checkName(kind, name);
            return new Address(kind, name);
        } catch (InvalidDestinationException e) {
            throw e;
        } catch (JMSException e) {
            InvalidDestinationException failure = new InvalidDestinationException(
                    "a " + destination.getClass().getName() + " does not tell its name: " + e.getMessage());
            failure.initCause(e);
            failure.setLinkedException(e);
            throw failure;
        }
    }

    /** Where messages go; {@link IllegalStateException} when a bean was never given a name. */
    public Address address() {
        Address known = address;
        if (known == null) {
            if (name == null || name.isEmpty()) {
                throw new IllegalStateException("this " + (kind.isTopic() ? "topic" : "queue") + " has no name yet");
            }
            known = new Address(kind, name);
            address = known;
        }
        return known;
    }

    /** The name at the server; null for a bean that was never given one. */
    public String getName() {
        return name;
    }

    void rename(String value) {
        Objects.requireNonNull(value, "name");
        name = value;
        address = null;
    }

    /** How a naming service stores this destination; temporary ones cannot be stored. */
    @Override
    public Reference getReference() throws NamingException {
        Reference reference = new Reference(getClass().getName(), PosthornObjectFactory.class.getName(), null);
        reference.add(new StringRefAddr(NAME_ATTRIBUTE, name));
        return reference;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PosthornDestination that && kind == that.kind && Objects.equals(name, that.name);
    }

    @Override
    public int hashCode() {
        return 31 * kind.ordinal() + Objects.hashCode(name);
    }

    @Override
    public String toString() {
        return name == null
                ? "unnamed " + (kind.isTopic() ? "topic" : "queue")
                : address().toString();
    }

    /** Deletes a temporary destination at the server; a connection gives it to those that it creates. */
    @FunctionalInterface
    public interface Deleter {
        void delete(Address address) throws JMSException;
    }
}
