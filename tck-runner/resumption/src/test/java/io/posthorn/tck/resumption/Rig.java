package io.posthorn.tck.resumption;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testkit.process.LinkProxy;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server in its own process, a proxy before it, and the connections of a test, whose exception listeners are heard. One thread owns it.
 */
public final class Rig implements AutoCloseable {

    /** So that a test needs no patience: attempts to resume come quickly. */
    private static final String QUICK = "?initialReconnectDelay=10&maxReconnectDelay=200&connectTimeout=5s";

    private final ServerProcess server;
    private final LinkProxy proxy;
    private final Deque<Connection> connections = new ArrayDeque<>();
    private final List<JMSException> lost = new CopyOnWriteArrayList<>();

    /** Starts a server with settings such as {@code resume-window=2s}. */
    public Rig(Path home, String... settings) {
        ServerCommand command = ServerCommand.ofConfiguredJar(home)
                .withJvmOption("-XX:TieredStopAtLevel=1")
                .withJvmOption("-Xmx256m");
        for (String setting : settings) {
            command = command.withOption("--set").withOption(setting);
        }
        server = ServerProcess.start(command);
        proxy = new LinkProxy(server.port());
    }

    public ServerProcess server() {
        return server;
    }

    public LinkProxy proxy() {
        return proxy;
    }

    /** Through the proxy; {@code options} begin with {@code &}, or are empty. */
    public PosthornConnectionFactory factory(String options) {
        return new PosthornConnectionFactory(proxy.url() + QUICK + options);
    }

    /** As {@link #factory}, for XA. */
    public PosthornXAConnectionFactory xaFactory(String options) {
        return new PosthornXAConnectionFactory(proxy.url() + QUICK + options);
    }

    /** Past the proxy: a witness whose link is not broken. */
    public PosthornConnectionFactory directFactory() {
        return new PosthornConnectionFactory(server.url() + QUICK);
    }

    /** A started connection through the proxy, closed with the rig. */
    public Connection connect() throws JMSException {
        return connect("");
    }

    public Connection connect(String options) throws JMSException {
        return opened(factory(options).createConnection());
    }

    /** A started connection past the proxy, closed with the rig. */
    public Connection connectDirectly() throws JMSException {
        return opened(directFactory().createConnection());
    }

    /** Starts the connection and hears its exception listener. */
    public <C extends Connection> C opened(C connection) throws JMSException {
        connections.push(connection);
        connection.setExceptionListener(lost::add);
        connection.start();
        return connection;
    }

    /** What the exception listeners were told. */
    public List<JMSException> lost() {
        return lost;
    }

    /** {@code kill -9}, and the server again on the same port and data. */
    public void killAndRestart() {
        server.kill();
        server.restart();
    }

    /** Forgets connections that a test has closed or given up. */
    public void closeConnections() throws JMSException {
        while (!connections.isEmpty()) {
            connections.pop().close();
        }
        lost.clear();
        proxy.flow();
        proxy.refuse(false);
    }

    @Override
    public void close() throws JMSException {
        try {
            closeConnections();
        } finally {
            proxy.close();
            server.close();
        }
    }
}
