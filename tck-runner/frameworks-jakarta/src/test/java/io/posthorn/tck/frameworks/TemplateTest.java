package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.testkit.process.ServerProcess;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jms.JmsException;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.core.JmsMessagingTemplate;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.messaging.support.MessageBuilder;

/** {@link JmsTemplate} as Spring's reference shows it, over a {@link CachingConnectionFactory} and over the plain factory. */
@ExtendWith(TestServer.class)
class TemplateTest {

    private static final int NO_WAIT_MS = 50;

    private final PosthornConnectionFactory plain;
    private final CachingConnectionFactory caching;
    private final JmsTemplate template;

    TemplateTest(ServerProcess server) {
        plain = new PosthornConnectionFactory(server.url());
        caching = new CachingConnectionFactory(plain);
        template = new JmsTemplate(caching);
    }

    @BeforeEach
    void setUp() {
        caching.setSessionCacheSize(5);
        template.setReceiveTimeout(TestServer.WAIT_MS);
    }

    @AfterEach
    void close() {
        caching.destroy();
    }

    @Test
    void shouldSendAndReceiveOverThePlainFactory() {
        JmsTemplate simple = new JmsTemplate(plain);
        simple.setReceiveTimeout(TestServer.WAIT_MS);

        simple.convertAndSend("template.plain", "one");
        simple.convertAndSend("template.plain", "two");

        assertThat(simple.receiveAndConvert("template.plain")).isEqualTo("one");
        assertThat(simple.receiveAndConvert("template.plain")).isEqualTo("two");
        simple.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
        assertThat(simple.receive("template.plain")).isNull();
    }

    @Test
    void shouldKeepTheOrderThroughCachedSessions() {
        List<String> sent = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            sent.add("m" + number);
            template.convertAndSend("template.order", "m" + number);
        }

