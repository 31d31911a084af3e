package io.posthorn.broker.admin;

import io.posthorn.broker.store.Subscription;

/**
 * The name of a durable subscription.
 *
 * @param clientId may be null for a shared one
 */
public record SubscriptionId(String clientId, String name) {

    static SubscriptionId of(Subscription subscription) {
        return new SubscriptionId(
                subscription.key().clientId(), subscription.key().name());
    }

    Subscription.Key key() {
        return new Subscription.Key(clientId, name);
    }

    @Override
    public String toString() {
        return "durable subscription '" + name + "'" + (clientId == null ? "" : " of client '" + clientId + "'");
    }
}
