package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application does wrong: refused with what, where and why, and the connection goes on. */
@Timeout(60)
class RefusalTest {

    private static final int WAIT_MS = 10_000;

    @TempDir
    private Path folder;

    /** One that goes in a frame, one that goes in chunks. */
    @ParameterizedTest
    @ValueSource(ints = {5_000, 3_000_000})
    void shouldRefuseAMessageAboveTheLimit(int length) throws Exception {
        try (Site site = new Site(folder, "message-length-max=4KiB")) {
            Session session = site.connect().createSession();
            Queue queue = session.createQueue("limited");
            MessageProducer producer = session.createProducer(queue);

            assertThatThrownBy(() -> producer.send(session.createTextMessage("x".repeat(length))))
                    .isInstanceOf(ResourceAllocationException.class)
                    .hasMessageContaining("4096")
                    .hasMessageContaining("limited");

            producer.send(session.createTextMessage("short"));
            assertThat(receive(session, queue)).isEqualTo("short");
        }
    }

    @Test
    void shouldLeaveAMessageAboveTheLimitOutOfATransaction() throws Exception {
        try (Site site = new Site(folder, "message-length-max=4KiB")) {
            Session session = site.connect().createSession(Session.SESSION_TRANSACTED);
            Queue queue = session.createQueue("limited");
            MessageProducer producer = session.createProducer(queue);
            producer.send(session.createTextMessage("before"));
            assertThatThrownBy(() -> producer.send(session.createTextMessage("x".repeat(5_000))))
                    .isInstanceOf(ResourceAllocationException.class)
                    .hasMessageContaining("4096");
            producer.send(session.createTextMessage("after"));
            session.commit();

            MessageConsumer consumer = site.connect().createSession().createConsumer(queue);
            assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("before");
            assertThat(consumer.receive(WAIT_MS).getBody(String.class)).isEqualTo("after");
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void shouldRefuseABadSelectorAndPointAtIt() throws Exception {
        try (Site site = new Site(folder)) {
            Session session = site.connect().createSession();
            Queue queue = session.createQueue("q");

            assertThatThrownBy(() -> session.createConsumer(queue, "colour = = 'red'"))
                    .isInstanceOf(InvalidSelectorException.class)
                    .hasMessageContaining("colour = = 'red'");
            assertThatThrownBy(() -> session.createBrowser(queue, "a LIKE 5"))
                    .isInstanceOf(InvalidSelectorException.class);
            assertThatThrownBy(() -> session.createSharedConsumer(session.createTopic("t"), "s", "price > "))
                    .isInstanceOf(InvalidSelectorException.class);

            session.createProducer(queue).send(session.createTextMessage("goes on"));
            assertThat(receive(session, queue)).isEqualTo("goes on");
        }
    }

    @Test
    void shouldRefuseABadDestination() throws Exception {
        try (Site site = new Site(folder)) {
            Session session = site.connect().createSession();

            assertThatThrownBy(() -> session.createConsumer(null)).isInstanceOf(InvalidDestinationException.class);
            assertThatThrownBy(() -> session.createBrowser(null)).isInstanceOf(InvalidDestinationException.class);
            assertThatThrownBy(() -> session.createProducer(null).send((Destination) null, session.createMessage()))
                    .isInstanceOfAny(InvalidDestinationException.class, UnsupportedOperationException.class);
            assertThatThrownBy(() -> session.createQueue(null)).isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> use(session, "")).isInstanceOf(InvalidDestinationException.class);
            assertThatThrownBy(() -> use(session, "x".repeat(5_000)))
                    .isInstanceOf(InvalidDestinationException.class)
                    .hasMessageContaining("4096");

            use(session, "x".repeat(4_096));
        }
    }

    private static void use(Session session, String name) throws JMSException {
        session.createProducer(session.createQueue(name)).send(session.createMessage());
    }

    @Test
    void shouldRefuseATemporaryQueueThatIsGone() throws Exception {
        try (Site site = new Site(folder)) {
            Session owning = site.connect().createSession();
            Session session = site.connect().createSession();
            TemporaryQueue queue = owning.createTemporaryQueue();
            session.createProducer(queue).send(session.createTextMessage("there"));

            assertThatThrownBy(() -> session.createConsumer(queue)).isInstanceOf(JMSException.class);
            queue.delete();

            assertThatThrownBy(() -> session.createProducer(queue).send(session.createTextMessage("gone")))
                    .isInstanceOf(InvalidDestinationException.class)
                    .hasMessageContaining(queue.getQueueName());
            assertThatThrownBy(() -> owning.createConsumer(queue)).isInstanceOf(InvalidDestinationException.class);
        }
    }

    @Test
    void shouldNotDeleteATemporaryQueueInUse() throws Exception {
        try (Site site = new Site(folder)) {
            Session session = site.connect().createSession();
            TemporaryQueue queue = session.createTemporaryQueue();
            MessageConsumer consumer = session.createConsumer(queue);

            assertThatThrownBy(queue::delete).isInstanceOf(JMSException.class);

            consumer.close();
            queue.delete();
        }
    }

    @Test
    void shouldRefuseAClientIdThatIsInUseOrEmpty() throws Exception {
        try (Site site = new Site(folder);
                Connection second = site.factory("").createConnection()) {
            Connection first = site.factory("").createConnection();
            first.setClientID("billing");

            assertThatThrownBy(() -> second.setClientID("billing"))
                    .isInstanceOf(InvalidClientIDException.class)
                    .hasMessageContaining("billing");
            assertThatThrownBy(() ->
                            site.factory("?clientID=billing").createConnection().close())
                    .isInstanceOf(InvalidClientIDException.class)
                    .hasMessageContaining("billing");
            assertThatThrownBy(() -> second.setClientID("")).isInstanceOf(InvalidClientIDException.class);

            second.setClientID("shipping");
            first.close();
            site.factory("?clientID=billing").createConnection().close();
        }
    }

    @Test
    void shouldGiveAListenerThatThrowsItsMessageAgainAndThenBuryIt() throws Exception {
        try (Site site = new Site(folder, "destinations=[{match: \"*\", redelivery-max: 3}]")) {
            Connection connection = site.connect();
            Session session = connection.createSession();
            Queue queue = session.createQueue("poisoned");
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger counted = new AtomicInteger();
            session.createConsumer(queue).setMessageListener(message -> {
                calls.incrementAndGet();
                counted.set(deliveryCount(message));
                throw new IllegalArgumentException("cannot work with this");
            });
            Session other = site.connect().createSession();
            other.createProducer(queue).send(other.createTextMessage("poison"));

            Message dead = other.createConsumer(other.createQueue("posthorn.dead-letters"))
                    .receive(WAIT_MS);

            assertThat(((TextMessage) dead).getText()).isEqualTo("poison");
            assertThat(dead.getStringProperty("JMS_POSTHORN_ORIGIN")).contains("poisoned");
            assertThat(dead.getIntProperty("JMS_POSTHORN_ATTEMPTS")).isEqualTo(3);
            assertThat(calls).hasValue(3);
            assertThat(counted).hasValue(3);
            await().during(Duration.ofMillis(200)).until(() -> calls.get() == 3);
        }
    }

    @Test
    void shouldNameTheClassAndTheSettingOfABodyThatIsNotTrusted() throws Exception {
        try (Site site = new Site(folder)) {
            Session session = site.connect().createSession(Session.CLIENT_ACKNOWLEDGE);
            Queue queue = session.createQueue("objects");
            session.createProducer(queue).send(session.createObjectMessage(new Order(7)));

            ObjectMessage received =
                    (ObjectMessage) session.createConsumer(queue).receive(WAIT_MS);
            assertThatThrownBy(received::getObject)
                    .isInstanceOf(MessageFormatException.class)
                    .hasMessageContaining(Order.class.getName())
                    .hasMessageContaining("deserializationAllowList");
            session.recover();
            session.close();

            Session trusting = site.connect("?deserializationAllowList=" + Order.class.getName())
                    .createSession();
            assertThat(trusting.createConsumer(queue).receive(WAIT_MS).getBody(Order.class))
                    .isEqualTo(new Order(7));
        }
    }

    private static int deliveryCount(Message message) {
        try {
            return message.getIntProperty("JMSXDeliveryCount");
        } catch (JMSException e) {
            throw new IllegalStateException("A message without a delivery count", e);
        }
    }

    private static String receive(Session session, Queue queue) throws JMSException {
        return session.createConsumer(queue).receive(WAIT_MS).getBody(String.class);
    }

    /** Not of the JDK. */
    record Order(int number) implements Serializable {
        private static final long serialVersionUID = 1L;
    }
}
