package io.posthorn.tck.joram;

import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The one server of this JVM, in a process of its own: started when first asked for, ended with the JVM. */
final class SuiteServer {
    private static final ServerProcess PROCESS = start();

    private SuiteServer() {}

    static String url() {
        return PROCESS.url();
    }

    /** On a fresh folder, so that nothing of an earlier run is left. */
    private static ServerProcess start() {
        try {
            Path parent = Files.createDirectories(Path.of(System.getProperty("testkit.server.home", "target/server")));
            return ServerProcess.start(ServerCommand.ofConfiguredJar(Files.createTempDirectory(parent, "joram-")));
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the server's data", e);
        }
    }
}
