package io.posthorn.servers.rig;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.JMSContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that takes part in a test: two brokers, a relay before each, and the application server, whose connections go through the
 * relays. {@code broker} is the one of the guides, {@code other} the second resource manager of a transaction.
 */
public final class Rig implements AutoCloseable {

    public static final String USER = "app";
    public static final String PASSWORD = "secret";

    /** The system property that has the broker's port, for what is made before a test has its rig. */
    public static final String PORT_PROPERTY = "servers.broker-port";

    /** The system property that has the port of {@link #watchedRelay}, likewise. */
    public static final String WATCHED_PORT_PROPERTY = "servers.watched-port";

    /** How often a message is delivered before it goes to the dead letters. */
    public static final int DELIVERIES_MAX = 4;

    private final ServerProcess broker;
    private final ServerProcess other;
    private final HoldingRelay relay;
    private final HoldingRelay otherRelay;
    private final HoldingRelay watchedRelay;
    private final ForeignBrokers foreign;
    private final AppServer server;

    private Rig(ServerKind kind, Settings settings) {
        broker = ServerProcess.start(command(settings.home().resolve("broker")));
        other = ServerProcess.start(command(settings.home().resolve("other-broker")));
        relay = new HoldingRelay(broker.port());
        otherRelay = new HoldingRelay(other.port());
        watchedRelay = new HoldingRelay(broker.port());
        foreign = settings.foreign()
                .map(origin -> ForeignBrokers.start(origin, settings.home().resolve("foreign")))
                .orElse(null);
        int offset = Site.freeOffset(ports(kind));
        Site site = new Site(
                settings.distribution(),
                settings.configuration(),
                settings.home(),
                settings.rar(),
                offset,
                replacements());
        server = new AppServer(kind, site);
    }

    private Map<String, String> replacements() {
        Map<String, String> all = new HashMap<>(foreign == null ? Map.of() : foreign.replacements());
        all.put("tcp://127.0.0.1:7660", relay.url());
        all.put("tcp://127.0.0.1:7670", otherRelay.url());
        return all;
    }

    /** What annotations of the applications must say instead, for the server that the build's profile names. */
    public static Map<String, String> annotationTexts() {
        return ServerKind.of(System.getProperty("servers.kind")).annotationTexts();
    }

    /** Why the server that the build's profile names recovers no transactions, if it does not. */
    public static Optional<String> withoutRecovery() {
        return ServerKind.of(System.getProperty("servers.kind")).withoutRecovery();
    }

    /** Whether that server has {@code java:comp/DefaultJMSConnectionFactory}. */
    public static boolean namesTheDefaultFactory() {
        return ServerKind.of(System.getProperty("servers.kind")).namesTheDefaultFactory();
    }

    /** What the log of that server says of a bean that names no destination. */
    public static String wordsOnAMissingDestination() {
        return ServerKind.of(System.getProperty("servers.kind")).wordsOnAMissingDestination();
    }

    /** Starts the brokers, and the server with a fresh configuration. */
    static Rig start(Settings settings) {
        Rig rig = new Rig(ServerKind.of(settings.kind()), settings);
        try {
            System.setProperty(PORT_PROPERTY, Integer.toString(rig.broker.port()));
            System.setProperty(WATCHED_PORT_PROPERTY, Integer.toString(rig.watchedRelay.port()));
            rig.server.configure();
            rig.server.start();
        } catch (RuntimeException e) {
            rig.close();
            throw e;
        }
        return rig;
    }

    private static ServerCommand command(Path home) {
        return ServerCommand.ofConfiguredJar(home)
                .withEnvironment("POSTHORN_USER", USER)
                .withEnvironment("POSTHORN_PASSWORD", PASSWORD)
                .withEnvironment("POSTHORN_DESTINATIONS", "[{match: \"it.*\", redelivery-max: " + DELIVERIES_MAX + "}]")
                .withJvmOption("-Xmx256m");
    }

    private static int[] ports(ServerKind kind) {
        int[] others = kind.otherPorts();
        int[] all = new int[others.length + 1];
        System.arraycopy(others, 0, all, 1, others.length);
        all[0] = kind.httpPort();
        return all;
    }

    public AppServer server() {
        return server;
    }

    public ServerProcess broker() {
        return broker;
    }

    public HoldingRelay relay() {
        return relay;
    }

    public HoldingRelay otherRelay() {
        return otherRelay;
    }

    /** A way to the broker that is in no configuration: only what a test points to it goes there. */
    public HoldingRelay watchedRelay() {
        return watchedRelay;
    }

    /** The brokers of another provider, in a profile for a foreign adapter. */
    public ForeignBrokers foreign() {
        if (foreign == null) {
            throw new IllegalStateException("The profile names no foreign adapter (servers.foreign)");
        }
        return foreign;
    }

    /** A client of the broker, from outside of the application server and past the relay. */
    public JMSContext connect() {
        return new PosthornConnectionFactory(broker.url()).createContext(USER, PASSWORD);
    }

    /** The same for the other broker. */
    public JMSContext connectToOther() {
        return new PosthornConnectionFactory(other.url()).createContext(USER, PASSWORD);
    }

    @Override
    public void close() {
        if (server != null) {
            server.kill();
        }
        relay.close();
        otherRelay.close();
        watchedRelay.close();
        if (foreign != null) {
            foreign.close();
        }
        broker.close();
        other.close();
    }
}
