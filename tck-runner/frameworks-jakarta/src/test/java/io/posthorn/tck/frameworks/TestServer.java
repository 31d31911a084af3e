package io.posthorn.tck.frameworks;

import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one server that all of them share. Destinations {@code poison.*} give up after three deliveries. */
final class TestServer implements ParameterResolver {

    /** How long a test waits for what must come. */
    static final int WAIT_MS = 30_000;

    static final String DEAD_LETTERS = "poison.dead";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ServerProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(TestServer.class))
                .getOrComputeIfAbsent(ServerProcess.class, type -> start());
    }

    /** A server of its own, for a test that kills it. */
    static ServerProcess start() {
        try {
            Path home = Files.createTempDirectory(Files.createDirectories(Path.of("target", "servers")), "server-");
            return ServerProcess.start(ServerCommand.ofConfiguredJar(home.toAbsolutePath())
                    .withOption("--set")
                    .withOption("destinations=[{match: \"poison.*\", redelivery-max: 3, dead-letter-queue: "
                            + DEAD_LETTERS + "}]"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder for the server", e);
        }
    }
}
