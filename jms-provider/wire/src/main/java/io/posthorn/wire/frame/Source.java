package io.posthorn.wire.frame;

import java.util.Objects;

/**
 * What a consumer reads. {@code selector} and {@code subscription} are null where there is none. A topic without
 * {@code subscription} has a subscription of its own, which ends with the consumer.
 *
 * @param address the queue or topic
 * @param mode whether deliveries are owned by the consumer, or only looked at
 * @param subscription name of the subscription; null for a queue and for an unshared, non-durable topic consumer
 * @param durable whether the subscription outlives its consumers
 * @param shared whether several consumers may share the subscription
 * @param noLocal whether messages sent through this connection (or its client identifier) are left out
 * @param selector SQL condition on header and properties, or null
 */
public record Source(
        Address address,
        Mode mode,
        String subscription,
        boolean durable,
        boolean shared,
        boolean noLocal,
        String selector) {

    public Source {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(mode, "mode");
    }

    public static Source queue(Address address, String selector) {
        return new Source(address, Mode.CONSUME, null, false, false, false, selector);
    }

    public static Source browse(Address address, String selector) {
        return new Source(address, Mode.BROWSE, null, false, false, false, selector);
    }

    /** The ordinal is the number on the wire. */
    public enum Mode {
        /** Deliveries belong to the consumer until they are settled. */
        CONSUME,
        /** Deliveries are copies; nothing changes in the queue. */
        BROWSE,
        /** The consumer is closed, but its session still holds deliveries of it, which this claims. */
        CLAIM
    }
}
