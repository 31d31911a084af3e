package io.posthorn.ra;

import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The adapter's loggers, made when it starts. Tomcat's log manager, so TomEE's, takes a logger for one of the application whose class loader
 * is the current one when it is made, and silences it when that application ends; made with its class, at the first activation, it would be
 * silent from the first redeployment on. SLF4J makes each logger once, so the classes get these.
 */
final class Loggers {

    /** Who has one, below this package; a test compares them with the classes. */
    static final List<String> OWNERS = List.of(
            "handle.BrowserHandle",
            "handle.ConnectionHandle",
            "inbound.Directory",
            "inbound.Endpoint",
            "inbound.Line",
            "inbound.Receiver",
            "inbound.Registration",
            "inbound.Workshop",
            "outbound.PosthornManagedConnection",
            "xa.RecoveryResource",
            "xa.ServerResource");

    private Loggers() {}

    static void make() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Loggers.class.getClassLoader());
        try {
            for (String owner : OWNERS) {
                LoggerFactory.getLogger(Loggers.class.getPackageName() + "." + owner);
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
