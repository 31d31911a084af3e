package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.SubscriptionItem;
import java.time.Instant;
import picocli.CommandLine.Command;

/** The durable subscriptions of a running server. */
@Command(name = "subscriptions", description = "List the durable subscriptions of a running server.")
public final class SubscriptionsCommand extends ListCommand<SubscriptionItem> {

    public SubscriptionsCommand() {
        super(
                "subscriptions",
                SubscriptionItem.class,
                "durable subscriptions",
                stockHeadings("SUBSCRIPTION", "CLIENT", "TOPIC"));
    }

    @Override
    Object[] row(SubscriptionItem item, Instant now) {
        return stockRow(item.messages(), item.consumers(), now, item.name(), item.clientId(), item.topic());
    }
}
