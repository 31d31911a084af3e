package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Site.WAIT_MS;

import io.posthorn.testkit.process.Tether;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.Context;
import javax.naming.InitialContext;

/** A client in a JVM of its own, which receives some messages, says so, and stays as it is until it is killed. */
public final class ChildClient implements AutoCloseable {

    private static final String HOLDING = "holding";
    private static final String NONE = "-";

    /** To the letter of section 6.2.11, however fast the child is. */
    private static final String STRICT = "&acknowledgementLag=0";

    private final Process process;

    private ChildClient(Process process) {
        this.process = process;
    }

    /** What it receives from. */
    enum From {
        QUEUE,
        DURABLE,
        SHARED_DURABLE
    }

    /**
     * What a child does.
     *
     * @param mode the mode of its session
     * @param from what it receives from
     * @param destination the name of the queue or topic
     * @param client its client identifier and the name of its subscription, or {@code -}
     * @param takeCount how many messages it receives
     * @param acknowledgedCount after how many of them it acknowledges, or commits; 0 for never
     * @param replyTo the name of a queue that it sends a message to at the end, or {@code -}
     * @param listening whether it receives by a listener, which does not return from the last message
     */
    record Task(
            int mode,
            From from,
            String destination,
            String client,
            int takeCount,
            int acknowledgedCount,
            String replyTo,
            boolean listening) {

        static Task receive(int mode, String queue, int takeCount, int acknowledgedCount) {
            return new Task(mode, From.QUEUE, queue, NONE, takeCount, acknowledgedCount, NONE, false);
        }

        static Task subscribe(From from, String topic, String client, int takeCount) {
            return new Task(Session.AUTO_ACKNOWLEDGE, from, topic, client, takeCount, 0, NONE, false);
        }

        Task replyingTo(String queue) {
            return new Task(mode, from, destination, client, takeCount, acknowledgedCount, queue, listening);
        }

        Task byListener() {
            return new Task(mode, from, destination, client, takeCount, acknowledgedCount, replyTo, true);
        }
    }

    /** Starts a child and waits until it holds its messages. Skips the test when the server is inside this JVM. */
    static ChildClient start(Site site, Task task) throws Exception {
        site.assumeNetwork("place for a client of another JVM");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dspecification.jndi=" + System.getProperty("specification.jndi"),
                        Tether.class.getName(),
                        ChildClient.class.getName(),
                        site.url(),
                        Integer.toString(task.mode()),
                        task.from().name(),
                        task.destination(),
                        task.client(),
                        Integer.toString(task.takeCount()),
                        Integer.toString(task.acknowledgedCount()),
                        task.replyTo(),
                        Boolean.toString(task.listening())))
                .redirectErrorStream(true)
                .start();
        ChildClient child = site.closing(new ChildClient(process));
        Worker.run(child::awaitHolding).result();
        return child;
    }

    private void awaitHolding() throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (!HOLDING.equals(line)) {
            if (line == null) {
                throw new IllegalStateException("The child ended and said: " + said);
            }
            said.append(line).append('\n');
            line = lines.readLine();
        }
    }

    /** As {@code kill -9} does; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws Exception {
        Task task = new Task(
                Integer.parseInt(args[1]),
                From.valueOf(args[2]),
                args[3],
                args[4],
                Integer.parseInt(args[5]),
                Integer.parseInt(args[6]),
                args[7],
                Boolean.parseBoolean(args[8]));
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, System.getProperty("specification.jndi"));
        environment.put("connectionFactory.it", args[0] + STRICT);
        ConnectionFactory factory = (ConnectionFactory) new InitialContext(environment).lookup("it");
        Connection connection = factory.createConnection();
        if (task.from() == From.DURABLE) {
            connection.setClientID(task.client());
        }
        connection.start();
        consume(connection, task);
    }

    private static void consume(Connection connection, Task task) throws JMSException {
        Session session = connection.createSession(task.mode());
        MessageConsumer consumer = switch (task.from()) {
            case QUEUE -> session.createConsumer(session.createQueue(task.destination()));
            case DURABLE -> session.createDurableConsumer(session.createTopic(task.destination()), task.client());
            case SHARED_DURABLE ->
                session.createSharedDurableConsumer(session.createTopic(task.destination()), task.client());
        };
        if (task.listening()) {
            AtomicInteger count = new AtomicInteger();
            consumer.setMessageListener(message -> {
                if (count.incrementAndGet() == task.takeCount()) {
                    hold();
                }
            });
            return;
        }
        for (int count = 1; count <= task.takeCount(); count++) {
            Message message = consumer.receive(WAIT_MS);
            if (count == task.acknowledgedCount() && task.mode() == Session.SESSION_TRANSACTED) {
                session.commit();
            } else if (count == task.acknowledgedCount()) {
                message.acknowledge();
            }
        }
        if (!task.replyTo().equals(NONE)) {
            session.createProducer(session.createQueue(task.replyTo())).send(session.createTextMessage("reply"));
        }
        hold();
    }

    private static void hold() {
        System.out.println(HOLDING);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody should interrupt", e);
        }
    }
}
