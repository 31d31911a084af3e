package io.posthorn.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.servers.rig.Rig;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners and senders of the application, seen from outside: a client of the broker, and the application's pages. */
@ExtendWith(ArquillianExtension.class)
class ApplicationIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long SOON_MS = SOON.toMillis();

    @ArquillianResource
    private Rig rig;

    private final String text = UUID.randomUUID().toString();

    @Deployment(testable = false)
    static Archive<?> application() {
        return Applications.application();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INJECTED", "RESOURCE", "LOOKUP", "CLASSIC"})
    void shouldSendInContainerTransactions(String way) {
        shouldSendIn("container", way);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INJECTED", "RESOURCE", "LOOKUP", "CLASSIC"})
    void shouldSendInUserTransactions(String way) {
        shouldSendIn("user", way);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESOURCE", "LOOKUP", "CLASSIC"})
    void shouldSendAtOnceWithoutATransaction(String way) {
        send("none", "commit", way, text);
        assertThat(sent(1)).containsExactly(text);
    }

    @Test
    void shouldUseTheDefaultFactoryOfThePlatformWhereTheServerLetsItBeOurs() {
        if (Boolean.getBoolean("servers.default-factory")) {
            shouldSendIn("container", "DEFAULT");
        }
    }

    @Test
    void shouldFindTheDefaultFactoryUnderTheNameOfThePlatformWhereTheServerHasIt() {
        if (Boolean.getBoolean("servers.default-factory") && Rig.namesTheDefaultFactory()) {
            assertThat(rig.server().http().get("/application/default-factory")).startsWith("io.posthorn.");
        }
    }

    @Test
    void shouldDeliverFromQueues() {
        publish("it.orders", false, text, 0, false);
        awaitDiary("orders", text + " 1 first");
    }

    @Test
    void shouldDeliverOnceToADurableAndOnceToASharedSubscription() {
        awaitSubscribers();
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < 20; index++) {
            texts.add(text + "-" + index);
            publish("it.news", true, text + "-" + index, 0, false);
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(diary("durable")).containsExactlyElementsOf(texts);
            assertThat(diary("shared")).containsExactlyInAnyOrderElementsOf(texts);
        });
    }

    @Test
    void shouldAnswerARequest() {
        assertThat(rig.server().http().get("/application/request", "text", text))
                .isEqualTo("answer to " + text + " 1");
    }

    @Test
    void shouldRedeliverAfterARollbackAndUndoWhatTheListenerSent() {
        shouldRedeliver(false);
    }

    @Test
    void shouldRedeliverAfterAnException() {
        shouldRedeliver(true);
    }

    @Test
    void shouldGiveUpAMessageToTheDeadLettersWhoseListenerAlwaysFails() throws JMSException {
        publish("it.orders", false, text, Integer.MAX_VALUE, false);
        try (JMSContext jms = rig.connect();
                JMSConsumer dead = jms.createConsumer(jms.createQueue("posthorn.dead-letters"))) {
            Message letter = dead.receive(SOON_MS);
            assertThat(letter).as("the dead letter").isNotNull();
            assertThat(letter.getBody(String.class)).isEqualTo(text);
            assertThat(dead.receiveNoWait()).isNull();
        }
        assertThat(diary("orders"))
                .containsExactly(text + " 1 first", text + " 2 again", text + " 3 again", text + " 4 again")
                .hasSize(Rig.DELIVERIES_MAX);
    }

    private void shouldSendIn(String transaction, String way) {
        send(transaction, "rollback", way, "undone " + text);
        send(transaction, "commit", way, text);
        assertThat(sent(1)).containsExactly(text);
    }

    private void shouldRedeliver(boolean throwing) {
        try (JMSContext jms = rig.connect();
                JMSConsumer answers = jms.createConsumer(jms.createQueue("it.answers"))) {
            publish("it.orders", false, text, 2, throwing);
            assertThat(answers.receiveBody(String.class, SOON_MS))
                    .as(() -> "the answer; the listener saw " + diary("orders"))
                    .isEqualTo("answer to " + text + " 3");
            assertThat(answers.receiveNoWait()).isNull();
        }
        assertThat(diary("orders")).containsExactly(text + " 1 first", text + " 2 again", text + " 3 again");
    }

    private void send(String transaction, String outcome, String way, String body) {
        String answer = rig.server()
                .http()
                .get(
                        "/application/send",
                        "transaction",
                        transaction,
                        "outcome",
                        outcome,
                        "way",
                        way,
                        "queue",
                        "it.sent",
                        "text",
                        body);
        assertThat(answer).isEqualTo("done");
    }

    private List<String> sent(int count) {
        try (JMSContext jms = rig.connect();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue("it.sent"))) {
            List<String> bodies = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                bodies.add(consumer.receiveBody(String.class, SOON_MS));
            }
            Message more = consumer.receiveNoWait();
            assertThat(more).as("a message too many").isNull();
            return bodies;
        }
    }

    private void publish(String name, boolean topic, String body, int failures, boolean throwing) {
        try (JMSContext jms = rig.connect()) {
            Queue answers = jms.createQueue("it.answers");
            var producer = jms.createProducer();
            if (failures > 0) {
                producer.setProperty("failures", failures);
                if (failures < Rig.DELIVERIES_MAX) {
                    producer.setJMSReplyTo(answers);
                }
            }
            if (throwing) {
                producer.setProperty("throwing", true);
            }
            producer.send(topic ? jms.createTopic(name) : jms.createQueue(name), body);
        }
    }

    /** Endpoints connect in the background, and a topic keeps nothing for who has never subscribed. */
    private void awaitSubscribers() {
        await().atMost(SOON).untilAsserted(() -> {
            publish("it.news", true, "probe", 0, false);
            assertThat(rig.server().http().get("/application/diary", "of", "durable"))
                    .contains("probe");
            assertThat(rig.server().http().get("/application/diary", "of", "shared"))
                    .contains("probe");
        });
    }

    private void awaitDiary(String listener, String... lines) {
        await().atMost(SOON).untilAsserted(() -> assertThat(diary(listener)).containsExactly(lines));
    }

    /** What a listener saw of this test's messages. */
    private List<String> diary(String listener) {
        return rig.server()
                .http()
                .get("/application/diary", "of", listener)
                .lines()
                .filter(line -> line.contains(text))
                .toList();
    }
}
