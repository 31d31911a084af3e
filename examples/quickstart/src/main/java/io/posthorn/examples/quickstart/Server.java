package io.posthorn.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The Posthorn server, run as anyone runs it: {@code java -jar posthorn-server.jar run}. */
final class Server implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
    private static final int POLL_MS = 5;

    private final Path jar;
    private final Path folder;
    private final Path portFile;
    private Child process;
    private int port;

    /** Starts the server on a free port and waits until it is ready. */
    Server(Path jar, Path folder) throws IOException, InterruptedException {
        this.jar = jar;
        this.folder = folder;
        this.portFile = folder.resolve("port");
        start();
    }

    /** Starts it on the data it has and, from the second time on, on the port it had. */
    void start() throws IOException, InterruptedException {
        Files.deleteIfExists(portFile);
        process = Child.start(
                "server",
                folder,
                List.of(
                        "-jar",
                        jar.toString(),
                        "run",
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        Integer.toString(port),
                        "--port-file",
                        portFile.toString()));
        long deadlineNs = System.nanoTime() + READY_WITHIN.toNanos();
        while (!Files.exists(portFile) || Files.size(portFile) == 0) {
            if (!process.isRunning() || System.nanoTime() - deadlineNs > 0) {
                throw process.failure("was not ready within " + READY_WITHIN.toSeconds() + " s");
            }
            process.pause(POLL_MS);
        }
        port = Integer.parseInt(Files.readString(portFile).strip());
    }

    void kill() throws InterruptedException {
        process.kill();
        process.close();
    }

    void stop() throws InterruptedException {
        process.stop(STOP_WITHIN);
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
