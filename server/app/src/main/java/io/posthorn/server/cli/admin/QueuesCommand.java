package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.QueueItem;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The queues of a running server. */
@Command(name = "queues", description = "List the queues of a running server.")
public final class QueuesCommand implements Callable<Integer> {

    private final Clock clock = Clock.systemUTC();

    @Mixin
    private Desk desk;

    @Mixin
    private ListOptions options;

    @Override
    public Integer call() throws AdminException {
        Desk.Listing<QueueItem> queues = desk.list(Desk.path(List.of("queues"), options.parameters()), QueueItem.class);
        if (queues != null) {
            Instant now = clock.instant();
            Table table = new Table("QUEUE", ">DEPTH", ">IN FLIGHT", ">BYTES", ">OLDEST", ">CONSUMERS");
            queues.items()
                    .forEach(queue -> table.row(
                            queue.name(),
                            queue.messages().depth(),
                            queue.messages().inFlight(),
                            Units.bytes(queue.messages().bytes()),
                            Units.ago(queue.messages().oldest(), now),
                            queue.consumers()));
            table.print(desk::print);
            ListOptions.printRest(desk, queues, "queues");
        }
        return 0;
    }
}
