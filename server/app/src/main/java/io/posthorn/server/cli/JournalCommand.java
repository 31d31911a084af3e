package io.posthorn.server.cli;

import io.posthorn.broker.StoreCheck;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.DiskFolder;
import io.posthorn.journal.salvage.Damage;
import io.posthorn.server.PosthornServer;
import io.posthorn.server.StartException;
import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.ServerSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The journal of a server that does not run: whether it is whole, and how it goes on when it is not. */
@Command(
        name = "journal",
        synopsisSubcommandLabel = "COMMAND",
        description = "Check and repair the journal of a stopped server.")
final class JournalCommand implements Runnable {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Clock clock = Clock.systemUTC();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of check, repair is needed");
    }

    @Command(
            name = "check",
            description =
                    "Read the whole journal and say what is damaged. Changes nothing. Exit code 1 if a server would"
                            + " not start with it, or something is lost.")
    int check(@Mixin SettingsOptions options) throws ConfigException, StartException {
        ServerSettings settings = load(options);
        Path folder = folder(settings);
        try {
            StoreCheck.Outcome outcome = new StoreCheck(DiskFolder.at(folder), PosthornServer.brokerSettings(settings))
                    .check(clock.millis());
            print(folder, outcome);
            if (outcome.isWhole()) {
                print("The journal is whole.");
                return 0;
            }
            print("The journal is damaged. Restore the data folder from a copy, or run 'posthorn journal repair --data "
                    + folder + "', which keeps all that is whole.");
            return Failure.STATUS;
        } catch (JournalException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    @Command(
            name = "repair",
            description =
                    "Make a damaged journal fit to start with: all that is whole is kept, and what is not is listed."
                            + " Damaged files are copied or renamed first.")
    int repair(@Mixin SettingsOptions options) throws ConfigException, StartException {
        ServerSettings settings = load(options);
        Path folder = folder(settings);
        try {
            String suffix = ".aside-" + STAMP.format(Instant.now(clock));
            StoreCheck.Outcome outcome = new StoreCheck(DiskFolder.at(folder), PosthornServer.brokerSettings(settings))
                    .repair(clock.millis(), suffix, (int) settings.limits().journalSegmentBytes());
            print(folder, outcome);
            outcome.aside().forEach(file -> print("kept aside: " + file));
            print(
                    outcome.repaired()
                            ? "Repaired: a server starts now with all that is whole."
                            : "The journal is whole; nothing was changed.");
            return 0;
        } catch (JournalException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private ServerSettings load(SettingsOptions options) throws ConfigException {
        PrintWriter err = spec.commandLine().getErr();
        return options.load(Map.of(), warning -> err.println("warning: " + warning));
    }

    /** The journal's folder in the data folder; a journal's folder itself is taken, too. */
    private static Path folder(ServerSettings settings) throws StartException {
        Path data = settings.data().toAbsolutePath().normalize();
        Path journal = data.resolve(PosthornServer.JOURNAL_FOLDER);
        if (Files.isDirectory(journal)) {
            return journal;
        }
        if (data.endsWith(PosthornServer.JOURNAL_FOLDER) && Files.isDirectory(data)) {
            return data;
        }
        throw new StartException(
                "there is no journal in " + data + ". Name the data folder of a server with --data DIR");
    }

    private void print(Path folder, StoreCheck.Outcome outcome) {
        print(folder + ": " + outcome.segments() + " segments, "
                + outcome.report().destinations() + " destinations, "
                + outcome.report().messages() + " messages that are whole");
        for (Damage damage : outcome.damages()) {
            print((damage.hindersStart() ? "damaged: " : "damaged, where a start does not look: ") + damage.text());
        }
        outcome.report().losses().forEach(loss -> print("lost: " + loss));
        outcome.report().doubts().forEach(doubt -> print("note: " + doubt));
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
