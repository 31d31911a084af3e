package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.ConnectionItem;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Connections of clients. */
@Command(
        name = "connections",
        synopsisSubcommandLabel = "COMMAND",
        description = "List the connections of a running server, or close one.")
public final class ConnectionsCommand implements Runnable {

    private final Clock clock = Clock.systemUTC();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of list, close is needed");
    }

    @Command(name = "list", description = "List connections, those that lost their socket and may come back included.")
    int list(@Mixin Desk desk) throws AdminException {
        Desk.Listing<ConnectionItem> connections =
                desk.list(Desk.path(List.of("connections"), Map.of()), ConnectionItem.class);
        if (connections == null) {
            return 0;
        }
        Instant now = clock.instant();
        Table table = new Table("CONNECTION", "CLIENT", "USER", "ADDRESS", ">SINCE", ">CONSUMERS");
        connections
                .items()
                .forEach(item -> table.row(
                        item.id(),
                        item.clientId(),
                        item.user().isEmpty() ? null : item.user(),
                        item.connected() ? item.address() : "(away)",
                        Units.ago(item.since(), now),
                        item.consumers()));
        table.print(desk::print);
        desk.printTotal(connections, "connections");
        return 0;
    }

    @Command(
            name = "close",
            description = "End a connection for good: its client is told so, and what it holds goes to others at once.")
    int close(@Mixin Desk desk, @Parameters(paramLabel = "ID", description = "As list prints it.") String id)
            throws AdminException {
        return desk.order("DELETE", Desk.path(List.of("connections", id), Map.of()), null);
    }
}
