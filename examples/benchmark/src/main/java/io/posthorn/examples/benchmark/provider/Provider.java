package io.posthorn.examples.benchmark.provider;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JMS provider under test: how its server is started, and what an application writes into {@code jndi.properties}. */
public interface Provider {
    /** The name on the command line and in the tables. */
    String name();

    /** The folder of jars below {@code target/providers}. */
    default String jars() {
        return name();
    }

    /** What follows {@code java} and its heap; may write configuration into the folder of the run. */
    List<String> serverArguments(Site site) throws IOException;

    /** The JNDI environment; has to give {@code ConnectionFactory} and {@code XAConnectionFactory}. */
    Map<String, String> jndi(int port);

    /** Whether it has sends with a {@code CompletionListener}. */
    default boolean sendsAsynchronously() {
        return true;
    }

    /** What must stand in the server's log when it is ready, or it does not run as it should. */
    default Optional<Expectation> expectation() {
        return Optional.empty();
    }

    /**
     * A condition for a fair run.
     *
     * @param logged the text in the log
     * @param otherwise what to do when it is not there
     */
    record Expectation(String logged, String otherwise) {}
}
