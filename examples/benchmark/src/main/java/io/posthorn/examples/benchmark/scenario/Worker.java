package io.posthorn.examples.benchmark.scenario;

import io.posthorn.examples.benchmark.Tables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The process that does the work: a table and the number of a row say which; each line of standard input is a round ({@code millis
 * scale}), each line of standard output that begins with {@link #MARK} an answer. Ends with standard input.
 */
public final class Worker {
    /** What the lines for the command begin with; a provider may write others. */
    public static final String MARK = "@ ";

    public static final String READY = "ready";
    public static final String FAILED = "failed ";

    private Worker() {}

    public static void main(String[] args) throws IOException {
        Scenario scenario = Tables.all()
                .get(args[0])
                .get(Integer.parseInt(args[1]))
                .scenario()
                .get();
        int status = 0;
        try (Lab lab = new Lab()) {
            scenario.open(lab);
            say(READY);
            serve(scenario);
        } catch (Exception e) {
            fail(e);
            status = 1;
        }
        // Not every provider's threads are daemons.
        System.exit(status);
    }

    private static void serve(Scenario scenario) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split(" ", -1);
            Round round = new Round(Duration.ofMillis(Long.parseLong(parts[0])), Double.parseDouble(parts[1]));
            say(scenario.run(round).toLine());
        }
    }

    private static void fail(Exception e) {
        StringBuilder text = new StringBuilder(FAILED);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            text.append(cause).append("; ");
        }
        say(text.toString().replace('\n', ' '));
    }

    private static void say(String text) {
        System.out.println(MARK + text);
        System.out.flush();
    }
}
