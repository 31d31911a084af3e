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
                "SUBSCRIPTION",
                "CLIENT",
                "TOPIC",
                ">DEPTH",
                ">IN FLIGHT",
                ">BYTES",
                ">OLDEST",
                ">CONSUMERS",
                ">EXPIRED",
                ">DROPPED",
                ">REFUSED");
    }

    @Override
    Object[] row(SubscriptionItem item, Instant now) {
        return new Object[] {
            item.name(),
            item.clientId(),
            item.topic(),
            item.messages().depth(),
            item.messages().inFlight(),
            Units.bytes(item.messages().bytes()),
            Units.ago(item.messages().oldest(), now),
            item.consumers(),
            item.messages().expired(),
            item.messages().dropped(),
            item.messages().refused()
        };
    }
}
