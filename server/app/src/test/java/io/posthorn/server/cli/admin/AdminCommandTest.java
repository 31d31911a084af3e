package io.posthorn.server.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.server.cli.TestCommandLine;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a server in a process of its own, and clients that use it meanwhile. */
@Timeout(60)
class AdminCommandTest {

    private static final int WAIT_MS = 10_000;

    @TempDir
    private static Path folder;

    private static ServerProcess server;

    private final TestCommandLine commands = new TestCommandLine();
    private Connection connection;
    private Session session;

    @BeforeAll
    static void startServer() {
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        server = ServerProcess.start(ServerCommand.ofMain(classPath, "io.posthorn.server.cli.Main", folder)
                .withJvmOption("-Xshare:auto")
                .withOption("--set")
                .withOption("admin.port=0")
                .withOption("--set")
                .withOption("destinations=[{match: \"*\", redelivery-max: 1}]"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws JMSException {
        connection = new PosthornConnectionFactory(server.url()).createConnection();
        connection.start();
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    }

    @AfterEach
    void disconnect() throws JMSException {
        connection.close();
    }

    /** Runs a command that is to succeed, and returns what it printed. */
    private String run(String... arguments) {
        assertThat(commands.run(onServer(arguments))).as(commands.err()).isZero();
        return commands.out();
    }

    /** Runs a command that is to fail, and returns what it said. */
    private String fail(String... arguments) {
        assertThat(commands.run(onServer(arguments))).isEqualTo(1);
        assertThat(commands.err()).startsWith("posthorn: ").hasLineCount(1);
        return commands.err();
    }

    private static String[] onServer(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = server.data().toString();
        return all;
    }

    private void send(String queue, String... texts) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            for (String text : texts) {
                TextMessage message = session.createTextMessage(text);
                message.setIntProperty("length", text.length());
                producer.send(message);
            }
        }
    }

    private String receive(String queue) throws JMSException {
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            Message message = consumer.receive(WAIT_MS);
            return message == null ? null : message.getBody(String.class);
        }
    }

    /** Rolls messages back until they are dead letters. */
    private void bury(String queue, int count) throws JMSException {
        Session transacted = connection.createSession(true, Session.SESSION_TRANSACTED);
        MessageConsumer consumer = transacted.createConsumer(transacted.createQueue(queue));
        for (int number = 0; number < count; number++) {
            assertThat(consumer.receive(WAIT_MS)).isNotNull();
            transacted.rollback();
        }
        transacted.close();
    }

    @Test
    void shouldCreateListPurgeAndDropAQueue() throws Exception {
        assertThat(run("queue", "create", "lifecycle/ü +1")).isEqualTo("Created queue 'lifecycle/ü +1'.\n");
        assertThat(run("queue", "create", "lifecycle/ü +1")).contains("already");
        send("lifecycle/ü +1", "a", "bb", "ccc");

        assertThat(run("queues", "--name", "lifecycle*"))
                .containsPattern("QUEUE +DEPTH +IN FLIGHT +BYTES +OLDEST +CONSUMERS +EXPIRED +DROPPED +REFUSED")
                .containsPattern("lifecycle/ü \\+1 +3 +0 +\\d+ B +\\d s +0 +0 +0 +0");
        assertThat(fail("queue", "drop", "lifecycle/ü +1")).contains("holds 3 messages", "--force");
        assertThat(run("queue", "purge", "lifecycle/ü +1")).contains("Purged 3 messages");
        try (MessageConsumer consumer = session.createConsumer(session.createQueue("lifecycle/ü +1"))) {
            assertThat(consumer.receiveNoWait()).isNull();
            assertThat(fail("queue", "drop", "lifecycle/ü +1")).contains("1 consumers");
        }
        assertThat(run("queue", "drop", "lifecycle/ü +1")).contains("Dropped queue 'lifecycle/ü +1' with 0 messages");
        assertThat(run("queues", "--name", "lifecycle*")).contains("There are no queues");
        assertThat(fail("queue", "purge", "lifecycle/ü +1")).contains("there is no queue");
    }

