package io.posthorn.tck.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.util.Version;
import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Netty41Test {
    private static final int WAIT_MS = 30_000;
    private static final int LARGE_BODY_BYTES = 5_000_000;

    private ServerProcess server;
    private ConnectionFactory factory;

    @BeforeAll
    void startServer(@TempDir Path home) {
        server = ServerProcess.start(ServerCommand.ofConfiguredJar(home));
        factory = new PosthornConnectionFactory(server.url());
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Test
    void shouldRunOnTheNettyThatTheApplicationForces() {
        String forced = System.getProperty("netty41.version");

        assertThat(Version.identify())
                .hasEntrySatisfying(
                        "netty-common",
                        version -> assertThat(version.artifactVersion()).isEqualTo(forced));
        assertThat(Channel.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .contains("netty-transport-" + forced);
    }

    @Test
    void shouldSendAndReceiveAPersistentMessage() throws JMSException {
        try (JMSContext context = factory.createContext()) {
            Queue queue = context.createQueue("netty41.persistent");
            context.createProducer().setProperty("number", 41).send(queue, "text");

            Message received = context.createConsumer(queue).receive(WAIT_MS);

            assertThat(received).isInstanceOf(TextMessage.class);
            assertThat(received.getBody(String.class)).isEqualTo("text");
            assertThat(received.getIntProperty("number")).isEqualTo(41);
        }
    }

    @Test
    void shouldDeliverToAListener() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (JMSContext receiving = factory.createContext();
                JMSContext sending = factory.createContext()) {
            Queue queue = sending.createQueue("netty41.listener");
            receiving.createConsumer(queue).setMessageListener(message -> heard.add(text(message)));

            sending.createProducer().send(queue, "first").send(queue, "second");

            assertThat(heard.poll(WAIT_MS, TimeUnit.MILLISECONDS)).isEqualTo("first");
            assertThat(heard.poll(WAIT_MS, TimeUnit.MILLISECONDS)).isEqualTo("second");
        }
    }

    @Test
    void shouldCarryABodyOfManyFrames() throws JMSException {
        byte[] body = new byte[LARGE_BODY_BYTES];
        new Random(LARGE_BODY_BYTES).nextBytes(body);
        try (JMSContext context = factory.createContext()) {
            Queue queue = context.createQueue("netty41.large");
            context.createProducer().send(queue, body);

            Message received = context.createConsumer(queue).receive(WAIT_MS);

            assertThat(received).isInstanceOf(BytesMessage.class);
            assertThat(received.getBody(byte[].class)).isEqualTo(body);
        }
    }

    @Test
    void shouldCommitWhatATransactionSendsAndReceives() {
        try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED);
                JMSContext other = factory.createContext()) {
            Queue queue = context.createQueue("netty41.transaction");
            context.createProducer().send(queue, "rolled back");
            context.rollback();
            context.createProducer().send(queue, "committed");
            context.commit();

            JMSConsumer consumer = other.createConsumer(queue);
            assertThat(consumer.receiveBody(String.class, WAIT_MS)).isEqualTo("committed");
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void shouldGoOnAfterTheServerWasKilledAndStartedAgain() {
        try (JMSContext context = factory.createContext()) {
            Queue queue = context.createQueue("netty41.reconnect");
            JMSConsumer consumer = context.createConsumer(queue);
            context.createProducer().send(queue, "before");
            assertThat(consumer.receiveBody(String.class, WAIT_MS)).isEqualTo("before");

            server.kill();
            server.restart();

            context.createProducer().send(queue, "after");
            assertThat(consumer.receiveBody(String.class, WAIT_MS)).isEqualTo("after");
        }
    }

    private static String text(Message message) {
        try {
            return message.getBody(String.class);
        } catch (JMSException e) {
            throw new IllegalStateException("The listener got a message without a text", e);
        }
    }
}
