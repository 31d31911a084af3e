package io.posthorn.ra.harness;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server in its own process, and what tests do at it from outside of any container. */
public final class Node implements AutoCloseable {

    private final ServerProcess server;

    private Node(ServerProcess server) {
        this.server = server;
    }

    public static Node start(Path home) {
        return new Node(ServerProcess.start(command(home)));
    }

    /** A server that lets nobody else in. */
    public static Node start(Path home, String user, String password) {
        return new Node(ServerProcess.start(
                command(home).withEnvironment("POSTHORN_USER", user).withEnvironment("POSTHORN_PASSWORD", password)));
    }

    private static ServerCommand command(Path home) {
        return ServerCommand.ofConfiguredJar(home)
                .withJvmOption("-Xmx192m")
                .withJvmOption("-XX:TieredStopAtLevel=1")
                .withJvmOption("-XX:+UseSerialGC");
    }

    public String url() {
        return server.url();
    }

    /** Established connections to the server that this process knows of; of the machine, where it tells. */
    public long connections() throws IOException {
        String port = String.format(":%04X", server.port());
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/tcp"))) {
            return lines.map(String::strip)
                    .filter(line -> line.split("\\s+", -1)[1].endsWith(port) && line.split("\\s+", -1)[3].equals("01"))
                    .count();
        }
    }

    public void kill() {
        server.kill();
    }

    public void restart() {
        server.restart();
    }

    public void send(String queue, String... texts) {
        try (JMSContext context = new PosthornConnectionFactory(url()).createContext()) {
            for (String text : texts) {
                context.createProducer().send(context.createQueue(queue), text);
            }
        }
    }

    public void publish(String topic, String... texts) {
        try (JMSContext context = new PosthornConnectionFactory(url()).createContext()) {
            for (String text : texts) {
                context.createProducer().send(context.createTopic(topic), text);
            }
        }
    }

    /** Consumes what is there. */
    public List<String> drain(String queue) {
        List<String> texts = new ArrayList<>();
        try (JMSContext context = new PosthornConnectionFactory(url()).createContext();
                JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            for (Message message = consumer.receiveNoWait(); message != null; message = consumer.receiveNoWait()) {
                texts.add(message.getBody(String.class));
            }
        } catch (jakarta.jms.JMSException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }

    /** The next text within a time, or null. */
    public String next(String queue, long timeoutMs) {
        try (JMSContext context = new PosthornConnectionFactory(url()).createContext();
                JMSConsumer consumer = context.createConsumer(context.createQueue(queue))) {
            return consumer.receiveBody(String.class, timeoutMs);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
