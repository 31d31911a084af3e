package io.posthorn.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own. After {@link #start} it is ready; {@link #kill} is {@code kill -9}; {@link #restart} brings it back
 * on the same port and data.
 *
 * <p>The process ends with this JVM, whether that ends well (shutdown hook) or not ({@link Tether}). Not thread-safe: one thread owns it.
 */
public final class ServerProcess implements AutoCloseable {
    /** How long a server may take to stop after SIGTERM, and to vanish after SIGKILL. */
    private static final Duration END_WITHIN = Duration.ofSeconds(30);

    private static final int POLL_MS = 10;
    private static final int LOG_LINES_SHOWN = 40;

    private final ServerCommand command;
    private final Thread reaper = new Thread(this::destroy, "server-reaper");
    private volatile Process process;
    private int port;

    private ServerProcess(ServerCommand command) {
        this.command = command;
    }

    /**
     * Starts the server on a free port of its own choice and waits until it is ready.
     *
     * @throws IllegalStateException when it ends, or is not ready in time; the message carries the end of its log
     */
    public static ServerProcess start(ServerCommand command) {
        ServerProcess server = new ServerProcess(command);
        Runtime.getRuntime().addShutdownHook(server.reaper);
        try {
            server.launch(0);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Starts the server again, on the port and the data it had. It must have ended before. */
    public void restart() {
        if (isRunning()) {
            throw new IllegalStateException(
                    "The server still runs as process " + pid() + ": kill or stop it before a restart");
        }
        launch(port);
    }

    /** Ends the server as {@code kill -9} does and returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd("SIGKILL");
    }

    /** Asks the server to stop (SIGTERM), waits for it and gives its exit status. */
    public int stop() {
        // Process.destroy would close standard input as well, and Tether would halt the server before it has stopped in
        // order.
        process.toHandle().destroy();
        awaitEnd("SIGTERM");
        return process.exitValue();
    }

    /** Ends the server at once, if it still runs. The folders stay. */
    @Override
    public void close() {
        destroy();
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook is running: it does the same.
            return;
        }
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** The port the server listens at; the same after a restart. */
    public int port() {
        return port;
    }

    /** The URL of the server, without options. */
    public String url() {
        return "tcp://127.0.0.1:" + port;
    }

    public Path data() {
        return command.data();
    }

    /** Everything the server wrote so far to standard output and error, over all its runs. */
    public String log() {
        try {
            return Files.exists(command.log()) ? Files.readString(command.log(), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the server's log " + command.log(), e);
        }
    }

    private void launch(int wantedPort) {
        List<String> line = command.line(wantedPort);
        try {
            Files.createDirectories(command.home());
            Files.deleteIfExists(command.portFile());
            ProcessBuilder builder = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(command.log().toFile()));
            builder.environment().putAll(command.environment());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + String.join(" ", line), e);
        }
        port = awaitPort();
    }

    private int awaitPort() {
        long deadlineNs = System.nanoTime() + command.readyWithin().toNanos();
        while (true) {
            String written = portWritten();
            if (!written.isEmpty()) {
                return Integer.parseInt(written);
            }
            if (endedWithin(POLL_MS)) {
                throw new IllegalStateException(
                        "The server ended with status " + process.exitValue() + " before it was ready." + endOfLog());
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("The server was not ready within "
                        + command.readyWithin().toSeconds() + " s: it has not written " + command.portFile() + "."
                        + endOfLog());
            }
        }
    }

    private String portWritten() {
        try {
            return Files.exists(command.portFile())
                    ? Files.readString(command.portFile(), StandardCharsets.US_ASCII)
                            .strip()
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the port file " + command.portFile(), e);
        }
    }

    private void awaitEnd(String signal) {
        if (!endedWithin(END_WITHIN.toMillis())) {
            process.destroyForcibly();
            throw new IllegalStateException("The server, process " + pid() + ", did not end within "
                    + END_WITHIN.toSeconds() + " s after " + signal + "." + endOfLog());
        }
    }

    private boolean endedWithin(long limitMs) {
        try {
            return process.waitFor(limitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            destroy();
            throw new IllegalStateException("Interrupted while waiting for the server; it was killed", e);
        }
    }

    private void destroy() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    private String endOfLog() {
        List<String> lines = log().lines().toList();
        int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
        return " The end of " + command.log() + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    }
}
