package io.posthorn.broker.admin;

import io.posthorn.broker.store.Subscription;

/**
 * A durable subscription at one moment.
 *
 * @param id what to call it in orders
 * @param shared whether several consumers may share it
 * @param selector its condition, or null
 */
public record SubscriptionLine(
        SubscriptionId id, String topic, boolean shared, String selector, int consumers, Messages messages) {

    static SubscriptionLine of(Subscription subscription) {
        return new SubscriptionLine(
                SubscriptionId.of(subscription),
                subscription.topic().address().name(),
                subscription.shared(),
                subscription.selectorText(),
                subscription.queue().dealer().consumerCount(),
                Messages.of(subscription.queue()));
    }
}
