package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.TransactionItem;
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

/** XA branches that wait for their transaction manager. */
@Command(
        name = "transactions",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "List prepared XA transactions of a running server, and decide one whose manager does not come back.")
public final class TransactionsCommand implements Runnable {

    private final Clock clock = Clock.systemUTC();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of list, commit, rollback, forget is needed");
    }

    @Command(name = "list", description = "List prepared transactions, and those that were decided by hand.")
    int list(@Mixin Desk desk) throws AdminException {
        Desk.Listing<TransactionItem> transactions =
                desk.list(Desk.path(List.of("transactions"), Map.of()), TransactionItem.class);
        if (transactions == null) {
            return 0;
        }
        Instant now = clock.instant();
        Table table = new Table("STATE", ">PREPARED", ">SENDS", ">BYTES", ">ACKNOWLEDGES", "TRANSACTION");
        transactions
                .items()
                .forEach(item -> table.row(
                        item.state(),
                        Units.ago(item.preparedAt(), now),
                        item.sends(),
                        Units.bytes(item.bytes()),
                        item.acknowledges(),
                        item.id()));
        table.print(desk::print);
        desk.printTotal(transactions, "prepared transactions");
        return 0;
    }

    @Command(
            name = "commit",
            description =
                    "Commit a prepared transaction in the place of its manager. Other parts of it may end otherwise;"
                            + " the manager is told (XA_HEURCOM) when it asks.")
    int commit(@Mixin Desk desk, @Parameters(paramLabel = "ID", description = "As list prints it.") String id)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("transactions", id, "commit"), Map.of()), null);
    }

    @Command(
            name = "rollback",
            description = "Roll back a prepared transaction in the place of its manager. Other parts of it may end"
                    + " otherwise; the manager is told (XA_HEURRB) when it asks.")
    int rollback(@Mixin Desk desk, @Parameters(paramLabel = "ID", description = "As list prints it.") String id)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("transactions", id, "rollback"), Map.of()), null);
    }

    @Command(
            name = "forget",
            description = "Forget a transaction that was decided by hand and whose manager will never ask.")
    int forget(@Mixin Desk desk, @Parameters(paramLabel = "ID", description = "As list prints it.") String id)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("transactions", id, "forget"), Map.of()), null);
    }
}
