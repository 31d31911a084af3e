package io.posthorn.server.cli;

import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.UserEntry;
import io.posthorn.server.security.UsersFile;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Users in the data folder's {@code users.yaml}. A running server takes notice by itself. */
@Command(name = "user", synopsisSubcommandLabel = "COMMAND", description = "Add, remove and list users.")
final class UserCommand implements Runnable {

    private static final int GENERATED_LENGTH = 18;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of add, remove, list is needed");
    }

    @Command(
            name = "add",
            description =
                    "Add a user, or set the password of one. Without --password-stdin and without a terminal to ask"
                            + " at, a password is made up and printed.")
    int add(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "NAME", description = "Name of the user.") String name,
            @Option(names = "--password-stdin", description = "Read the password from the first line of the input.")
                    boolean passwordStdin)
            throws ConfigException {
        checkName(name);
        UsersFile file = file(settings);
        Secret secret = passwordStdin ? fromInput() : fromTerminal(name);
        boolean isNew = file.put(name, secret.text);
        print((isNew ? "Added user '" : "Changed the password of user '") + name + "' in " + file.path());
        if (secret.generated) {
            print("Password: " + secret.text);
        }
        return 0;
    }

    @Command(name = "remove", description = "Remove a user. Connections that stand are not ended.")
    int remove(
            @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "NAME", description = "Name of the user.") String name)
            throws ConfigException {
        UsersFile file = file(settings);
        if (!file.remove(name)) {
            throw new ConfigException("there is no user '" + name + "' in " + file.path());
        }
        print("Removed user '" + name + "' from " + file.path());
        return 0;
    }

    @Command(name = "list", description = "List the users.")
    int list(@Mixin SettingsOptions settings) throws ConfigException {
        List<UserEntry> users = file(settings).read();
        users.stream().map(UserEntry::name).sorted().forEach(this::print);
        return 0;
    }

    private UsersFile file(SettingsOptions settings) throws ConfigException {
        PrintWriter err = spec.commandLine().getErr();
        return new UsersFile(settings.load(Map.of(), warning -> err.println("warning: " + warning))
                .data());
    }

    private static void checkName(String name) throws ConfigException {
        try {
            UserEntry.checkName(name);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }

    private static Secret fromInput() throws ConfigException {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line == null || line.isEmpty()) {
                throw new ConfigException("--password-stdin: the input has no first line");
            }
            return new Secret(line, false);
        } catch (IOException e) {
            throw new ConfigException("--password-stdin: the input cannot be read: " + e, e);
        }
    }

    private static Secret fromTerminal(String name) throws ConfigException {
        Console console = System.console();
        char[] typed =
                console == null ? new char[0] : console.readPassword("Password for %s (empty: one is made up): ", name);
        if (typed == null || typed.length == 0) {
            byte[] random = new byte[GENERATED_LENGTH];
            new SecureRandom().nextBytes(random);
            return new Secret(Base64.getUrlEncoder().encodeToString(random), true);
        }
        if (!new String(typed).equals(new String(console.readPassword("Once more: ")))) {
            throw new ConfigException("the two passwords are not the same; nothing was changed");
        }
        return new Secret(new String(typed), false);
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    /** A password, and whether somebody has to be told it. */
    private static final class Secret {
        private final String text;
        private final boolean generated;

        private Secret(String text, boolean generated) {
            this.text = text;
            this.generated = generated;
        }
    }
}
