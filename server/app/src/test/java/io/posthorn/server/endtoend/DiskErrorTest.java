package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server process on a disk that dies, or hangs. Needs the right to mount one; skipped without. */
@Timeout(120)
class DiskErrorTest {

    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int CONFIRMED = 50;

    /** Four heartbeats; a peer is lost after two of silence. */
    private static final long HANG_NS = TimeUnit.SECONDS.toNanos(4);

    @TempDir
    private Path folder;

    private LoopDisk disk;
    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        Path home = folder.resolve("home");
        Optional<LoopDisk> mounted = LoopDisk.at(folder, home.resolve("data"));
        assumeTrue(mounted.isPresent(), "this user may not mount a disk");
        disk = mounted.get();
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        server = ServerProcess.start(ServerCommand.ofMain(classPath, "io.posthorn.server.cli.Main", home)
                .withOption("--set=journal.segment-bytes=4MiB")
                .withOption("--set=disk-free-min=1MiB")
                .withOption("--set=heartbeat=1s")
                .withOption("--set=admin.port=off"));
    }

    @AfterEach
    void end() throws Exception {
        if (disk != null) {
            disk.thaw(); // a process that waits for its disk cannot be ended
        }
        if (server != null) {
            server.close();
            await().atMost(WAIT).until(() -> !server.isRunning());
        }
        if (disk != null) {
            disk.unmount();
        }
    }

    private Connection connect(String options) throws JMSException {
        Connection connection = new PosthornConnectionFactory(server.url() + options).createConnection();
        connection.start();
        return connection;
    }

    @Test
    void shouldStopAtAnErrorConfirmNothingMoreAndServeAllThatWasConfirmedAfterARestart() throws Exception {
        try (Connection connection = connect("?requestTimeout=2s")) {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(session.createQueue("q"));
            for (int number = 0; number < CONFIRMED; number++) {
                producer.send(session.createTextMessage("confirmed " + number));
            }
            disk.die();

            TextMessage late = session.createTextMessage("late");
            assertThatThrownBy(() -> producer.send(late))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining(server.url().substring("tcp://".length()));
            await().atMost(WAIT).until(() -> !server.isRunning());
            assertThat(server.stop()).isEqualTo(1);
            assertThat(server.log())
                    .contains("Input/output error", "segment-0000000000000001.log", "failed behind position 1:")
                    .contains("Look after the disk, then start again: the log is read and goes on")
                    .contains("nothing unconfirmed is certain")
                    .containsOnlyOnce("The journal failed");
        }
        disk.replace();
        server.restart();

        try (Connection connection = connect("")) {
            Session session = connection.createSession();
            MessageConsumer consumer = session.createConsumer(session.createQueue("q"));
            for (int number = 0; number < CONFIRMED; number++) {
                TextMessage message = (TextMessage) consumer.receive(WAIT.toMillis());
                assertThat(message.getText()).isEqualTo("confirmed " + number);
            }
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void shouldLetSendersWaitAndOtherTrafficGoOnWhileTheDiskHangs() throws Exception {
        AtomicReference<JMSException> heard = new AtomicReference<>();
        try (Connection connection = connect("?heartbeat=1s")) {
            connection.setExceptionListener(heard::set);
            Session waiting = connection.createSession();
            Queue persistent = waiting.createQueue("persistent");
            Session session = connection.createSession();
            Queue passing = session.createQueue("passing");
            MessageProducer producer = session.createProducer(passing);
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            MessageConsumer consumer = session.createConsumer(passing);
            waiting.createProducer(persistent).send(waiting.createTextMessage("before"));

            disk.freeze();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    waiting.createProducer(persistent).send(waiting.createTextMessage("meanwhile"));
                } catch (JMSException e) {
                    throw new CompletionException(e);
                }
            });
            long untilNs = System.nanoTime() + HANG_NS;
            int exchanged = 0;
            while (System.nanoTime() - untilNs < 0) {
                producer.send(session.createTextMessage("passing " + exchanged));
                TextMessage message = (TextMessage) consumer.receive(WAIT.toMillis());
                assertThat(message.getText()).isEqualTo("passing " + exchanged);
                // Nothing on this connection is confirmed meanwhile, and there is room for 16 MiB of that.
                assertThat(consumer.receive(1)).isNull();
                exchanged++;
            }
            assertThat(sent).isNotDone();
            assertThat(exchanged).isGreaterThan(100);
            disk.thaw();

            sent.get(WAIT.toSeconds(), TimeUnit.SECONDS);
            MessageConsumer later = session.createConsumer(persistent);
            assertThat(((TextMessage) later.receive(WAIT.toMillis())).getText()).isEqualTo("before");
            assertThat(((TextMessage) later.receive(WAIT.toMillis())).getText()).isEqualTo("meanwhile");
            assertThat(later.receiveNoWait()).isNull();
        }
        assertThat(heard).hasValue(null);
        assertThat(server.log()).doesNotContain("WARN", "ERROR");
    }
}
