package io.posthorn.tck.resumption.depth;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills one queue, kills the server, starts it again and takes everything out in order. {@code -Dposthorn.depth.messages=100000000} makes it as deep as
 * the store's documentation says; it then wants 25 GB of disk under {@code java.io.tmpdir}.
 */
class DeepBacklogTest {

    private static final Logger LOG = LoggerFactory.getLogger(DeepBacklogTest.class);

    private static final long MESSAGES = Long.getLong("posthorn.depth.messages", 1_000_000);
    private static final long TENTH = MESSAGES / 10;
    private static final int BYTES = 100;
    private static final int BATCH = 1_000;
    private static final long PATIENCE_MS = 60_000;

    /** Of the first tenth's rate, what the last tenth is written at, at least. */
    private static final double NO_SLOWER = 0.9;

    /** Three seconds, as the store promises, and as much again for machines that build something else meanwhile. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(6);

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void shouldStayFastWhileItGrowsAndOpenAtOnceAndGiveAllInOrder(@TempDir Path home) throws JMSException {
        ServerCommand command = ServerCommand.ofConfiguredJar(home).withJvmOption("-Xmx512m");
        try (ServerProcess server = ServerProcess.start(command)) {
            List<Long> filled = fill(server.url());
            LOG.info("filled with {} messages a second, by tenths", filled);
            assertThat(filled.get(9).doubleValue())
                    .as("last tenth of " + filled)
                    .isGreaterThan(NO_SLOWER * filled.get(0));

            server.kill();
            long startNs = System.nanoTime();
            server.restart();
            Duration ready = Duration.ofNanos(System.nanoTime() - startNs);
            LOG.info("ready {} ms after its start with {} messages waiting", ready.toMillis(), MESSAGES);
            assertThat(ready).isLessThan(READY_WITHIN);

            LOG.info("drained with {} messages a second, by tenths", drain(server.url()));
        }
    }

    private static List<Long> fill(String url) throws JMSException {
        try (JMSContext context = new PosthornConnectionFactory(url).createContext(JMSContext.SESSION_TRANSACTED)) {
            Tenths tenths = new Tenths();
            Queue queue = context.createQueue("deep");
            JMSProducer producer = context.createProducer();
            byte[] padding = new byte[BYTES - Long.BYTES];
            for (long number = 0; number < MESSAGES; number++) {
                BytesMessage message = context.createBytesMessage();
                message.writeLong(number);
                message.writeBytes(padding);
                producer.send(queue, message);
                tenths.passed(context, number);
            }
            return tenths.rates;
        }
    }

    /** Takes all messages and fails at the first that is not the next. */
    private static List<Long> drain(String url) throws JMSException {
        try (JMSContext context = new PosthornConnectionFactory(url).createContext(JMSContext.SESSION_TRANSACTED);
                JMSConsumer consumer = context.createConsumer(context.createQueue("deep"))) {
            Tenths tenths = new Tenths();
            for (long number = 0; number < MESSAGES; number++) {
                Message message = consumer.receive(PATIENCE_MS);
                long found = message == null ? -1 : ((BytesMessage) message).readLong();
                if (found != number) {
                    throw new AssertionError("number " + found + " where " + number + " was expected");
                }
                tenths.passed(context, number);
            }
            assertThat(consumer.receiveNoWait()).as("one more than were sent").isNull();
            return tenths.rates;
        }
    }

    /** Commits after each batch, and notes how many messages a second each tenth took. */
    private static final class Tenths {
        private final List<Long> rates = new ArrayList<>();
        private long lastNs = System.nanoTime();

        void passed(JMSContext context, long number) {
            if ((number + 1) % BATCH == 0) {
                context.commit();
            }
            if ((number + 1) % TENTH == 0) {
                long nowNs = System.nanoTime();
                rates.add(TENTH * TimeUnit.SECONDS.toNanos(1) / (nowNs - lastNs));
                lastNs = nowNs;
            }
        }
    }
}
