package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.QueueItem;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The queues of a running server. */
@Command(name = "queues", description = "List the queues of a running server.")
public final class QueuesCommand implements Callable<Integer> {

    @Mixin
    private Desk desk;

    @Mixin
    private ListOptions options;

    @Override
    public Integer call() throws AdminException {
        Desk.Listing<QueueItem> queues = desk.list(Desk.path(List.of("queues"), options.parameters()), QueueItem.class);
        if (queues != null) {
            Table table = new Table("QUEUE", ">DEPTH", ">READY", ">CONSUMERS");
            queues.items().forEach(queue -> table.row(queue.name(), queue.depth(), queue.ready(), queue.consumers()));
            table.print(desk::print);
            ListOptions.printRest(desk, queues, "queues");
        }
        return 0;
    }
}
