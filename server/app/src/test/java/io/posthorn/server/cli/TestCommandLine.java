package io.posthorn.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs commands within the test, and keeps what the last one printed. */
public final class TestCommandLine {

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    /** Returns the exit code. */
    public int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    public String out() {
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    public String err() {
        return err.toString();
    }
}
