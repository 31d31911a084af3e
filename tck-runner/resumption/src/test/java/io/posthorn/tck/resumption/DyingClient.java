package io.posthorn.tck.resumption;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.Tether;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A client in a JVM of its own that receives some messages, and then waits for {@code kill -9} with all of it in hand. */
public final class DyingClient implements AutoCloseable {

    private static final int WAIT_MS = 20_000;

    private final Process process;

    private DyingClient(Process process) {
        this.process = process;
    }

    /** One that receives {@code count} messages; each is a line of {@code seen}, and the last line is {@code ready}. */
    static DyingClient start(String url, int mode, String queue, int count, Path seen) throws IOException {
        return new DyingClient(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        Tether.class.getName(),
                        DyingClient.class.getName(),
                        url,
                        Integer.toString(mode),
                        queue,
                        Integer.toString(count),
                        seen.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Ends it as {@code kill -9} does, and waits for its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws JMSException, IOException, InterruptedException {
        Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection();
        connection.start();
        Session session = connection.createSession(Integer.parseInt(arguments[1]));
        MessageConsumer consumer = session.createConsumer(session.createQueue(arguments[2]));
        StringBuilder lines = new StringBuilder();
        for (int count = Integer.parseInt(arguments[3]); count > 0; count--) {
            lines.append(line(consumer.receive(WAIT_MS))).append('\n');
        }
        // A round trip: whatever was acknowledged has reached the server.
        session.createConsumer(session.createQueue("nothing")).receiveNoWait();
        Path file = Path.of(arguments[4]);
        Path whole = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(whole, lines + "ready\n");
        Files.move(whole, file);
        new CountDownLatch(1).await();
    }

    /** Text, flag and count of a message. */
    static String line(Message message) throws JMSException {
        return message == null
                ? "nothing"
                : message.getBody(String.class)
                        + ' '
                        + message.getJMSRedelivered()
                        + ' '
                        + message.getIntProperty("JMSXDeliveryCount");
    }
}
