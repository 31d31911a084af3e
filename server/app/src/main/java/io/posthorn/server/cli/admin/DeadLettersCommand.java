package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.MessageItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Messages that could not be delivered. */
@Command(
        name = "dead-letters",
        synopsisSubcommandLabel = "COMMAND",
        description = "Look at messages that could not be delivered, and send them back to where they came from.")
public final class DeadLettersCommand implements Runnable {

    private static final String ORIGIN = "JMS_POSTHORN_ORIGIN";
    private static final String CAUSE = "JMS_POSTHORN_CAUSE";
    private static final String COUNT = "JMS_POSTHORN_ATTEMPTS";
    private static final String QUEUE_DEFAULT = "posthorn.dead-letters";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "One of list, show, resend is needed");
    }

    @Command(name = "list", description = "List dead letters, in the order in which a consumer would get them.")
    int list(
            @Mixin Desk desk,
            @Mixin Queue queue,
            @Option(names = "--selector", paramLabel = "TEXT", description = "Only those that a JMS selector takes.")
                    String selector,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many at most, up to 1000 (default: ${DEFAULT-VALUE}).")
                    int limit)
            throws AdminException {
        Desk.Listing<MessageItem> letters;
        try {
            letters = desk.list(path(queue.name, selector, limit, false), MessageItem.class);
        } catch (AdminException e) {
            // The first dead letter makes the queue.
            if (!e.isNotFound() || !queue.name.equals(QUEUE_DEFAULT) || desk.isJson()) {
                throw e;
            }
            letters = new Desk.Listing<>(0, List.of(), null);
        }
        if (letters == null) {
            return 0;
        }
        Table table = new Table("MESSAGE", "SENT", "ORIGIN", ">COUNT", "CAUSE");
        letters.items()
                .forEach(letter -> table.row(
                        letter.id(),
                        Units.time(letter.sent()),
                        letter.properties().get(ORIGIN),
                        letter.properties().get(COUNT),
                        letter.properties().get(CAUSE)));
        table.print(desk::print);
        if (letters.items().isEmpty()) {
            desk.print("There are no dead letters.");
        } else if (letters.items().size() == limit) {
            desk.print("There may be more; see --limit and --selector.");
        }
        return 0;
    }

    @Command(name = "show", description = "Show one dead letter with its properties, and its text if it has one.")
    int show(
            @Mixin Desk desk,
            @Mixin Queue queue,
            @Parameters(paramLabel = "ID", description = "JMSMessageID.") String id)
            throws AdminException {
        Desk.Listing<MessageItem> letters =
                desk.list(path(queue.name, selector(List.of(id)), 10, true), MessageItem.class);
        if (letters == null) {
            return 0;
        }
        if (letters.items().isEmpty()) {
            throw new AdminException(
                    "there is no message " + id + " that could be delivered in queue '" + queue.name + "'");
        }
        letters.items().forEach(letter -> print(desk, letter));
        return 0;
    }

    private static void print(Desk desk, MessageItem letter) {
        desk.print("message      " + letter.id());
        desk.print("sent         " + letter.sent());
        desk.print("kind         " + letter.kind() + ", " + Units.bytes(letter.length()) + ", priority "
                + letter.priority() + (letter.persistent() ? ", persistent" : ", not persistent"));
        desk.print("properties");
        letter.properties().forEach((name, value) -> desk.print("  " + name + " = " + value));
        if (letter.text() != null) {
            desk.print("text");
            desk.print(letter.text());
        }
    }

    @Command(
            name = "resend",
            description =
                    "Send dead letters back to where they came from. Say which: by ID, --selector or --all. Each"
                            + " is there or here at any moment, and its deliveries are counted anew. Exit code 1 if some stayed.")
    int resend(
            @Mixin Desk desk,
            @Mixin Queue queue,
            @Mixin Choice choice,
            @Option(names = "--to", paramLabel = "QUEUE", description = "Send them to this queue instead.") String to)
            throws AdminException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("selector", choice.selector());
        body.put("limit", choice.limit);
        body.put("to", to);
        body.values().removeIf(value -> value == null);
        return desk.order("POST", Desk.path(List.of("queues", queue.name, "resend"), Map.of()), body);
    }

    private static String path(String queue, String selector, int limit, boolean text) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("selector", selector);
        parameters.put("limit", limit);
        parameters.put("text", text ? true : null);
        return Desk.path(List.of("queues", queue, "messages"), parameters);
    }

    private static String selector(List<String> ids) {
        return ids.stream()
                .map(id -> "JMSMessageID = '" + id.replace("'", "''") + "'")
                .collect(Collectors.joining(" OR "));
    }

    /** Which dead-letter queue. */
    static final class Queue {
        @Option(
                names = "--queue",
                paramLabel = "NAME",
                defaultValue = QUEUE_DEFAULT,
                description = "The dead-letter queue (default: ${DEFAULT-VALUE}).")
        private String name;
    }

    /** Which dead letters. */
    static final class Choice {
        @Parameters(paramLabel = "ID", arity = "0..*", description = "JMSMessageIDs of those that are to go.")
        private List<String> ids = List.of();

        @Option(names = "--selector", paramLabel = "TEXT", description = "Those that a JMS selector takes.")
        private String selector;

        @Option(names = "--all", description = "All that there are now.")
        private boolean all;

        @Option(names = "--limit", paramLabel = "N", description = "How many at most.")
        private Long limit;

        @Spec(Target.MIXEE)
        private CommandSpec spec;

        /** Null for all. */
        private String selector() {
            int said = (ids.isEmpty() ? 0 : 1) + (selector == null ? 0 : 1) + (all ? 1 : 0);
            if (said != 1) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "Say which dead letters: IDs, or --selector TEXT, or --all");
            }
            return ids.isEmpty() ? selector : DeadLettersCommand.selector(ids);
        }
    }
}
