package io.posthorn.tck.crashes;

import io.posthorn.testkit.process.Tether;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM with some of the roles: how it is started and ended, and its {@code main}. The harness's thread owns it. */
public final class ClientProcess {

    private static final int BAD = 3;

    private final String name;
    private final String url;
    private final Path folder;
    private final int round;
    private final long seed;
    private Process process;

    ClientProcess(String name, String url, Path folder, int round, long seed) {
        this.name = name;
        this.url = url;
        this.folder = folder;
        this.round = round;
        this.seed = seed;
    }

    String name() {
        return name;
    }

    boolean sends() {
        return name.startsWith("senders");
    }

    void start() {
        List<String> line = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                Tether.class.getName(),
                ClientProcess.class.getName(),
                name,
                url,
                folder.toString(),
                Integer.toString(round),
                Long.toString(seed));
        try {
            process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(name + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the client " + name, e);
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Waits for its end; its exit status, or null when it does not end in time. */
    Integer await(long limitMs) throws InterruptedException {
        return process.waitFor(limitMs, TimeUnit.MILLISECONDS) ? process.exitValue() : null;
    }

    /** Ends it if it still runs. */
    void end() {
        if (isRunning()) {
            process.destroyForcibly();
        }
    }

    /** Plays the roles of a process, each on a thread of its own, until all have ended. */
    public static void main(String[] arguments) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Role role : Role.of(arguments[0])) {
            Scene scene = new Scene(
                    role,
                    arguments[1],
                    Path.of(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Long.parseLong(arguments[4]));
            threads.add(new Thread(() -> play(role, scene), role.name()));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void play(Role role, Scene scene) {
        try {
            role.play(scene);
        } catch (JMSException | RuntimeException e) {
            fail(scene.diary(), "failed", e);
        }
    }

    /** Writes down what must not be, and ends the process. */
    static void fail(Diary diary, String what, Exception problem) {
        StringWriter text = new StringWriter();
        problem.printStackTrace(new PrintWriter(text));
        diary.write("bad", what, text.toString().replace('\n', '|'));
        Runtime.getRuntime().halt(BAD);
    }
}
