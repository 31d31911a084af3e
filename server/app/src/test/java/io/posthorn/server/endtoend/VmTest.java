package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.server.PosthornServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers behind {@code vm://}, alone and beside others. */
@Timeout(60)
class VmTest {

    private static final int WAIT_MS = 10_000;

    @TempDir
    private Path folder;

    @Test
    void shouldStartWithTheFirstConnectionAndStopWithTheLast() throws Exception {
        PosthornConnectionFactory factory = new PosthornConnectionFactory("vm://first-last?data=" + folder);
        try (LogLines log = new LogLines()) {
            JMSContext first = factory.createContext();
            JMSContext second = factory.createContext();
            first.close();
            send(second, "1");
            assertThat(stops(log)).isZero();
            second.close();
            assertThat(stops(log)).isEqualTo(1);
        }
        // The folder is free: a server over TCP finds what is in it.
        try (Site site = new Site(folder);
                JMSContext context = site.factory("").createContext()) {
            assertThat(receive(context)).isEqualTo("1");
        }
    }

    private static long stops(LogLines log) {
        return log.lines().stream().filter(line -> line.contains("stopped")).count();
    }

    @Test
    void shouldKeepTheServerWhenToldTo() throws Exception {
        PosthornConnectionFactory factory = new PosthornConnectionFactory("vm://keeper?keep=true&persistent=false");
        try (JMSContext context = factory.createContext()) {
            context.createProducer()
                    .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                    .send(context.createQueue("q"), "volatile");
        }
        try (JMSContext context = factory.createContext()) {
            assertThat(receive(context)).isEqualTo("volatile");
        }
    }

    @Test
    void shouldKeepTwoNamesAndTcpApart() throws Exception {
        try (Site site = new Site(folder);
                JMSContext tcp = site.factory("").createContext();
                JMSContext one = new PosthornConnectionFactory("vm://one").createContext();
                JMSContext two = new PosthornConnectionFactory("vm://two").createContext()) {
            send(tcp, "tcp");
            send(one, "one");
            send(two, "two");

            assertThat(receive(tcp)).isEqualTo("tcp");
            assertThat(receive(one)).isEqualTo("one");
            assertThat(receive(two)).isEqualTo("two");
        }
    }

    @Test
    void shouldCarryALargeMessage() throws Exception {
        String text = "0123456789".repeat(500_000);
        try (JMSContext context = new PosthornConnectionFactory("vm://large").createContext()) {
            send(context, text);
            assertThat(receive(context)).isEqualTo(text);
        }
    }

    @Test
    void shouldCarryALargeMessageInPiecesAndInATransaction() throws Exception {
        byte[] body = new byte[8 << 20];
        for (int index = 0; index < body.length; index++) {
            body[index] = (byte) (index * 31 + (index >> 13));
        }
        PosthornConnectionFactory factory = new PosthornConnectionFactory("vm://pieces?data=" + folder);
        try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            for (int mode : new int[] {DeliveryMode.PERSISTENT, DeliveryMode.NON_PERSISTENT}) {
                BytesMessage message = context.createBytesMessage();
                message.writeBytes(body);
                context.createProducer().setDeliveryMode(mode).send(context.createQueue("pieces"), message);
                context.commit();
                try (JMSConsumer consumer = context.createConsumer(context.createQueue("pieces"))) {
                    assertThat(consumer.receive(WAIT_MS).getBody(byte[].class)).isEqualTo(body);
                    context.rollback();
                    Message again = consumer.receive(WAIT_MS);
                    assertThat(again.getJMSRedelivered()).isTrue();
                    assertThat(again.getBody(byte[].class)).isEqualTo(body);
                    context.commit();
                }
            }
        }
    }

    @Test
    void shouldNameWhatHoldsTheFolder() throws Exception {
        try (PosthornServer server = PosthornServer.start(Site.settings(folder))) {
            assertThat(server.port()).isPositive();
            assertThatThrownBy(() -> new PosthornConnectionFactory("vm://second?data=" + folder)
                            .createContext()
                            .close())
                    .isInstanceOf(JMSRuntimeException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
        }
        new PosthornConnectionFactory("vm://second?data=" + folder)
                .createContext()
                .close();
    }

    @Test
    void shouldNameAFolderThatCannotBe() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatThrownBy(() -> new PosthornConnectionFactory("vm://nowhere?data=" + file)
                        .createConnection()
                        .close())
                .isInstanceOf(JMSException.class)
                .hasMessageContaining(file.toString());
    }

    private static void send(JMSContext context, String text) {
        context.createProducer().send(context.createQueue("q"), text);
    }

    private static String receive(JMSContext context) {
        return context.createConsumer(context.createQueue("q")).receiveBody(String.class, WAIT_MS);
    }
}
