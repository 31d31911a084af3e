package io.posthorn.admin.model;

/** A durable subscription; {@code clientId} and {@code selector} may be null. */
public record SubscriptionItem(
        String clientId, String name, String topic, boolean shared, String selector, int consumers, Stock messages) {}
