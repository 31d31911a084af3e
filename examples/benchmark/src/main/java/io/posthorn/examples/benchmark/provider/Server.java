package io.posthorn.examples.benchmark.provider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A provider's server in a process of its own. */
final class Server implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final int POLL_MS = 50;

    private final JavaProcess process;

    private Server(JavaProcess process) {
        this.process = process;
    }

    /** Starts it and waits until it takes connections. */
    static Server start(Provider provider, Site site) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(site.options().server());
        arguments.addAll(provider.serverArguments(site));
        JavaProcess process =
                JavaProcess.start(provider.name() + " server", site.folder().resolve("server.log"), false, arguments);
        Server server = new Server(process);
        try {
            server.awaitReady(site.port());
            server.check(provider);
        } catch (IllegalStateException | InterruptedException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void awaitReady(int port) throws InterruptedException {
        long deadlineNs = System.nanoTime() + READY_WITHIN.toNanos();
        while (!isListening(port)) {
            if (process.process().waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                throw process.failure("ended with status " + process.process().exitValue());
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw process.failure("did not listen on " + port + " within " + READY_WITHIN.toSeconds() + " s");
            }
        }
    }

    private void check(Provider provider) {
        provider.expectation().ifPresent(expected -> {
            if (!process.log().contains(expected.logged())) {
                throw process.failure("does not say \"" + expected.logged() + "\": " + expected.otherwise());
            }
        });
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    void requireQuiet() {
        process.requireQuiet();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
