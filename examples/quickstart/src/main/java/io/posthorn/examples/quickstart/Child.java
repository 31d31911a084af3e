package io.posthorn.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process of the quickstart. What an application writes to standard output tells how far it is ({@code ready}, {@code done 17}); the
 * rest goes to a log. The reader thread sets {@link #ready} and {@link #done} under this object's monitor; the driver waits on it.
 */
final class Child implements AutoCloseable {
    private static final int LOG_LINES_SHOWN = 20;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread hook;
    private boolean ready;
    private int done;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.hook = new Thread(process::destroyForcibly, "end-" + name);
    }

    /** Starts {@code java} with the arguments; all that it writes goes to its log. It is killed when this JVM ends. */
    static Child start(String name, Path folder, List<String> arguments) throws IOException {
        Path log = folder.resolve(name + ".log");
        return start(name, log, java(arguments).redirectOutput(Redirect.appendTo(log.toFile())));
    }

    /** One of the two applications, on this JVM's class path, told by a JNDI system property where the server is. */
    static Child application(Class<?> main, Path folder, String url, String... arguments) throws IOException {
        List<String> line =
                new ArrayList<>(List.of("-Djava.naming.provider.url=" + url, "-Dquickstart.log.level=INFO"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(List.of(arguments));
        Child child = start(main.getSimpleName(), folder.resolve(main.getSimpleName() + ".log"), java(line));
        Thread reader = new Thread(() -> child.follow(child.process.getInputStream()), "progress-" + child.name);
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private static ProcessBuilder java(List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(arguments);
        return new ProcessBuilder(line);
    }

    private static Child start(String name, Path log, ProcessBuilder builder) throws IOException {
        Child child = new Child(
                name, builder.redirectError(Redirect.appendTo(log.toFile())).start(), log);
        Runtime.getRuntime().addShutdownHook(child.hook);
        return child;
    }

    private void follow(InputStream output) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line);
            }
        } catch (IOException closedWithTheProcess) {
            note("");
        }
    }

    private synchronized void note(String line) {
        if (line.equals("ready")) {
            ready = true;
        } else if (line.startsWith("done ")) {
            done = Integer.parseInt(line.substring("done ".length()));
        }
        notifyAll();
    }

    synchronized int done() {
        return done;
    }

    void awaitReady(Duration limit) throws InterruptedException {
        await(() -> ready, "say that it is ready", limit);
    }

    void awaitDone(int count, Duration limit) throws InterruptedException {
        await(() -> done >= count, "do " + count + " orders", limit);
    }

    private synchronized void await(BooleanSupplier reached, String what, Duration limit) throws InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMs <= 0) {
                throw failure("did not " + what + " within " + limit.toSeconds() + " s; it has done " + done);
            }
            if (!process.isAlive()) {
                throw failure("ended with status " + process.exitValue() + " before it could " + what);
            }
            wait(Math.min(leftMs, 100));
        }
    }

    /** Waits until the process has ended well. */
    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("did not end within " + limit.toSeconds() + " s; it has done " + done());
        }
        if (process.exitValue() != 0) {
            throw failure("ended with status " + process.exitValue());
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Waits a moment, or until the process has ended. */
    void pause(long limitMs) throws InterruptedException {
        process.waitFor(limitMs, TimeUnit.MILLISECONDS);
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks the process to stop (SIGTERM) and waits for it. */
    void stop(Duration limit) throws InterruptedException {
        process.toHandle().destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("did not stop within " + limit.toSeconds() + " s after SIGTERM");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook is running: it does the same.
            return;
        }
    }

    QuickstartException failure(String what) {
        return new QuickstartException(name + " " + what + "." + endOfLog());
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
            return end.isEmpty() ? "" : " The end of its log:\n  " + String.join("\n  ", end);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }
}
