package io.posthorn.server.cli.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One queue of a running server. */
@Command(
        name = "queue",
        synopsisSubcommandLabel = "COMMAND",
        description = "Create, empty or drop a queue of a running server.")
public final class QueueCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of create, purge, drop is needed");
    }

    @Command(name = "create", description = "Create a queue; one that is there already is left as it is.")
    int create(@Mixin Desk desk, @Parameters(paramLabel = "NAME", description = "Name of the queue.") String name)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("queues"), Map.of()), Map.of("name", name));
    }

    @Command(
            name = "purge",
            description = "Delete all messages of a queue, but for those that a consumer or a transaction holds.")
    int purge(@Mixin Desk desk, @Parameters(paramLabel = "NAME", description = "Name of the queue.") String name)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("queues", name, "purge"), Map.of()), null);
    }

    @Command(
            name = "drop",
            description = "Delete a queue. Refused while it has consumers, or a prepared transaction needs it; with"
                    + " messages in it, unless --force.")
    int drop(
            @Mixin Desk desk,
            @Parameters(paramLabel = "NAME", description = "Name of the queue.") String name,
            @Option(names = "--force", description = "Delete its messages with it.") boolean force)
            throws AdminException {
        return desk.order("DELETE", Desk.path(List.of("queues", name), Map.of("force", force)), null);
    }
}
