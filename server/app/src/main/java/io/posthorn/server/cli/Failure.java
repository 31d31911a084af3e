package io.posthorn.server.cli;

import io.posthorn.server.StartException;
import io.posthorn.server.config.ConfigException;
import picocli.CommandLine;

/** Tells the user what went wrong: one line for what the world did wrong, a stack trace for what we did. */
final class Failure {

    static final int STATUS = 1;

    private Failure() {}

    static int report(Exception failure, CommandLine commandLine) {
        if (failure instanceof StartException || failure instanceof ConfigException) {
            commandLine.getErr().println("posthorn: " + failure.getMessage());
        } else {
            commandLine.getErr().println("posthorn: this is a defect of Posthorn; please report it with what follows");
            failure.printStackTrace(commandLine.getErr());
        }
        commandLine.getErr().flush();
        return STATUS;
    }
}
