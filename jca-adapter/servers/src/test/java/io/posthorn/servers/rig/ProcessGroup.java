package io.posthorn.servers.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command and all processes that it starts, as one thing to kill. A shell stands between: it leads a process group of its own and
 * sends that group a {@code kill -9} when its standard input ends, which happens on {@link #kill} and also when this JVM is gone.
 */
final class ProcessGroup {

    private static final String SHELL =
            "exec 3<&0; (cat <&3 >/dev/null; kill -9 0) & exec 3<&-; \"$@\" </dev/null; exit $?";

    private static final Duration END_WITHIN = Duration.ofSeconds(20);

    private final Process shell;

    private ProcessGroup(Process shell) {
        this.shell = shell;
    }

    static ProcessGroup start(List<String> command, Map<String, String> environment, Path folder, Path log) {
        List<String> line = new ArrayList<>(List.of("setsid", "sh", "-c", SHELL, "server"));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new ProcessGroup(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + String.join(" ", command), e);
        }
    }

    /** Runs a command to its end. */
    static void run(List<String> command, Map<String, String> environment, Path folder, Path log, Duration limit) {
        ProcessGroup group = start(command, environment, folder, log);
        try {
            if (!group.endsWithin(limit)) {
                throw new IllegalStateException(
                        "Not done within " + limit.toSeconds() + " s: " + String.join(" ", command) + "; see " + log);
            }
            if (group.shell.exitValue() != 0) {
                throw new IllegalStateException(
                        "Exit status " + group.shell.exitValue() + " of " + String.join(" ", command) + "; see " + log);
            }
        } finally {
            group.kill();
        }
    }

    boolean isRunning() {
        return shell.isAlive();
    }

    /** Ends every process of the group as {@code kill -9} does, and returns when all are gone. */
    void kill() {
        List<ProcessHandle> all = shell.descendants().toList();
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!endsWithin(END_WITHIN)) {
            throw new IllegalStateException("Process " + shell.pid() + " did not end by SIGKILL");
        }
        all.forEach(handle -> handle.onExit()
                .orTimeout(END_WITHIN.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    private boolean endsWithin(Duration limit) {
        try {
            return shell.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a process", e);
        }
    }
}
