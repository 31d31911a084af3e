package io.posthorn.tck.resumption.depth;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Queue;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits and need not survive may be much more than the server's memory, of whose settings none is changed. */
class SmallHeapTest {

    private static final int HEAP_MIB = 96;
    private static final int SHORT_ONES = 2_000_000;
    private static final int LONG_ONES = 200_000;
    private static final int LONG_BYTES = 1_000;
    private static final long PATIENCE_MS = 60_000;

    /** Their bytes alone would fit. The objects around them would not. */
    @Test
    @Timeout(120)
    void shouldHoldMessagesOfAFewBytes(@TempDir Path home) throws JMSException {
        passThrough(home, SHORT_ONES, 0);
    }

    @Test
    @Timeout(120)
    void shouldHoldTwiceItsHeap(@TempDir Path home) throws JMSException {
        passThrough(home, LONG_ONES, LONG_BYTES);
    }

    private static void passThrough(Path home, int count, int padding) throws JMSException {
        ServerCommand command = ServerCommand.ofConfiguredJar(home).withJvmOption("-Xmx" + HEAP_MIB + "m");
        try (ServerProcess server = ServerProcess.start(command);
                JMSContext context = new PosthornConnectionFactory(server.url()).createContext()) {
            Queue queue = context.createQueue("backlog");
            send(context, queue, count, new byte[padding]);
            try (JMSConsumer consumer = context.createConsumer(queue)) {
                for (int number = 0; number < count; number++) {
                    BytesMessage message = (BytesMessage) consumer.receive(PATIENCE_MS);
                    assertThat(message).isNotNull();
                    assertThat(message.readInt()).isEqualTo(number);
                }
                assertThat(consumer.receiveNoWait())
                        .as("one more than were sent")
                        .isNull();
            }
        }
    }

    private static void send(JMSContext context, Queue queue, int count, byte[] padding) throws JMSException {
        JMSProducer producer = context.createProducer()
                .setDeliveryMode(DeliveryMode.NON_PERSISTENT)
                .setDisableMessageID(true)
                .setDisableMessageTimestamp(true);
        for (int number = 0; number < count; number++) {
            BytesMessage message = context.createBytesMessage();
            message.writeInt(number);
            message.writeBytes(padding);
            producer.send(queue, message);
        }
    }
}
