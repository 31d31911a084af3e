package io.posthorn.server.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import picocli.CommandLine;

/** Where {@code java -jar posthorn-server-VERSION.jar} begins. Exit codes: 0 done, 1 failed, 2 wrong usage. */
public final class Main {

    private Main() {}

    /** Netty's search for buffers that nobody released, for which it notes who took some of them; off, as it costs a hundredth of the loop's time. */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    public static void main(String[] arguments) {
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        Optional<RunCommand> plain = QuickStart.parse(arguments);
        System.exit(plain.isPresent() ? run(plain.get()) : commandLine().execute(arguments));
    }

    private static int run(RunCommand command) {
        try {
            return command.call();
        } catch (Exception e) {
            return Failure.report(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new PosthornCommand())
                .setExecutionExceptionHandler(
                        (failure, commandLine, parsed) -> Failure.report(failure, commandLine.getErr()));
    }
}
