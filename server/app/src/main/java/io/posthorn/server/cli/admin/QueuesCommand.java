package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.QueueItem;
import java.time.Instant;
import picocli.CommandLine.Command;

/** The queues of a running server. */
@Command(name = "queues", description = "List the queues of a running server.")
public final class QueuesCommand extends ListCommand<QueueItem> {

    public QueuesCommand() {
        super("queues", QueueItem.class, "queues", stockHeadings("QUEUE"));
    }

    @Override
    Object[] row(QueueItem queue, Instant now) {
        return stockRow(queue.messages(), queue.consumers(), now, queue.name());
    }
}
