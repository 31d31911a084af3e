package io.posthorn.tck.xa;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.XAConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** A server in its own process, and what tests do at it outside of global transactions. */
final class Node implements AutoCloseable {

    private final ServerProcess server;

    private Node(ServerProcess server) {
        this.server = server;
    }

    static Node start(Path home) {
        return new Node(ServerProcess.start(ServerCommand.ofConfiguredJar(home)
                .withJvmOption("-Xmx128m")
                .withJvmOption("-XX:TieredStopAtLevel=1")
                .withJvmOption("-XX:+UseSerialGC")));
    }

    String url() {
        return server.url();
    }

    int port() {
        return server.port();
    }

    /** {@code kill -9}, and a new start. */
    void crash() {
        kill();
        restart();
    }

    void kill() {
        server.kill();
    }

    void stop() {
        server.stop();
    }

    void restart() {
        server.restart();
    }

    /** A started connection. */
    XAConnection connect() throws JMSException {
        return connect(url());
    }

    static XAConnection connect(String url) throws JMSException {
        XAConnection connection = new PosthornXAConnectionFactory(url).createXAConnection();
        connection.start();
        return connection;
    }

    void send(String queue, String... texts) {
        try (JMSContext context = new PosthornConnectionFactory(url()).createContext()) {
            for (String text : texts) {
                context.createProducer().send(context.createQueue(queue), text);
            }
        }
    }

    /** Consumes what is there. */
    List<String> drain(String queue) {
        List<String> texts = new ArrayList<>();
        try (JMSContext context = new PosthornConnectionFactory(url()).createContext();
                JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            for (String text = next(consumer); text != null; text = next(consumer)) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** Null after the server said that there is nothing. */
    private static String next(JMSConsumer consumer) {
        return consumer.receiveBodyNoWait(String.class);
    }

    /** The prepared branches, over a connection of its own. */
    List<BranchXid> inDoubt() throws JMSException, XAException {
        try (XAConnection connection = connect()) {
            XAResource resource = connection.createXASession().getXAResource();
            return xids(resource, XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
        }
    }

    static List<BranchXid> xids(XAResource resource, int flags) throws XAException {
        return Stream.of(resource.recover(flags)).map(BranchXid::of).toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
