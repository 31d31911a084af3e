package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.jms.fake.FakeServer;
import io.posthorn.wire.frame.ErrorCode;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicSubscriber;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionTest {

    private final FakeServer server = new FakeServer();
    private final Queue queue = new PosthornQueue("q");
    private final Topic topic = new PosthornTopic("t");
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        connection = Opened.connection(server, "me", Domain.ANY);
        connection.start();
    }

    @Test
    void shouldKnowItsMode() throws Exception {
        assertThat(connection.createSession().getAcknowledgeMode()).isEqualTo(Session.AUTO_ACKNOWLEDGE);
        assertThat(connection.createSession(Session.DUPS_OK_ACKNOWLEDGE).getAcknowledgeMode())
                .isEqualTo(Session.DUPS_OK_ACKNOWLEDGE);
        Session transacted = connection.createSession(true, Session.CLIENT_ACKNOWLEDGE);
        assertThat(transacted.getTransacted()).isTrue();
        assertThat(transacted.getAcknowledgeMode()).isEqualTo(Session.SESSION_TRANSACTED);
        assertThat(connection.createSession(Session.SESSION_TRANSACTED).getTransacted())
                .isTrue();
    }

    @Test
    void shouldRefuseModesThatDoNotExist() {
        assertThatThrownBy(() -> connection.createSession(-1))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> connection.createSession(false, 77)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> connection.createSession(false, Session.SESSION_TRANSACTED))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void shouldRefuseEveryMethodOnceClosed() throws Exception {
        Session session = connection.createSession(true, 0);
        session.close();

        List<ThrowingCallable> calls = List.of(
                session::createBytesMessage,
                session::createMapMessage,
                session::createMessage,
                session::createObjectMessage,
                () -> session.createObjectMessage("x"),
                session::createStreamMessage,
                session::createTextMessage,
                () -> session.createTextMessage("x"),
                session::getTransacted,
                session::getAcknowledgeMode,
                session::commit,
                session::rollback,
                session::recover,
                session::getMessageListener,
                () -> session.setMessageListener(null),
                () -> session.createProducer(queue),
                () -> session.createConsumer(queue),
                () -> session.createConsumer(queue, null),
                () -> session.createConsumer(queue, null, true),
                () -> session.createSharedConsumer(topic, "s"),
                () -> session.createDurableConsumer(topic, "s"),
                () -> session.createDurableSubscriber(topic, "s"),
                () -> session.createSharedDurableConsumer(topic, "s"),
                () -> session.createQueue("q"),
                () -> session.createTopic("t"),
                () -> session.createBrowser(queue),
                session::createTemporaryQueue,
                session::createTemporaryTopic,
                () -> session.unsubscribe("s"));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
        assertThatCode(session::close).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseTransactionVerbsOfTheOtherKind() throws Exception {
        Session auto = connection.createSession();
        Session transacted = connection.createSession(true, 0);

        assertThatThrownBy(auto::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(auto::rollback).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(transacted::recover).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldShowSendsWithTheCommitAndForgetThemWithTheRollback() throws Exception {
        Session session = connection.createSession(true, 0);
        session.createProducer(queue).send(session.createTextMessage("dropped"));
        session.rollback();
        session.createProducer(queue).send(session.createTextMessage("kept"));
        assertThat(depth()).isZero();

        session.commit();

        assertThat(depth()).isEqualTo(1);
    }

    @Test
    void shouldRollBackWhatWasReceivedCountedAndFlagged() throws Exception {
        send("a", "b");
        Session session = connection.createSession(true, 0);
        MessageConsumer consumer = session.createConsumer(queue);
        assertThat(text(consumer.receive())).isEqualTo("a");
        assertThat(text(consumer.receive())).isEqualTo("b");

        session.rollback();

        Message again = consumer.receive();
        assertThat(text(again)).isEqualTo("a");
        assertThat(again.getJMSRedelivered()).isTrue();
        assertThat(again.getIntProperty("JMSXDeliveryCount")).isEqualTo(2);
        consumer.receive();
        session.commit();
        assertThat(consumer.receiveNoWait()).isNull();
    }

    @Test
    void shouldRollBackWhenClosed() throws Exception {
        send("a");
        Session session = connection.createSession(true, 0);
        session.createProducer(queue).send(session.createTextMessage("dropped"));
        assertThat(session.createConsumer(queue).receive()).isNotNull();

        session.close();

        assertThat(depth()).isEqualTo(1);
    }

    @Test
    void shouldRollBackInsteadOfCommittingWithoutAMessage() throws Exception {
        Session session = connection.createSession(true, 0);
        server.failNextSend(ErrorCode.RESOURCE_LIMIT);
        session.createProducer(queue).send(session.createTextMessage("refused"));
        session.createProducer(queue).send(session.createTextMessage("taken"));

        assertThatThrownBy(session::commit)
                .isInstanceOf(TransactionRolledBackException.class)
                .hasMessageContaining("the test wants");
        assertThat(depth()).isZero();
        session.createProducer(queue).send(session.createTextMessage("next"));
        session.commit();
        assertThat(depth()).isEqualTo(1);
    }

    @Test
    void shouldAcknowledgeAutomaticallyBeforeReceiveReturns() throws Exception {
        send("a");
        Session session = connection.createSession();
        assertThat(session.createConsumer(queue).receive()).isNotNull();

        session.close();

        assertThat(depth()).isZero();
    }

    @Test
    void shouldRedeliverAfterRecoverUntilTheClientAcknowledges() throws Exception {
        send("a", "b");
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.receive();
        consumer.receive();
        session.recover();

        Message first = consumer.receive();
        assertThat(text(first)).isEqualTo("a");
        assertThat(first.getJMSRedelivered()).isTrue();
        consumer.receive().acknowledge();
        session.recover();

        assertThat(consumer.receiveNoWait()).isNull();
    }

    @Test
    void shouldIgnoreAcknowledgeInOtherModes() throws Exception {
        send("a");
        Session session = connection.createSession(true, 0);
        MessageConsumer consumer = session.createConsumer(queue);

        consumer.receive().acknowledge();
        session.rollback();

        assertThat(consumer.receiveNoWait()).isNotNull();
    }

    @Test
    void shouldRefuseToAcknowledgeForAClosedSession() throws Exception {
        send("a", "b");
        Session auto = connection.createSession();
        Message ofAuto = auto.createConsumer(queue).receive();
        Session client = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Message ofClient = client.createConsumer(queue).receive();
        auto.close();
        connection.close();

        assertThatThrownBy(ofAuto::acknowledge).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(ofClient::acknowledge).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldAcknowledgeLazilyAndAtTheLatestWhenClosed() throws Exception {
        send("a", "b");
        Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.receive();
        session.recover();
        Message again = consumer.receive();
        assertThat(again.getJMSRedelivered()).isTrue();
        consumer.receive();

        session.close();

        assertThat(depth()).isZero();
    }

    @Test
    void shouldAcknowledgeLazilyWhenNothingIsLeft() throws Exception {
        send("a");
        Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.receive();
        assertThat(consumer.receiveNoWait()).isNull();

        session.recover();

        assertThat(consumer.receiveNoWait()).isNull();
    }

    /** The thread that calls back has nothing to do, and cannot know what another is about to hand over. */
    @Test
    void shouldNotAcknowledgeLazilyWhatIsBeingReceivedBesideACallback() throws Exception {
        send("a", "b");
        Session session = connection.createSession(Session.DUPS_OK_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        MessageProducer producer = session.createProducer(new PosthornQueue("other"));
        Message sent = session.createMessage();
        consumer.receive();
        server.whenPolled(() -> {
            try {
                producer.send(sent, new Unconcerned());
                server.awaitAcknowledged(1);
            } catch (JMSException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        consumer.receive();

        session.recover();

        assertThat(text(consumer.receive())).isEqualTo("b");
    }

    private static final class Unconcerned implements CompletionListener {
        @Override
        public void onCompletion(Message message) {
            // as it should be
        }

        @Override
        public void onException(Message message, Exception exception) {
            throw new AssertionError(exception);
        }
    }

    @Test
    void shouldRefuseDestinationsThatAreNone() throws Exception {
        Session session = connection.createSession();

        List<ThrowingCallable> calls = List.of(
                () -> session.createConsumer(null),
                () -> session.createConsumer(null, "TEST"),
                () -> session.createConsumer((Destination) null, "TEST", true),
                () -> session.createSharedConsumer(null, "s"),
                () -> session.createSharedConsumer(null, "s", "x = 1"),
                () -> session.createDurableConsumer(null, "s"),
                () -> session.createDurableSubscriber(null, "s", "x = 1", false),
                () -> session.createSharedDurableConsumer(null, "s"),
                () -> session.createDurableConsumer(session.createTemporaryTopic(), "s"),
                () -> session.createBrowser(null),
                () -> session.createBrowser(null, "TEST"),
                () -> session.createProducer(new Destination() {}),
                () -> session.createQueue(""),
                () -> session.unsubscribe("unknown"));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(InvalidDestinationException.class);
        }
        assertThatCode(() -> session.createProducer(null)).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseSelectorsThatAreNone() throws Exception {
        Session session = connection.createSession();

        List<ThrowingCallable> calls = List.of(
                () -> session.createConsumer(queue, "=TEST 'test'"),
                () -> session.createBrowser(queue, "=TEST 'test'"),
                () -> session.createSharedConsumer(topic, "s", "=TEST 'test'"),
                () -> session.createSharedDurableConsumer(topic, "s", "=TEST 'test'"),
                () -> session.createDurableSubscriber(topic, "s", "=TEST 'test'", false));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(InvalidSelectorException.class);
        }
    }

    @Test
    void shouldNeedAClientIdentifierForAnUnsharedDurableSubscription() throws Exception {
        Session session = Opened.connection(server).createSession();

        assertThatThrownBy(() -> session.createDurableConsumer(topic, "s"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("client identifier");
        assertThatCode(() -> session.createSharedDurableConsumer(topic, "s")).doesNotThrowAnyException();
    }

    @Test
    void shouldNeedANameForASubscription() throws Exception {
        Session session = connection.createSession();

        assertThatThrownBy(() -> session.createSharedConsumer(topic, null)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.createDurableConsumer(topic, "")).isInstanceOf(JMSException.class);
    }

    @Test
    void shouldKeepADurableSubscriptionUntilUnsubscribed() throws Exception {
        Session session = connection.createSession();
        TopicSubscriber subscriber = session.createDurableSubscriber(topic, "s", "x = 1", true);
        assertThat(subscriber.getTopic()).isEqualTo(topic);
        assertThat(subscriber.getNoLocal()).isTrue();
        assertThat(subscriber.getMessageSelector()).isEqualTo("x = 1");
        assertThatThrownBy(() -> session.unsubscribe("s")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.createDurableSubscriber(topic, "s")).isInstanceOf(JMSException.class);
        subscriber.close();

        session.unsubscribe("s");

        assertThatThrownBy(() -> session.unsubscribe("s")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void shouldBrowseWithoutTakingAndAnewEachTime() throws Exception {
        send("a", "b");
        QueueBrowser browser = connection.createSession().createBrowser(queue);

        assertThat(texts(browser.getEnumeration())).containsExactly("a", "b");
        send("c");
        assertThat(texts(browser.getEnumeration())).containsExactly("a", "b", "c");
        assertThat(depth()).isEqualTo(3);
        Enumeration<?> atEnd = browser.getEnumeration();
        texts(atEnd);
        assertThatThrownBy(atEnd::nextElement).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void shouldRefuseToBrowseOnceClosed() throws Exception {
        QueueBrowser browser = connection.createSession().createBrowser(queue, "x = 1");
        assertThat(browser.getMessageSelector()).isEqualTo("x = 1");
        assertThat(browser.getQueue()).isEqualTo(queue);
        browser.close();
        browser.close();

        assertThatThrownBy(browser::getEnumeration).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(browser::getQueue).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(browser::getMessageSelector).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldEndAReceiveThatWaitsWhenClosed() throws Exception {
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        CompletableFuture<Object> received =
                CompletableFuture.supplyAsync(() -> ConnectionTest.result(consumer::receive));
        server.awaitReceives(1);

        session.close();

        assertThat(received.get()).isEqualTo("null");
    }

    private void send(String... texts) throws JMSException {
        Session session = connection.createSession();
        for (String text : texts) {
            session.createProducer(queue).send(session.createTextMessage(text));
        }
        session.close();
    }

    private int depth() {
        return server.depth(((PosthornQueue) queue).address());
    }

    private static List<String> texts(Enumeration<?> messages) throws JMSException {
        List<String> texts = new ArrayList<>();
        for (Object message : Collections.list(messages)) {
            texts.add(text((Message) message));
        }
        return texts;
    }

    private static String text(Message message) throws JMSException {
        return ((TextMessage) message).getText();
    }
}
