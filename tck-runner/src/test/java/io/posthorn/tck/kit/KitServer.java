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
    /** The value of {@code tck.url} that asks for a server in a process of its own. */
    private static final String OWN_PROCESS = "process";

    private static final String URL = start(System.getProperty("tck.url", OWN_PROCESS));

    private KitServer() {}

    static String url() {
        return URL;
    }

    private static String start(String wanted) {
        return wanted.equals(OWN_PROCESS) ? ServerProcess.start(command()).url() : wanted;
    }

    /** Users as the kit wants them: one that is valid, nobody refused who gives no name, everybody else refused. */
    private static ServerCommand command() {
        try {
            Path parent = Files.createDirectories(Path.of(System.getProperty("testkit.server.home", "target/servers")));
            return ServerCommand.ofConfiguredJar(Files.createTempDirectory(parent, "kit-"))
                    .withEnvironment("POSTHORN_USER", System.getProperty("user"))
                    .withEnvironment("POSTHORN_PASSWORD", System.getProperty("password"))
                    .withEnvironment("POSTHORN_ANONYMOUS", "true");
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the server's data", e);
        }
    }
}
