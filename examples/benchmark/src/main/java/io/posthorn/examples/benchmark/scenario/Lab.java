package io.posthorn.examples.benchmark.scenario;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import jakarta.jms.XAConnectionFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * The provider as JNDI gives it, and the threads of the work. The threads outlive a round, so that what they allocated can be read after
 * it.
 */
public final class Lab implements AutoCloseable {
    private final InitialContext jndi;
    private final ConnectionFactory factory;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Connection> connections = new ArrayList<>();

    Lab() throws NamingException {
        jndi = new InitialContext();
        factory = (ConnectionFactory) jndi.lookup("ConnectionFactory");
    }

    /** A new connection, not started. */
    public Connection connect() throws JMSException {
        return keep(factory.createConnection());
    }

    public XAConnection connectXa() throws JMSException {
        XAConnectionFactory xa = (XAConnectionFactory) lookup("XAConnectionFactory");
        return keep(xa.createXAConnection());
    }

    public Queue queue(String name) {
        return (Queue) lookup("dynamicQueues/" + name);
    }

    public Topic topic(String name) {
        return (Topic) lookup("dynamicTopics/" + name);
    }

    public ExecutorService threads() {
        return threads;
    }

    private Object lookup(String name) {
        try {
            return jndi.lookup(name);
        } catch (NamingException e) {
            throw new ScenarioException("JNDI does not know " + name, e);
        }
    }

    private <C extends Connection> C keep(C connection) {
        connections.add(connection);
        return connection;
    }

    @Override
    public void close() throws JMSException {
        for (Connection connection : connections) {
            connection.close();
        }
        threads.shutdownNow();
    }
}
