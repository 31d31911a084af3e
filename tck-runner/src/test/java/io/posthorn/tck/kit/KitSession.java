package io.posthorn.tck.kit;

import com.sun.ts.lib.util.TestUtil;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Prepares the JVM before the kit's first test: starts the server, makes the system properties the kit's properties, and gives the kit
 * somewhere to write the causes of its failures, which it drops otherwise. Surefire may open several sessions in one JVM.
 */
public final class KitSession implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty("jms_timeout") == null) {
            // With several forks Surefire looks for the tests in Maven's own JVM first, which has no settings and runs
            // none.
            return;
        }
        System.out.println("The kit runs against " + KitServer.url());
        TestUtil.initNoLogging(System.getProperties());
        // Without a current test the kit's own logging fails with a NullPointerException.
        PrintWriter output = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        TestUtil.setCurrentTest("kit", output, output);
    }
}
