package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.SubscriptionItem;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The durable subscriptions of a running server. */
@Command(name = "subscriptions", description = "List the durable subscriptions of a running server.")
public final class SubscriptionsCommand implements Callable<Integer> {

    private final Clock clock = Clock.systemUTC();

    @Mixin
    private Desk desk;

    @Mixin
    private ListOptions options;

    @Override
    public Integer call() throws AdminException {
        Desk.Listing<SubscriptionItem> subscriptions =
                desk.list(Desk.path(List.of("subscriptions"), options.parameters()), SubscriptionItem.class);
        if (subscriptions != null) {
            Instant now = clock.instant();
            Table table = new Table(
                    "SUBSCRIPTION", "CLIENT", "TOPIC", ">DEPTH", ">IN FLIGHT", ">BYTES", ">OLDEST", ">CONSUMERS");
            subscriptions
                    .items()
                    .forEach(item -> table.row(
                            item.name(),
                            item.clientId(),
                            item.topic(),
                            item.messages().depth(),
                            item.messages().inFlight(),
                            Units.bytes(item.messages().bytes()),
                            Units.ago(item.messages().oldest(), now),
                            item.consumers()));
            table.print(desk::print);
            ListOptions.printRest(desk, subscriptions, "durable subscriptions");
        }
        return 0;
    }
}
