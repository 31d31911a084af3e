package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.QueueItem;
import java.time.Instant;
import picocli.CommandLine.Command;

/** The queues of a running server. */
@Command(name = "queues", description = "List the queues of a running server.")
public final class QueuesCommand extends ListCommand<QueueItem> {

    public QueuesCommand() {
        super(
                "queues",
                QueueItem.class,
                "queues",
                "QUEUE",
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
    Object[] row(QueueItem queue, Instant now) {
        return new Object[] {
            queue.name(),
            queue.messages().depth(),
            queue.messages().inFlight(),
            Units.bytes(queue.messages().bytes()),
            Units.ago(queue.messages().oldest(), now),
            queue.consumers(),
            queue.messages().expired(),
            queue.messages().dropped(),
            queue.messages().refused()
        };
    }
}
