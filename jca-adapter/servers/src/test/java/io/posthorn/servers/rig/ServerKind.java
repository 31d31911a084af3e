package io.posthorn.servers.rig;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What differs between application servers. Without state of its own: everything that a run knows is in its {@link Site}. */
interface ServerKind {

    /** The port at which applications are served, before the offset. */
    int httpPort();

    /** Further ports that must be free, before the offset. */
    int[] otherPorts();

    /** Makes a fresh server in the site's home, configured as the guide says, with the resource adapter in place. */
    void configure(Site site, Path log);

    /** The command that runs the server in the foreground. */
    List<String> command(Site site);

    /** Variables for that command. */
    Map<String, String> environment(Site site);

    /** Whether the server that was started is up. */
    boolean isUp(Site site, String log);

    /** The folder from which the server takes applications while it runs. */
    Path deployments(Site site);

    /** What went wrong with an application that was put there, if anything did; {@code log} is what was written since then. */
    Optional<String> failure(Site site, String log, String archive);

    /** What annotations of the applications must say here in place of what they say; nothing where they work as they are. */
    default Map<String, String> annotationTexts() {
        return Map.of();
    }

    /** Why the server recovers no transactions with any adapter; empty where it does. The guide has the evidence. */
    default Optional<String> withoutRecovery() {
        return Optional.empty();
    }

    /** Whether {@code java:comp/DefaultJMSConnectionFactory} is bound. */
    default boolean namesTheDefaultFactory() {
        return true;
    }

    /** What the log says of a bean that names no destination: the adapter's words, unless the server lets it never see such a bean. */
    default String wordsOnAMissingDestination() {
        return "neither destination nor destinationLookup is set; set destinationLookup to the JNDI name";
    }

    /** The kind with this name, as in the profiles of the build. */
    static ServerKind of(String name) {
        return switch (name) {
            case "wildfly" -> new WildFly();
            case "wildfly-genericjms" -> new GenericJms();
            case "openliberty" -> new OpenLiberty();
            case "glassfish", "payara" -> new GlassFish();
            case "tomcat" -> new Tomcat();
            case "tomee" -> new TomEe();
            default -> throw new IllegalArgumentException("No server of the kind " + name);
        };
    }
}
