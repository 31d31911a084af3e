package io.posthorn.wire.frame;

import java.util.Objects;
import java.util.UUID;

/**
 * A destination by kind and name. A queue and a topic of the same name are two things. Names of temporary destinations
 * are chosen by the client that creates them and hold its connection identifier.
 */
public record Address(Kind kind, String name) {

    /** Longest name, in UTF-16 units. */
    public static final int NAME_LENGTH_MAX = 4096;

    private static final String TEMPORARY_PREFIX = "temporary-";
    private static final int UUID_LENGTH = 36;

    public Address {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    public static Address queue(String name) {
        return new Address(Kind.QUEUE, name);
    }

    public static Address topic(String name) {
        return new Address(Kind.TOPIC, name);
    }

    /**
     * A temporary destination of a connection, by a name that says whose it is: a server that was started again must know
     * whom to wait for.
     */
    public static Address temporary(Kind kind, UUID connection, long number) {
        return new Address(kind, TEMPORARY_PREFIX + connection + "-" + number);
    }

    /** The connection that a name of {@link #temporary} is for; null for any other name. */
    public UUID temporaryOwner() {
        int end = TEMPORARY_PREFIX.length() + UUID_LENGTH;
        if (!kind.isTemporary()
                || !name.startsWith(TEMPORARY_PREFIX)
                || name.length() <= end
                || name.charAt(end) != '-') {
            return null;
        }
        String owner = name.substring(TEMPORARY_PREFIX.length(), end);
        try {
            UUID id = UUID.fromString(owner);
            return id.toString().equals(owner) ? id : null;
        } catch (IllegalArgumentException e) {
            return null; // a name that only looks alike
        }
    }

    @Override
    public String toString() {
        return kind.label + " '" + name + "'";
    }

    /** What a destination is; the ordinal is its number on the wire and in the log. */
    public enum Kind {
        QUEUE("queue", false, false),
        TOPIC("topic", true, false),
        TEMPORARY_QUEUE("temporary queue", false, true),
        TEMPORARY_TOPIC("temporary topic", true, true);

        private final String label;
        private final boolean topic;
        private final boolean temporary;

        Kind(String label, boolean topic, boolean temporary) {
            this.label = label;
            this.topic = topic;
            this.temporary = temporary;
        }

        public boolean isTopic() {
            return topic;
        }

        public boolean isTemporary() {
            return temporary;
        }
    }
}
