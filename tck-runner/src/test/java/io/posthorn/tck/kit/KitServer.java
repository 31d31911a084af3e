package io.posthorn.tck.kit;

import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The server of this JVM. The kit's tests share their queues and topics, so two JVMs must never share a server; started when first
 * asked for, ended with the JVM.
 */
final class KitServer {
    /** The values of {@code tck.url} that ask for a server of our own; anything else is the URL of one that is there. */
    private static final String OWN_PROCESS = "process";

    private static final String IN_THIS_JVM = "vm";

    private static final String URL = start(System.getProperty("tck.url", OWN_PROCESS));

    private KitServer() {}

    static String url() {
        return URL;
    }

    private static String start(String wanted) {
        try {
            return switch (wanted) {
                case OWN_PROCESS -> ServerProcess.start(command()).url();
                case IN_THIS_JVM -> "vm://tck?keep=true&config=" + configuration();
                default -> wanted;
            };
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the server's data", e);
        }
    }

    /** Users as the kit wants them: one that is valid, nobody refused who gives no name, everybody else refused. */
    private static ServerCommand command() throws IOException {
        return ServerCommand.ofConfiguredJar(home())
                .withEnvironment("POSTHORN_USER", System.getProperty("user"))
                .withEnvironment("POSTHORN_PASSWORD", System.getProperty("password"))
                .withEnvironment("POSTHORN_ANONYMOUS", "true");
    }

    /** The same users in a file, for a server that has no environment of its own. */
    private static Path configuration() throws IOException {
        String text = """
                user: %s
                password: %s
                anonymous: true
                """;
        return Files.writeString(
                home().resolve("posthorn.yaml"),
                text.formatted(System.getProperty("user"), System.getProperty("password")));
    }

    private static Path home() throws IOException {
        Path parent = Files.createDirectories(Path.of(System.getProperty("testkit.server.home", "target/servers")));
        return Files.createTempDirectory(parent, "kit-").toAbsolutePath();
    }
}