    @Test
    void shouldCountWhatExpired() throws Exception {
        MessageProducer producer = session.createProducer(session.createQueue("short-lived"));
        producer.setTimeToLive(1);
        producer.send(session.createTextMessage("a"));
        producer.send(session.createTextMessage("b"));

        await().untilAsserted(() -> assertThat(run("queues", "--name", "short-lived"))
                .containsPattern("short-lived +0 +0 +0 B +\\S+ +0 +2 +0 +0"));
    }

    @Test
    void shouldTellASenderThatItsQueueWasDropped() throws Exception {
        Queue queue = session.createQueue("dropped");
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createTextMessage("a"));
        run("queue", "drop", "dropped", "--force");

        assertThatThrownBy(() -> producer.send(session.createTextMessage("b")))
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("queue 'dropped' was dropped by an operator");
        producer.send(session.createTextMessage("c"));
        assertThat(receive("dropped")).isEqualTo("c");
    }

    @Test
    void shouldAnswerAsJson() throws Exception {
        send("as-json", "a");
        JsonObject page = new Gson().fromJson(run("queues", "--name", "as-json", "--json"), JsonObject.class);
        assertThat(page.get("total").getAsInt()).isEqualTo(1);
        assertThat(page.getAsJsonArray("items")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("messages")
                        .get("depth")
                        .getAsInt())
                .isEqualTo(1);
    }

    @Test
    void shouldShowListsInParts() {
        for (int number = 0; number < 5; number++) {
            run("topic", "create", "parts." + number);
        }
        assertThat(run("topics", "--name", "parts.*", "--limit", "2"))
                .contains("parts.0", "parts.1", "2 of 5 topics", "--after 'parts.1'")
                .doesNotContain("parts.2");
        assertThat(run("topics", "--name", "parts.*", "--after", "parts.3"))
                .contains("parts.4")
                .doesNotContain("of 5");
        assertThat(run("topic", "drop", "parts.4")).contains("Dropped topic 'parts.4'");
    }

    @Test
    void shouldListPurgeAndDropSubscriptions() throws Exception {
        try (Connection subscriber =
                new PosthornConnectionFactory(server.url() + "?clientId=desk").createConnection()) {
            Session own = subscriber.createSession(false, Session.AUTO_ACKNOWLEDGE);
            own.createDurableSubscriber(own.createTopic("news"), "morning").close();
        }
        try (MessageProducer producer = session.createProducer(session.createTopic("news"))) {
            producer.send(session.createTextMessage("extra"));
        }

        assertThat(run("subscriptions")).containsPattern("morning +desk +news +1 +0 ");
        assertThat(fail("topic", "drop", "news")).contains("subscription 'morning'");
        assertThat(fail("subscription", "purge", "morning")).contains("there is no durable subscription");
        assertThat(run("subscription", "purge", "morning", "--client", "desk")).contains("Purged 1 messages");
        assertThat(run("subscription", "drop", "morning", "--client", "desk")).contains("Dropped durable");
        run("topic", "drop", "news");
    }

    @Test
    void shouldSendDeadLettersBack() throws Exception {
        assertThat(run("dead-letters", "list")).contains("There are no dead letters");
        assertThat(fail("dead-letters", "list", "--queue", "misspelt")).contains("there is no queue 'misspelt'");
        send("failing", "a", "bb", "ccc");
        bury("failing", 3);
        assertThat(run("dead-letters", "list"))
                .contains("ID:", "queue 'failing'")
                .containsPattern("MESSAGE +SENT +ORIGIN");
        String id = idOf("length = 2");

        assertThat(run("dead-letters", "show", id)).contains(id, "JMS_POSTHORN_ORIGIN = queue 'failing'", "text\nbb\n");
        assertThat(commands.run(onServer("dead-letters", "resend"))).isEqualTo(2);
        assertThat(run("dead-letters", "resend", id)).startsWith("Sent 1 messages of queue 'posthorn.dead-letters'");
        assertThat(receive("failing")).isEqualTo("bb");
        run("dead-letters", "resend", "--selector", "length = 3", "--to", "elsewhere");
        assertThat(receive("elsewhere")).isEqualTo("ccc");
        run("dead-letters", "resend", "--all");
        assertThat(receive("failing")).isEqualTo("a");
        assertThat(run("dead-letters", "list")).contains("There are no dead letters");
    }

    private String idOf(String selector) {
        return new Gson()
                .fromJson(run("dead-letters", "list", "--selector", selector, "--json"), JsonObject.class)
                .getAsJsonArray("items")
                .get(0)
                .getAsJsonObject()
                .get("id")
                .getAsString();
    }

    @Test
    void shouldDecideAPreparedTransactionAndTellItsManager() throws Exception {
        try (XAConnection xa = new PosthornXAConnectionFactory(server.url()).createXAConnection()) {
            XASession branchSession = xa.createXASession();
            XAResource resource = branchSession.getXAResource();
            Xid xid = new TestXid(1);
            resource.start(xid, XAResource.TMNOFLAGS);
            branchSession
                    .createProducer(branchSession.createQueue("by-hand"))
                    .send(branchSession.createTextMessage("a"));
            resource.end(xid, XAResource.TMSUCCESS);
            resource.prepare(xid);
            String id = "4660:01:02";
            assertThat(run("transactions", "list")).containsPattern("prepared +\\d s +1 +\\d+ B +0 +" + id);

            assertThat(run("transactions", "commit", id)).startsWith("Committed " + id);

            assertThat(receive("by-hand")).isEqualTo("a");
            assertThat(run("transactions", "list")).contains("committed-by-hand");
            assertThat(fail("transactions", "rollback", id)).contains("an operator committed");
            assertThat(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                    .hasSize(1);
            assertThatThrownBy(() -> resource.rollback(xid))
                    .isInstanceOfSatisfying(
                            XAException.class,
                            told -> assertThat(told.errorCode).isEqualTo(XAException.XA_HEURCOM));
            resource.forget(xid);
            assertThat(run("transactions", "list")).contains("There are no prepared transactions");
            assertThat(fail("transactions", "forget", id)).contains("no branch");
        }
    }

    @Test
    void shouldListConnectionsAndCloseOne() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Connection victim = new PosthornConnectionFactory(server.url() + "?clientId=victim").createConnection();
        victim.setExceptionListener(failure -> told.countDown());
        victim.start();
        String id = new Gson()
                        .fromJson(run("connections", "list", "--json"), JsonObject.class)
                        .getAsJsonArray("items")
                        .asList()
                        .stream()
                        .map(item -> item.getAsJsonObject())
                        .filter(item -> item.has("clientId"))
                        .findFirst()
                        .orElseThrow()
                        .get("id")
                        .getAsString();
        assertThat(run("connections", "list")).containsPattern(id + " +victim +- +127.0.0.1:\\d+ +\\d s");

        assertThat(run("connections", "close", id)).contains("Closed connection " + id);

        assertThat(told.await(WAIT_MS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(run("connections", "list")).doesNotContain("victim");
        assertThat(fail("connections", "close", "victim")).contains("there is no connection 'victim'");
        victim.close();
    }

    @Test
    void shouldSayWhatHoldsTheDisk() throws Exception {
        send("large", "x".repeat(10_000));
        assertThat(run("disk"))
                .contains("data folder  " + server.data())
                .containsPattern("journal +\\d+ +[\\d.]+ \\w+ +[\\d.]+ \\w+")
                .contains("senders      are taken")
                .containsPattern("queue 'large' +1 +[\\d.]+ KiB");
    }

    @Test
    void shouldSayWhenNoServerAnswers() {
        TestCommandLine other = new TestCommandLine();
        assertThat(other.run("queues", "--url", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(other.err())
                .contains("no server answers at http://127.0.0.1:1", "--url")
                .hasLineCount(1);
        assertThat(other.run("queues", "--data", folder.resolve("nowhere").toString()))
                .isEqualTo(1);
        assertThat(other.err()).contains("admin.url").hasLineCount(1);
    }

    /** A global transaction of one branch. */
    private record TestXid(int number) implements Xid {
        @Override
        public int getFormatId() {
            return 0x1234;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return new byte[] {(byte) number};
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {2};
        }
    }
}
