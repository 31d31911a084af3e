package io.posthorn.examples.benchmark.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process with the heap that all have. It is killed when this JVM ends. The heap is touched at the start: otherwise a process pays
 * for each page of it when it gets there, which took up to half of a server's CPU in some rounds and none in others.
 */
final class JavaProcess implements AutoCloseable {
    private static final int LOG_LINES_SHOWN = 30;
    private static final long LOG_LENGTH_MAX = 1 << 20;
    private static final int END_WITHIN_S = 20;

    private final String name;
    private final Path log;
    private final Process process;
    private final Thread hook;

    private JavaProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.hook = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts {@code java}; what it writes to standard error goes to the log, and standard output too unless it is read here. */
    static JavaProcess start(String name, Path log, boolean readsOutput, List<String> arguments) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:+UseG1GC"));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(Redirect.appendTo(log.toFile()));
        if (!readsOutput) {
            builder.redirectOutput(Redirect.appendTo(log.toFile()));
        }
        return new JavaProcess(name, log, builder.start());
    }

    Process process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    /** Fails when it writes its log as it works: nobody would run it so. */
    void requireQuiet() {
        try {
            long length = Files.size(log);
            if (length > LOG_LENGTH_MAX) {
                throw new IllegalStateException(
                        name + " has written " + length + " bytes to " + log
                                + ", which costs time and disk that no user would spend: turn off what it says of single messages");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look at " + log, e);
        }
    }

    IllegalStateException failure(String what) {
        List<String> lines = log().lines().toList();
        List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        return new IllegalStateException(name + " " + what + ". The end of its log:\n  " + String.join("\n  ", end));
    }

    /** Ends the process, by force when it does not end by itself; its data is not needed any more. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_WITHIN_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook is running: it does the same.
            process.destroyForcibly();
        }
    }
}
