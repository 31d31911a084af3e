package io.posthorn.server.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a plain {@code run} command without the library for command lines, which would take a third of the start. Gives up
 * on all that is not plain (help, unknown options, missing values); the library then has the word, errors included.
 */
final class QuickStart {

    private final String[] arguments;
    private final RunCommand command = new RunCommand();
    private int next = 1;

    private QuickStart(String[] arguments) {
        this.arguments = arguments;
    }

    static Optional<RunCommand> parse(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            return Optional.empty();
        }
        QuickStart parser = new QuickStart(arguments);
        boolean plain = true;
        while (plain && parser.next < arguments.length) {
            plain = parser.takeOption();
        }
        return plain ? Optional.of(parser.command) : Optional.empty();
    }

    private boolean takeOption() {
        String argument = arguments[next++];
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (equals < 0 && next == arguments.length) {
            return false;
        }
        String value = equals < 0 ? arguments[next++] : argument.substring(equals + 1);
        return !value.isEmpty() && !value.startsWith("-") && !value.startsWith("\"") && give(name, value);
    }

    private boolean give(String name, String value) {
        switch (name) {
            case "--data" -> command.settings.data = value;
            case "--config" -> command.settings.config = Path.of(value);
            case "--port" -> command.port = value;
            case "--host" -> command.host = value;
            case "--port-file" -> command.portFile = Path.of(value);
            case "--set" -> {
                int equals = value.indexOf('=');
                if (equals < 1) {
                    return false;
                }
                command.settings.settings.put(value.substring(0, equals), value.substring(equals + 1));
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
