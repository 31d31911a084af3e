package io.posthorn.server.cli.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One topic of a running server. */
@Command(
        name = "topic",
        synopsisSubcommandLabel = "COMMAND",
        description = "Create or drop a topic of a running server.")
public final class TopicCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of create, drop is needed");
    }

    @Command(name = "create", description = "Create a topic; one that is there already is left as it is.")
    int create(@Mixin Desk desk, @Parameters(paramLabel = "NAME", description = "Name of the topic.") String name)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("topics"), Map.of()), Map.of("name", name));
    }

    @Command(name = "drop", description = "Delete a topic. Refused while it has subscriptions.")
    int drop(@Mixin Desk desk, @Parameters(paramLabel = "NAME", description = "Name of the topic.") String name)
            throws AdminException {
        return desk.order("DELETE", Desk.path(List.of("topics", name), Map.of()), null);
    }
}
