package io.posthorn.journal.disk;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Channels close when a thread that works on them is interrupted; here such work is done again. */
final class Interrupts {

    private Interrupts() {}

    /** Work that opens its own channel and may be done twice. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does the work until no interrupt came between; keeps the thread's interrupt status. */
    static <T> T shield(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
