package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server on a disk of 64 MiB that fills up. Needs the right to mount one; skipped without. */
@Timeout(300)
class DiskFullTest {

    private static final int BODY_BYTES = 20_000;
    private static final int LARGE_BYTES = 4 << 20;
    private static final Duration WAIT = Duration.ofSeconds(30);

    /** For what begins when thousands of messages have been taken. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(120);

    /** A call may take as long as the test. */
    private static final String PATIENT = "?requestTimeout=300s";

    @TempDir
    private Path folder;

    private Site site;
    private Session session;
    private Queue queue;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.toString());
        assumeTrue(mounted, "this user may not mount a disk");
        site = new Site(
                folder.resolve("data"),
                "journal.segment-bytes=1MiB",
                "checkpoint-bytes=1MiB",
                "memory.contents=1MiB",
                "disk-free-min=16MiB");
        session = site.connect("?requestTimeout=2s").createSession();
        queue = session.createQueue("full");
    }

    @AfterEach
    void unmount() throws Exception {
        if (site != null) {
            site.close();
        }
        if (mounted) {
            assertThat(run("umount", "-l", folder.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private void send(MessageProducer producer, int number) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(new byte[BODY_BYTES]);
        message.setIntProperty("number", number);
        producer.send(message);
    }

    private int sendUntilRefused(MessageProducer producer, int from) throws JMSException {
        int number = from;
        try {
            while (number < 100_000) {
                send(producer, number);
                number++;
            }
            throw new AssertionError("the disk never was full");
        } catch (ResourceAllocationException refusal) {
            assertThat(refusal.getMessage())
                    .contains(
                            "bytes free; disk-free-min is 16777216",
                            "since 20",
                            "within 2000 ms (requestTimeout)",
                            folder.toString());
            return number;
        }
    }

    private void receive(MessageConsumer consumer, int from, int to) throws JMSException {
        for (int number = from; number < to; number++) {
            Message message = consumer.receive(WAIT.toMillis());
            assertThat(message).as("message %d", number).isNotNull();
            assertThat(message.getIntProperty("number")).isEqualTo(number);
        }
    }

    @Test
    void shouldMakeSendersWaitAndServeConsumersAndGoOnByItself() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        int sent = sendUntilRefused(producer, 0);
        assertThat(sent).isGreaterThan(1000);
        receive(session.createConsumer(queue), 0, sent);
        await().atMost(WAIT).ignoreException(ResourceAllocationException.class).until(() -> {
            send(producer, sent);
            return true;
        });
    }

    @Test
    void shouldLetALargeMessageWaitForRoomToo() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        int sent = sendUntilRefused(producer, 0);
        assertThatThrownBy(() -> sendLarge(session))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageContainingAll("disk-free-min is 16777216", "within 2000 ms (requestTimeout)");
        Session patient = site.connect(PATIENT).createSession();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                sendLarge(patient);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
        // with a connection of its own: what is hasty with a refusal must not be with a machine that has other things
        // to do
        Session other = site.connect(PATIENT).createSession();
        receive(other.createConsumer(queue), 0, sent);
        sending.get(LONG_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        Message received = other.createConsumer(other.createQueue("large")).receive(LONG_WAIT.toMillis());
        assertThat(((BytesMessage) received).getBodyLength()).isEqualTo(LARGE_BYTES);
    }

    private static void sendLarge(Session by) throws JMSException {
        BytesMessage message = by.createBytesMessage();
        message.writeBytes(new byte[LARGE_BYTES]);
        by.createProducer(by.createQueue("large")).send(message);
    }

    @Test
    void shouldLoseNothingWhenOthersTakeTheLastByte() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        for (int number = 0; number < 500; number++) {
            send(producer, number);
        }
        Path filler = folder.resolve("filler");
        fill(filler);
        await().atMost(WAIT).until(() -> {
            try {
                send(producer, -1);
                return false;
            } catch (ResourceAllocationException refused) {
                return true;
            }
        });
        MessageConsumer consumer = session.createConsumer(queue);
        receive(consumer, 0, 500);
        Files.delete(filler);
        await().atMost(WAIT).ignoreException(ResourceAllocationException.class).until(() -> {
            send(producer, 500);
            return true;
        });
        Message next = consumer.receive(WAIT.toMillis());
        while (next.getIntProperty("number") < 0) {
            next = consumer.receive(WAIT.toMillis());
        }
        assertThat(next.getIntProperty("number")).isEqualTo(500);
        site.restart();
        assertThat(consumer.receive(500)).isNull();
    }

    private static void fill(Path filler) throws IOException {
        byte[] piece = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(filler).getUsableSpace() > 0) {
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }
}
