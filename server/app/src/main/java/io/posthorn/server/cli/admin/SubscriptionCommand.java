package io.posthorn.server.cli.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One durable subscription of a running server. */
@Command(
        name = "subscription",
        synopsisSubcommandLabel = "COMMAND",
        description = "Empty or drop a durable subscription of a running server.")
public final class SubscriptionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of purge, drop is needed");
    }

    @Command(
            name = "purge",
            description = "Delete all messages of a subscription, but for those that a consumer holds.")
    int purge(
            @Mixin Desk desk,
            @Parameters(paramLabel = "NAME", description = "Name of the subscription.") String name,
            @Option(names = "--client", paramLabel = "ID", description = "Client identifier that it belongs to.")
                    String client)
            throws AdminException {
        return desk.order("POST", Desk.path(List.of("subscriptions", "purge"), parameters(name, client)), null);
    }

    @Command(
            name = "drop",
            description = "Delete a durable subscription with its messages. Refused while it has consumers.")
    int drop(
            @Mixin Desk desk,
            @Parameters(paramLabel = "NAME", description = "Name of the subscription.") String name,
            @Option(names = "--client", paramLabel = "ID", description = "Client identifier that it belongs to.")
                    String client)
            throws AdminException {
        return desk.order("DELETE", Desk.path(List.of("subscriptions"), parameters(name, client)), null);
    }

    private static Map<String, Object> parameters(String name, String client) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("name", name);
        parameters.put("client", client);
        return parameters;
    }
}
