package io.posthorn.server.cli;

import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.security.UsersFile;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says whether a server could be started with these settings, as far as that can be told without starting it. */
@Command(name = "check-config", description = "Check the settings and print the important ones, without starting.")
final class CheckConfigCommand implements Callable<Integer> {

    @Mixin
    private SettingsOptions settings;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        PrintWriter out = spec.commandLine().getOut();
        ServerSettings loaded = settings.load(Map.of(), warning -> out.println("warning: " + warning));
        int users = loaded.access().users().size()
                + new UsersFile(loaded.data()).read().size();
        out.println("data:         " + loaded.data().toAbsolutePath().normalize());
        out.println("listen:       " + loaded.listen().host() + ":"
                + loaded.listen().port());
        out.println("tls:          " + (loaded.tls().isPresent() ? "on" : "off"));
        out.println("users:        " + (users == 0 ? "none; any credentials are accepted, on loopback only" : users));
        out.println("permissions:  " + loaded.access().permissions().size() + " rules");
        out.println("destinations: " + loaded.destinations().size() + " rules");
        out.println("The configuration is valid.");
        out.flush();
        return 0;
    }
}
