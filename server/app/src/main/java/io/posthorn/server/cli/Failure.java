package io.posthorn.server.cli;

import io.posthorn.server.StartException;
import io.posthorn.server.cli.admin.AdminException;
import io.posthorn.server.config.ConfigException;
import java.io.PrintWriter;

/** Tells the user what went wrong: one line for what the world did wrong, a stack trace for what we did. */
final class Failure {

    static final int STATUS = 1;

    private Failure() {}

    static int report(Exception failure, PrintWriter err) {
        if (failure instanceof StartException
                || failure instanceof ConfigException
                || failure instanceof AdminException) {
            err.println("posthorn: " + failure.getMessage());
        } else {
            err.println("posthorn: this is a defect of Posthorn; please report it with what follows");
            failure.printStackTrace(err);
        }
        err.flush();
        return STATUS;
    }
}
