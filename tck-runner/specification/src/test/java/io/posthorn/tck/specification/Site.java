package io.posthorn.tck.specification;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.testkit.process.LinkProxy;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * What a test works with: administered objects as JNDI gives them, names that no other test has, and connections that are closed
 * after the test, latest first. One thread owns it.
 */
final class Site implements AutoCloseable {

    /** How long a test waits for what must come. */
    static final int WAIT_MS = 20_000;

    private final SharedServer server;
    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
    private LinkProxy proxy;

    Site(SharedServer server) {
        this.server = server;
    }

    /** A factory from JNDI; options such as {@code clientID=a}. */
    ConnectionFactory factory(String... options) {
        return factoryOf(server.url() + "&" + String.join("&", options));
    }

    /** A factory for connections whose link {@link #proxy} breaks; they are quick to try again. Skips the test without network. */
    ConnectionFactory factoryThroughProxy(String... options) {
        return factoryOf("tcp://127.0.0.1:" + proxy().port() + "?initialReconnectDelay=10&maxReconnectDelay=100&"
                + String.join("&", options));
    }

    private ConnectionFactory factoryOf(String url) {
        return lookUp("connectionFactory.it", url, "it");
    }

    /** One entry of the environment, and the name to look up in it. */
    <T> T lookUp(String key, String value, String name) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, System.getProperty("specification.jndi"));
        environment.put(key, value);
        try {
            @SuppressWarnings("unchecked")
            T found = (T) new InitialContext(environment).lookup(name);
            return found;
        } catch (NamingException e) {
            throw new IllegalStateException("JNDI does not give " + name + " for " + key + "=" + value, e);
        }
    }

    /** The server's address, to which options are added with an ampersand. */
    String url() {
        return server.url();
    }

    /** Stands between the server and connections of {@link #factoryThroughProxy}. Skips the test without network. */
    LinkProxy proxy() {
        assumeNetwork("link that can be cut");
        if (proxy == null) {
            proxy = new LinkProxy(server.port());
        }
        return proxy;
    }

    void assumeNetwork(String what) {
        assumeTrue(server.isNetworked(), () -> "a server inside this JVM has no " + what);
    }

    /** A started connection. */
    Connection connect(String... options) throws JMSException {
        Connection connection = open(options);
        connection.start();
        return connection;
    }

    /** A connection that is not started. */
    Connection open(String... options) throws JMSException {
        return closing(factory(options).createConnection());
    }

    /** A started connection through the proxy. */
    Connection connectThroughProxy(String... options) throws JMSException {
        Connection connection = closing(factoryThroughProxy(options).createConnection());
        connection.start();
        return connection;
    }

    /** A session of a started connection of its own. */
    Session session(int mode, String... options) throws JMSException {
        return connect(options).createSession(mode);
    }

    /** A session that acknowledges automatically, of a started connection of its own. */
    Session session(String... options) throws JMSException {
        return session(Session.AUTO_ACKNOWLEDGE, options);
    }

    JMSContext context(int mode, String... options) {
        return closing(factory(options).createContext(mode));
    }

    /** Closes it after the test, before what was opened earlier. */
    <C extends AutoCloseable> C closing(C closeable) {
        closeables.push(closeable);
        return closeable;
    }

    Queue queue() {
        String name = name("queue");
        return lookUp("queue.it", name, "it");
    }

    Topic topic() {
        String name = name("topic");
        return lookUp("topic.it", name, "it");
    }

    /** A name that nothing else has, for a subscription or a client for example. */
    String name(String kind) {
        return kind + "-" + server.nextNumber();
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.flow();
            proxy.refuse(false);
        }
        try {
            while (!closeables.isEmpty()) {
                close(closeables.pop());
            }
        } finally {
            if (proxy != null) {
                proxy.close();
            }
        }
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot be closed after the test: " + closeable, e);
        }
    }
}
