package io.posthorn.tck.kit;

import com.sun.ts.lib.util.TestUtil;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Prepares the JVM before the kit's first test: makes the system properties the kit's properties, and gives the kit somewhere to write
 * the causes of its failures, which it drops otherwise.
 *
 * <p>Surefire opens several sessions in one JVM, and with several forks one in Maven's own JVM to list the classes: so the server is not
 * started here but by {@link PosthornObjects}, when the first test asks for an object.
 */
public final class KitSession implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        TestUtil.initNoLogging(System.getProperties());
        // Without a current test the kit's own logging fails with a NullPointerException.
        PrintWriter output = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        TestUtil.setCurrentTest("kit", output, output);
    }
}
