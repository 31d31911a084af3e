package io.posthorn.tck.resumption.large;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.tck.resumption.Rig;
import io.posthorn.testkit.process.LinkProxy;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages that are larger than the heaps they pass through. {@code -Dposthorn.large.mib=1024 -Dposthorn.large.heap=256}
 * makes them as large as the store's documentation says.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeMessagesTest {

    private static final int MIB = Integer.getInteger("posthorn.large.mib", 64);
    private static final int HEAP_MIB = Integer.getInteger("posthorn.large.heap", 48);
    private static final int WAIT_MS = 60_000;
    private static final int CUT_AT = 5 << 20;
    private static final Duration START = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration POLL = Duration.ofMillis(5);

    private Rig rig;

    @BeforeAll
    void start(@TempDir Path home) {
        rig = new Rig(home, "memory.contents=4MiB");
    }

    @AfterEach
    void closeConnections() throws JMSException {
        rig.closeConnections();
    }

    @AfterAll
    void stop() throws JMSException {
        rig.close();
    }

    @Test
    void shouldPassThroughHeapsThatAreSmallerThanTheMessage(@TempDir Path home) throws Exception {
        ServerCommand command = ServerCommand.ofConfiguredJar(home)
                .withJvmOption("-Xmx" + HEAP_MIB + "m")
                .withJvmOption("-XX:MaxDirectMemorySize=32m")
                .withOption("--set")
                .withOption("memory.contents=4MiB")
                .withOption("--set")
                .withOption("memory.index=4MiB");
        try (ServerProcess server = ServerProcess.start(command)) {
            for (String kind : new String[] {"bytes", "stream"}) {
                run(server, "send", kind);
                if (kind.equals("bytes")) {
                    server.kill();
                    server.restart();
                }
                run(server, "receive", kind);
            }
        }
    }

    private static void run(ServerProcess server, String verb, String kind) throws Exception {
        Process process = LargeClient.start(server.url(), verb, kind, MIB, HEAP_MIB);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(verb + " " + kind).isZero();
    }

    @Test
    void shouldLetSmallMessagesPassWhileALargeOneIsUnderWay() throws Exception {
        Connection connection = rig.connect();
        Session large = connection.createSession();
        Session small = connection.createSession();
        Queue largeQueue = large.createQueue("beside.large");
        Queue smallQueue = small.createQueue("beside.small");
        MessageConsumer smallConsumer = small.createConsumer(smallQueue);
        MessageProducer smallProducer = small.createProducer(smallQueue);
        Message message = LargeBody.bytes(large, MIB);
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> unchecked(() -> send(large, largeQueue, message)));
        int beside = passSmallOnes(small, smallProducer, smallConsumer, sending);
        assertThat(beside).as("small messages beside the one that is sent").isPositive();
        CompletableFuture<Integer> receiving =
                CompletableFuture.supplyAsync(() -> unchecked(() -> receive(large, largeQueue)));
        beside = passSmallOnes(small, smallProducer, smallConsumer, receiving);
        assertThat(receiving.get(60, TimeUnit.SECONDS)).isEqualTo(MIB);
        assertThat(beside).as("small messages beside the one that is received").isPositive();
    }

    /** Sends and receives small messages until the other is done; returns how many were through before. */
    private static int passSmallOnes(
            Session session, MessageProducer producer, MessageConsumer consumer, CompletableFuture<?> other)
            throws Exception {
        int passed = 0;
        while (!other.isDone()) {
            producer.send(session.createTextMessage("small"));
            assertThat(consumer.receive(WAIT_MS)).isInstanceOf(TextMessage.class);
            passed += other.isDone() ? 0 : 1;
        }
        other.get(60, TimeUnit.SECONDS);
        return passed;
    }

    @Test
    void shouldGoOnWhenTheLinkBreaksMidway() throws Exception {
        Connection connection = rig.connect();
        Session session = connection.createSession();
        Queue queue = session.createQueue("broken.links");
        Message message = LargeBody.bytes(session, 16);
        rig.proxy().cutAfter(LinkProxy.Direction.TO_SERVER, CUT_AT);
        send(session, queue, message);
        rig.proxy().cutAfter(LinkProxy.Direction.TO_CLIENT, CUT_AT);
        assertThat(receive(session, queue)).isEqualTo(16);
        assertThat(rig.lost()).isEmpty();
    }

    @Test
    void shouldGoOnWhenTheServerIsKilledMidway() throws Exception {
        Connection connection = rig.connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue queue = session.createQueue("killed.servers");
        Message message = LargeBody.stream(session, 16);
        rig.proxy().cutAfter(LinkProxy.Direction.TO_SERVER, CUT_AT);
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> unchecked(() -> send(session, queue, message)));
        rig.killAndRestart();
        sending.get(60, TimeUnit.SECONDS);
        rig.killAndRestart();
        session.commit();
        rig.proxy().cutAfter(LinkProxy.Direction.TO_CLIENT, CUT_AT);
        CompletableFuture<Integer> receiving =
                CompletableFuture.supplyAsync(() -> unchecked(() -> receive(session, queue)));
        rig.killAndRestart();
        assertThat(receiving.get(60, TimeUnit.SECONDS)).isEqualTo(16);
        session.commit();
        assertThat(rig.lost()).isEmpty();
    }

    @Test
    void shouldFreeWhatCameOfAMessageWhoseSenderIsKilledMidway(@TempDir Path home) throws Exception {
        try (Rig own = new Rig(home, "resume-window=1s")) {
            await().atMost(START).until(() -> Files.exists(home.resolve("data").resolve("admin.url")));
            assertThat(neededBytes(home)).isLessThan(100_000);
            Process sender = LargeClient.start("tcp://127.0.0.1:" + own.proxy().port(), "send", "bytes", 64, HEAP_MIB);
            await().atMost(START).pollInterval(POLL).until(() -> neededBytes(home) > 200_000);
            own.proxy().stall(LinkProxy.Direction.TO_CLIENT); // it sends no more than a few pieces without an answer
            assertThat(neededBytes(home)).isBetween(200_000L, 60L << 20);
            assertThat(sender.isAlive()).isTrue();
            sender.destroyForcibly().waitFor();

            await().atMost(START).until(() -> neededBytes(home) < 100_000);
            Session session = own.connectDirectly().createSession();
            try (MessageConsumer consumer = session.createConsumer(session.createQueue("large.bytes"))) {
                assertThat(consumer.receiveNoWait()).isNull();
            }
        }
    }

    /** How much of the journal is needed, as the server says. */
    private static long neededBytes(Path home) throws Exception {
        String url = Files.readString(home.resolve("data").resolve("admin.url")).strip();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/api/disk")).build();
        String answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        Matcher journal =
                Pattern.compile("\"journal\":\\{[^}]*\"neededBytes\":(\\d+)").matcher(answer);
        assertThat(journal.find()).as(answer).isTrue();
        return Long.parseLong(journal.group(1));
    }

    @Test
    void shouldSendOnWhatWasReceivedAndShowItToABrowser() throws Exception {
        Connection connection = rig.connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue first = session.createQueue("forward.first");
        Queue second = session.createQueue("forward.second");
        Message made = LargeBody.bytes(session, 4);
        made.setStringProperty("colour", "blue");
        send(session, first, made);
        session.commit();
        try (MessageConsumer consumer = session.createConsumer(first, "colour = 'blue'")) {
            send(session, second, consumer.receive(WAIT_MS));
            session.commit();
        }
        try (QueueBrowser browser = session.createBrowser(second)) {
            Message shown = (Message) browser.getEnumeration().nextElement();
            assertThat(LargeBody.check(shown)).isEqualTo(4);
        }
        assertThat(receive(session, second)).isEqualTo(4);
        session.rollback();
        assertThat(receive(session, second)).isEqualTo(4);
        session.commit();
    }

    @Test
    void shouldCarryLongTexts() throws Exception {
        Session session = rig.connect().createSession();
        Queue queue = session.createQueue("long.texts");
        String text = "0123456789abcdef".repeat(1 << 18);
        send(session, queue, session.createTextMessage(text));
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            assertThat(((TextMessage) consumer.receive(WAIT_MS)).getText()).isEqualTo(text);
        }
    }

    private static Void send(Session session, Queue queue, Message message) throws JMSException {
        try (MessageProducer producer = session.createProducer(queue)) {
            producer.send(message);
        }
        return null;
    }

    private static int receive(Session session, Queue queue) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(queue)) {
            return LargeBody.check(consumer.receive(WAIT_MS));
        }
    }

    private static <T> T unchecked(Work<T> work) {
        try {
            return work.run();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What may fail as JMS does. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws JMSException;
    }
}
