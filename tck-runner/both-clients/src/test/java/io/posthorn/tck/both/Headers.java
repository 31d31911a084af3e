package io.posthorn.tck.both;

/** The headers that a provider sets (section 3.4), the same for who sent and for who received. Times in milliseconds. */
public record Headers(
        String messageId,
        String destination,
        int deliveryMode,
        int priority,
        long timestamp,
        long expiration,
        long deliveryTime,
        boolean redelivered) {}
