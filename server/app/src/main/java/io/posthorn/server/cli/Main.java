package io.posthorn.server.cli;

import picocli.CommandLine;

/** Where {@code java -jar posthorn-server-VERSION.jar} begins. Exit codes: 0 done, 1 failed, 2 wrong usage. */
public final class Main {

    private static final String LOGBACK_KEY = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) {
        // An application's own configuration wins; only the command line brings one.
        if (System.getProperty(LOGBACK_KEY) == null) {
            System.setProperty(LOGBACK_KEY, "posthorn-logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new PosthornCommand())
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> Failure.report(failure, commandLine))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
