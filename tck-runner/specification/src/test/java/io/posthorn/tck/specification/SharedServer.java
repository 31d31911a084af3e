package io.posthorn.tck.specification;

import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one server of all tests: in a process of its own, or, with {@code -Dspecification.server=vm}, inside this JVM. It forgets a
 * client that died after {@link #RESUME_WINDOW_MS}.
 */
final class SharedServer implements AutoCloseable {

    /** How long the server keeps for a client without a link what that client holds. */
    static final int RESUME_WINDOW_MS = 2_000;

    private static final String IN_THIS_JVM = "vm";

    private final ServerProcess process;
    private final String url;
    private final AtomicInteger names = new AtomicInteger();

    SharedServer() throws IOException {
        Path home = Files.createTempDirectory(Files.createDirectories(Path.of("target", "servers")), "server-")
                .toAbsolutePath();
        String wanted = System.getProperty("specification.server", "process");
        String setting = "resume-window";
        if (wanted.equals(IN_THIS_JVM)) {
            Path file = Files.writeString(home.resolve("posthorn.yaml"), setting + ": " + RESUME_WINDOW_MS + "ms\n");
            process = null;
            url = "vm://specification?keep=true&config=" + file;
        } else {
            process = ServerProcess.start(ServerCommand.ofConfiguredJar(home)
                    .withJvmOption("-XX:TieredStopAtLevel=1")
                    .withJvmOption("-Xmx256m")
                    .withOption("--set")
                    .withOption(setting + "=" + RESUME_WINDOW_MS + "ms"));
            url = process.url() + "?";
        }
    }

    /** Whether clients reach the server over the network, so that a link can be cut and another JVM can connect. */
    boolean isNetworked() {
        return process != null;
    }

    int port() {
        return process.port();
    }

    /** With what of its options is always there; others are added with an ampersand. */
    String url() {
        return url;
    }

    int nextNumber() {
        return names.incrementAndGet();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
