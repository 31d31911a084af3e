package io.posthorn.server.cli;

import io.posthorn.server.Version;
import io.posthorn.server.cli.admin.ConnectionsCommand;
import io.posthorn.server.cli.admin.DeadLettersCommand;
import io.posthorn.server.cli.admin.DiskCommand;
import io.posthorn.server.cli.admin.QueueCommand;
import io.posthorn.server.cli.admin.QueuesCommand;
import io.posthorn.server.cli.admin.SubscriptionCommand;
import io.posthorn.server.cli.admin.SubscriptionsCommand;
import io.posthorn.server.cli.admin.TopicCommand;
import io.posthorn.server.cli.admin.TopicsCommand;
import io.posthorn.server.cli.admin.TransactionsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command itself: without a sub-command it explains itself. */
@Command(
        name = "posthorn",
        synopsisSubcommandLabel = "COMMAND",
        description = "A JMS broker in one file.",
        subcommands = {
            RunCommand.class,
            UserCommand.class,
            CheckConfigCommand.class,
            JournalCommand.class,
            QueuesCommand.class,
            QueueCommand.class,
            TopicsCommand.class,
            TopicCommand.class,
            SubscriptionsCommand.class,
            SubscriptionCommand.class,
            DeadLettersCommand.class,
            TransactionsCommand.class,
            ConnectionsCommand.class,
            DiskCommand.class
        },
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = PosthornCommand.Versions.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"})
final class PosthornCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "A command is needed, usually: run");
    }

    /** Reads the manifest only when asked. */
    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"posthorn " + Version.current()};
        }
    }
}
