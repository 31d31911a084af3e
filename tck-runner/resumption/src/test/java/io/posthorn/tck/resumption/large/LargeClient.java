package io.posthorn.tck.resumption.large;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.Tether;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A client in a JVM of its own, with a small heap, that sends one large message, or receives one and looks at all of it. */
public final class LargeClient {

    private static final int WAIT_MS = 120_000;

    private LargeClient() {}

    /** Sends or receives ({@code verb}) a message of a kind, {@code bytes} or {@code stream}. */
    static Process start(String url, String verb, String kind, int mib, int heapMib) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx" + heapMib + "m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        Tether.class.getName(),
                        LargeClient.class.getName(),
                        url,
                        verb,
                        kind,
                        Integer.toString(mib)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) throws JMSException {
        int mib = Integer.parseInt(arguments[3]);
        boolean isStream = arguments[2].equals("stream");
        try (Connection connection = new PosthornConnectionFactory(arguments[0]).createConnection()) {
            connection.start();
            Session session = connection.createSession();
            Queue queue = session.createQueue("large." + arguments[2]);
            if (arguments[1].equals("send")) {
                MessageProducer producer = session.createProducer(queue);
                producer.send(isStream ? LargeBody.stream(session, mib) : LargeBody.bytes(session, mib));
                return;
            }
            Message message = session.createConsumer(queue).receive(WAIT_MS);
            int found = LargeBody.check(message);
            if (found != mib) {
                throw new IllegalStateException(found + " MiB where " + mib + " were sent");
            }
        }
    }
}