        List<String> received = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            received.add((String) template.receiveAndConvert("template.order"));
        }

        assertThat(received).isEqualTo(sent);
    }

    @Test
    void shouldConvertTextBytesMapsAndJdkObjects() {
        template.convertAndSend("template.convert", "text");
        template.convertAndSend("template.convert", new byte[] {1, 2, 3});
        template.convertAndSend("template.convert", Map.of("number", 7, "text", "seven"));
        template.convertAndSend("template.convert", (Serializable) new ArrayList<>(List.of("a", "b")));

        assertThat(template.receiveAndConvert("template.convert")).isEqualTo("text");
        assertThat(template.receiveAndConvert("template.convert")).isEqualTo(new byte[] {1, 2, 3});
        assertThat(template.receiveAndConvert("template.convert")).isEqualTo(Map.of("number", 7, "text", "seven"));
        assertThat(template.receiveAndConvert("template.convert")).isEqualTo(List.of("a", "b"));
    }

    @Test
    void shouldRefuseAnObjectThatIsNotAllowedAndNameTheSetting() {
        template.convertAndSend("template.trust", new Parcel("refused"));

        assertThatThrownBy(() -> template.receiveAndConvert("template.trust"))
                .isInstanceOf(JmsException.class)
                .hasStackTraceContaining(Parcel.class.getName())
                .hasStackTraceContaining("deserializationAllowList");

        PosthornConnectionFactory trusting = new PosthornConnectionFactory(plain.getUrl());
        trusting.setDeserializationAllowList(Parcel.class.getName());
        JmsTemplate allowed = new JmsTemplate(trusting);
        allowed.setReceiveTimeout(TestServer.WAIT_MS);
        template.convertAndSend("template.trust", new Parcel("allowed"));
        assertThat(allowed.receiveAndConvert("template.trust")).isEqualTo(new Parcel("allowed"));
    }

    @Test
    void shouldReceiveWhatASelectorChooses() {
        for (int number = 0; number < 4; number++) {
            int value = number;
            template.convertAndSend("template.selector", "m" + number, message -> {
                message.setIntProperty("number", value);
                return message;
            });
        }

        assertThat(template.receiveSelectedAndConvert("template.selector", "number = 2"))
                .isEqualTo("m2");
        template.setReceiveTimeout(NO_WAIT_MS);
        assertThat(template.receiveSelected("template.selector", "number = 2")).isNull();
        template.setReceiveTimeout(TestServer.WAIT_MS);
        assertThat(List.of(
                        template.receiveAndConvert("template.selector"),
                        template.receiveAndConvert("template.selector"),
                        template.receiveAndConvert("template.selector")))
                .isEqualTo(List.of("m0", "m1", "m3"));
    }

    @Test
    void shouldBrowseWithoutTaking() throws JMSException {
        for (String text : List.of("a", "b", "c")) {
            template.convertAndSend("template.browse", text, message -> {
                message.setStringProperty("name", text);
                return message;
            });
        }

        List<String> all = template.browse("template.browse", (session, browser) -> texts(browser.getEnumeration()));
        List<String> some = template.browseSelected(
                "template.browse", "name <> 'b'", (session, browser) -> texts(browser.getEnumeration()));

        assertThat(all).isEqualTo(List.of("a", "b", "c"));
        assertThat(some).isEqualTo(List.of("a", "c"));
        assertThat(template.receiveAndConvert("template.browse")).isEqualTo("a");
    }

    private static List<String> texts(java.util.Enumeration<?> messages) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Object message : Collections.list(messages)) {
            texts.add(((TextMessage) message).getText());
        }
        return texts;
    }

    @Test
    void shouldSendAndReceiveAReply() throws Exception {
        CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
            for (int number = 0; number < 3; number++) {
                Message request = template.receive("template.request");
                template.execute(session -> {
                    Message reply = session.createTextMessage("reply to " + request.getBody(String.class));
                    reply.setJMSCorrelationID(request.getJMSMessageID());
                    session.createProducer(request.getJMSReplyTo()).send(reply);
                    return null;
                });
            }
        });
        for (int number = 0; number < 2; number++) {
            String text = "request " + number;
            Message reply = template.sendAndReceive("template.request", session -> session.createTextMessage(text));

            assertThat(reply).isNotNull();
            assertThat(reply.getBody(String.class)).isEqualTo("reply to " + text);
        }
        JmsMessagingTemplate messaging = new JmsMessagingTemplate(template);
        assertThat(messaging.convertSendAndReceive("template.request", "third", String.class))
                .isEqualTo("reply to third");
        server.get(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldCarryMessagingHeaders() {
        JmsMessagingTemplate messaging = new JmsMessagingTemplate(template);
        messaging.send(
                "template.headers",
                MessageBuilder.withPayload("payload")
                        .setHeader("tenant", "blue")
                        .build());

        org.springframework.messaging.Message<?> received = messaging.receive("template.headers");

        assertThat(received).isNotNull();
        assertThat(received.getPayload()).isEqualTo("payload");
        assertThat(received.getHeaders()).containsEntry("tenant", "blue");
    }

    @Test
    void shouldSendWithTheQualityThatIsSet() throws JMSException {
        template.setExplicitQosEnabled(true);
        template.setPriority(8);
        template.setTimeToLive(60_000);
        template.setDeliveryPersistent(false);
        template.convertAndSend("template.quality", "high");
        template.setPriority(1);
        template.setDeliveryPersistent(true);
        template.convertAndSend("template.quality", "low");
        template.setPriority(9);
        template.convertAndSend("template.quality", "highest");

        Message first = template.receive("template.quality");
        Message second = template.receive("template.quality");
        Message third = template.receive("template.quality");

        assertThat(first.getBody(String.class)).isEqualTo("highest");
        assertThat(second.getBody(String.class)).isEqualTo("high");
        assertThat(second.getJMSPriority()).isEqualTo(8);
        assertThat(second.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
        assertThat(second.getJMSExpiration()).isEqualTo(second.getJMSTimestamp() + 60_000);
        assertThat(third.getBody(String.class)).isEqualTo("low");
        assertThat(third.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
    }

    @Test
    void shouldDelayTheDelivery() throws JMSException {
        template.setDeliveryDelay(300);
        long beforeMs = System.currentTimeMillis();
        template.convertAndSend("template.delay", "later");
        template.setDeliveryDelay(-1);
        template.convertAndSend("template.delay", "now");

        assertThat(template.receiveAndConvert("template.delay")).isEqualTo("now");
        Message later = template.receive("template.delay");

        assertThat(later.getBody(String.class)).isEqualTo("later");
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(beforeMs + 300);
        assertThat(later.getJMSDeliveryTime()).isGreaterThanOrEqualTo(beforeMs + 300);
    }

    @Test
    void shouldPublishToTopics() throws JMSException {
        JmsTemplate topics = new JmsTemplate(caching);
        topics.setPubSubDomain(true);
        // The queue of the same name is another destination.
        template.convertAndSend("template.both", "for the queue");

        String heard = topics.execute(
                session -> {
                    try (MessageConsumer subscriber = session.createConsumer(session.createTopic("template.both"))) {
                        topics.convertAndSend("template.both", "for the topic");
                        return subscriber.receive(TestServer.WAIT_MS).getBody(String.class);
                    }
                },
                true);

        assertThat(heard).isEqualTo("for the topic");
        assertThat(template.receiveAndConvert("template.both")).isEqualTo("for the queue");
    }

    @Test
    void shouldCommitLocallyWhenTheSessionIsTransacted() {
        template.setSessionTransacted(true);
        template.convertAndSend("template.transacted", "committed");

        assertThatThrownBy(() -> template.execute(
                        session -> {
                            session.createProducer(session.createQueue("template.transacted"))
                                    .send(session.createTextMessage("never"));
                            throw new JMSException("the application fails");
                        },
                        true))
                .hasRootCauseMessage("the application fails");
        assertThat(template.receiveAndConvert("template.transacted")).isEqualTo("committed");
        template.setReceiveTimeout(NO_WAIT_MS);
        assertThat(template.receive("template.transacted")).isNull();
    }

    @Test
    void shouldGiveTheProducerToACallback() {
        template.execute("template.producer", (session, producer) -> {
            producer.setPriority(7);
            producer.send(session.createTextMessage("first"));
            producer.send(session.createTextMessage("second"));
            return null;
        });

        assertThat(template.receiveAndConvert("template.producer")).isEqualTo("first");
        assertThat(template.receiveAndConvert("template.producer")).isEqualTo("second");
    }

    @Test
    void shouldAcknowledgeWhenTheClientDoes() throws JMSException {
        JmsTemplate client = new JmsTemplate(plain);
        client.setReceiveTimeout(TestServer.WAIT_MS);
        client.setSessionAcknowledgeMode(Session.CLIENT_ACKNOWLEDGE);
        client.convertAndSend("template.client", "kept");

        // The template acknowledges itself in this mode, since it closes the session.
        assertThat(client.receiveAndConvert("template.client")).isEqualTo("kept");
        client.setReceiveTimeout(NO_WAIT_MS);
        assertThat(client.receive("template.client")).isNull();
    }

    /** A class of the application. */
    private record Parcel(String content) implements Serializable {}
}
