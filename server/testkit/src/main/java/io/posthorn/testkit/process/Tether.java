package io.posthorn.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The main class of a child process that must not outlive its parent: calls the real {@code main} and halts when standard input ends,
 * which the operating system sees to however the parent dies. A shutdown hook alone would miss a parent that was killed with -9.
 */
public final class Tether {
    /** Exit status of a child whose parent went away. */
    public static final int PARENT_GONE = 86;

    private Tether() {}

    public static void main(String[] args) throws Throwable {
        Thread watch = new Thread(() -> haltAtEndOf(System.in), "tether");
        watch.setDaemon(true);
        watch.start();
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void haltAtEndOf(InputStream in) {
        try {
            while (in.read() >= 0) {
                // Nothing is ever sent; only the end counts.
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Lost sight of the parent process", e);
        } finally {
            Runtime.getRuntime().halt(PARENT_GONE);
        }
    }

    static Path location() {
        try {
            return Path.of(Tether.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The testkit's classes come from a place that is no path", e);
        }
    }
}
