package io.posthorn.server.cli;

import io.posthorn.server.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command itself: without a sub-command it explains itself. */
@Command(
        name = "posthorn",
        description = "A JMS broker in one file.",
        subcommands = {RunCommand.class, UserCommand.class, CheckConfigCommand.class, JournalCommand.class},
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
