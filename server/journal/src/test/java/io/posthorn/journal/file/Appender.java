package io.posthorn.journal.file;

import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/** A process of its own that appends for ever and prints how many records are synced, until it is killed. */
final class Appender implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private Appender(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    static Appender start(Path folder) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new Appender(new ProcessBuilder(
                        java.toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** The next line of its output; null when it has ended. */
    String readLine() throws IOException {
        return output.readLine();
    }

    /** Kills it as the operating system does, and waits until it is gone; what it printed can still be read. */
    void kill() {
        process.toHandle().destroyForcibly(); // the process's own method would close the streams
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        output.close();
    }

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = System.out;
        try (Owner owner = new Owner(Path.of(arguments[0]))) {
            int count = (int) owner.replayed.stream()
                    .filter(record -> !record.equals("|"))
                    .count();
            out.println("open " + count);
            Random random = new Random(count);
            while (true) {
                long end = 0;
                for (int i = random.nextInt(50); i >= 0; i--) {
                    end = owner.append(Flush.SYNC, record(count), record(count + 1));
                    count += 2;
                }
                owner.journal.flush();
                owner.awaitSynced(end);
                out.println("synced " + count);
            }
        } catch (JournalException e) {
            out.println(e.kind() + " " + e.getMessage());
        }
    }

    static String record(int number) {
        return number + " " + "x".repeat(number * 31 % 900);
    }
}
