package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.jms.fake.FakeServer;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionMetaData;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidClientIDException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TopicSession;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectionTest {

    private final FakeServer server = new FakeServer();
    private final Queue queue = new PosthornQueue("q");

    @Test
    void shouldRefuseEveryMethodOnceClosed() throws Exception {
        Connection connection = Opened.connection(server);
        connection.close();

        List<ThrowingCallable> calls = List.of(
                connection::createSession,
                () -> connection.createSession(Session.CLIENT_ACKNOWLEDGE),
                () -> connection.createSession(true, 0),
                connection::getClientID,
                () -> connection.setClientID("a"),
                connection::getMetaData,
                connection::getExceptionListener,
                () -> connection.setExceptionListener(null),
                connection::start,
                connection::stop,
                () -> connection.createConnectionConsumer(queue, null, null, 1));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }

    @Test
    void shouldIgnoreASecondClose() throws Exception {
        Opened opened = Opened.of(server);
        opened.connection().close();

        assertThatCode(opened.connection()::close).doesNotThrowAnyException();
        assertThat(opened.engine().isClosed()).isTrue();
    }

    @Test
    void shouldSetTheClientIdentifierOfANewConnection() throws Exception {
        Connection connection = Opened.connection(server);
        assertThat(connection.getClientID()).isNull();

        connection.setClientID("me");

        assertThat(connection.getClientID()).isEqualTo("me");
        assertThatThrownBy(() -> connection.setClientID("other")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseAClientIdentifierThatIsInUse() throws Exception {
        Opened.connection(server).setClientID("me");
        Connection second = Opened.connection(server);

        assertThatThrownBy(() -> second.setClientID("me"))
                .isInstanceOf(InvalidClientIDException.class)
                .hasMessageContaining("'me'");
        assertThatCode(() -> second.setClientID("another")).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAnEmptyClientIdentifier() {
        Connection connection = Opened.connection(server);

        assertThatThrownBy(() -> connection.setClientID("")).isInstanceOf(InvalidClientIDException.class);
        assertThatThrownBy(() -> connection.setClientID(null)).isInstanceOf(InvalidClientIDException.class);
    }

    @Test
    void shouldRefuseAClientIdentifierAfterUse() throws Exception {
        Connection withSession = Opened.connection(server);
        withSession.createSession();
        Connection started = Opened.connection(server);
        started.start();

        assertThatThrownBy(() -> withSession.setClientID("me")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> started.setClientID("me")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNotLetAConfiguredClientIdentifierBeChanged() throws Exception {
        Connection connection = Opened.connection(server, "configured", Domain.ANY);

        assertThat(connection.getClientID()).isEqualTo("configured");
        assertThatThrownBy(() -> connection.setClientID("me"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("configured");
    }

    @Test
    void shouldDescribeItself() throws Exception {
        ConnectionMetaData data = Opened.connection(server).getMetaData();

        assertThat(data.getJMSProviderName()).isEqualTo("Posthorn");
        List<Object> names = new ArrayList<>();
        Enumeration<?> all = data.getJMSXPropertyNames();
        while (all.hasMoreElements()) {
            names.add(all.nextElement());
        }
        assertThat(names).containsExactly("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount");
    }

    @Test
    void shouldDeliverNothingUntilStartedAndNothingOnceStopped() throws Exception {
        Connection connection = Opened.connection(server);
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        session.createProducer(queue).send(session.createTextMessage("one"));

        assertThat(consumer.receiveNoWait()).isNull();
        connection.start();
        assertThat(consumer.receiveNoWait()).isNotNull();
        session.createProducer(queue).send(session.createTextMessage("two"));
        connection.stop();
        assertThat(consumer.receiveNoWait()).isNull();
        connection.start();
        assertThat(consumer.receiveNoWait()).isNotNull();
    }

    @Test
    void shouldStopOnlyWhenTheRunningListenerHasReturned() throws Exception {
        Connection connection = Opened.connection(server);
        Session session = connection.createSession();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        BlockingQueue<Message> seen = new LinkedBlockingQueue<>();
        session.createConsumer(queue).setMessageListener(message -> {
            entered.countDown();
            awaitQuietly(leave);
            seen.add(message);
        });
        send(session, 2);
        connection.start();
        entered.await();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> run(connection::stop));
        assertThatThrownBy(() -> stopped.get(50, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        leave.countDown();
        stopped.get();

        assertThat(seen).hasSize(1);
        assertThat(server.depth(((PosthornQueue) queue).address())).isEqualTo(1);
        connection.start();
        seen.take();
        assertThat(seen.take()).isNotNull();
        connection.close();
    }

    @Test
    void shouldRefuseToBeStoppedOrClosedByItsListener() throws Exception {
        Connection connection = Opened.connection(server);
        Session session = connection.createSession();
        BlockingQueue<List<Object>> thrown = new LinkedBlockingQueue<>();
        session.createConsumer(queue)
                .setMessageListener(message -> thrown.add(
                        List.of(caught(connection::stop), caught(connection::close), caught(session::close))));
        connection.start();
        send(session, 1);

        assertThat(thrown.take()).allSatisfy(one -> assertThat(one).isInstanceOf(IllegalStateException.class));
        connection.close();
    }

    @Test
    void shouldBeClosableByAnotherConnectionsListener() throws Exception {
        Opened other = Opened.of(server);
        Connection connection = Opened.connection(server);
        Session session = connection.createSession();
        BlockingQueue<Object> thrown = new LinkedBlockingQueue<>();
        session.createConsumer(queue).setMessageListener(message -> thrown.add(caught(other.connection()::close)));
        connection.start();
        send(session, 1);

        assertThat(thrown.take()).isEqualTo("nothing");
        assertThat(other.engine().isClosed()).isTrue();
        connection.close();
    }

    @Test
    void shouldEndAReceiveThatWaitsWhenClosed() throws Exception {
        Connection connection = Opened.connection(server);
        connection.start();
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        CompletableFuture<Object> received = CompletableFuture.supplyAsync(() -> result(consumer::receive));
        server.awaitReceives(1);

        connection.close();

        assertThat(received.get()).isEqualTo("null");
    }

    @Test
    void shouldTellTheExceptionListenerOfALostConnectionOnItsOwnThread() throws Exception {
        Opened opened = Opened.of(server);
        BlockingQueue<JMSException> problems = new LinkedBlockingQueue<>();
        AtomicReference<Thread> thread = new AtomicReference<>();
        opened.connection().setExceptionListener(problem -> {
            thread.set(Thread.currentThread());
            problems.add(problem);
        });

        opened.engine().lose();

        assertThat(problems.take())
                .hasMessageContaining("lost")
                .extracting(JMSException::getErrorCode)
                .isEqualTo("CONNECTION_LOST");
        assertThat(thread.get()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void shouldSurviveAnExceptionListenerThatThrows() throws Exception {
        Opened opened = Opened.of(server);
        BlockingQueue<JMSException> problems = new LinkedBlockingQueue<>();
        opened.connection().setExceptionListener(problem -> {
            problems.add(problem);
            throw new UnsupportedOperationException("the test's listener fails");
        });
        opened.engine().lose();
        problems.take();

        opened.connection().core().report(new JMSException("again"));

        assertThat(problems.take()).hasMessage("again");
    }

    @Test
    void shouldOnlyLetItsOwnConsumersReceiveFromATemporaryQueue() throws Exception {
        Session mine = Opened.connection(server).createSession();
        Session other = Opened.connection(server).createSession();
        TemporaryQueue temporary = mine.createTemporaryQueue();

        assertThatThrownBy(() -> other.createConsumer(temporary)).isInstanceOf(InvalidDestinationException.class);
        assertThatCode(() -> other.createProducer(temporary).send(other.createTextMessage("hello")))
                .doesNotThrowAnyException();
        assertThatCode(() -> mine.createConsumer(temporary)).doesNotThrowAnyException();
    }

    @Test
    void shouldNotDeleteATemporaryQueueUnderItsConsumer() throws Exception {
        Session session = Opened.connection(server).createSession();
        TemporaryQueue temporary = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(temporary);

        assertThatThrownBy(temporary::delete).isInstanceOf(JMSException.class).hasMessageContaining("1 consumer");
        consumer.close();
        temporary.delete();

        assertThatThrownBy(() -> session.createConsumer(temporary)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> session.createProducer(temporary).send(session.createMessage()))
                .isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void shouldForgetTheConsumersOfASessionThatClosed() throws Exception {
        Connection connection = Opened.connection(server);
        TemporaryQueue temporary = connection.createSession().createTemporaryQueue();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(temporary);

        session.close();
        consumer.close();

        MessageConsumer another = connection.createSession().createConsumer(temporary);
        assertThatThrownBy(temporary::delete).isInstanceOf(JMSException.class);
        another.close();
        assertThatCode(temporary::delete).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseWhatIsNotOfItsDomain() throws Exception {
        PosthornConnection queues = Opened.connection(server, null, Domain.QUEUE);
        QueueSession session = queues.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
        TopicSession topics = queues.createTopicSession(false, Session.AUTO_ACKNOWLEDGE);
        PosthornTopic topic = new PosthornTopic("t");

        List<ThrowingCallable> calls = List.of(
                () -> queues.createSharedConnectionConsumer(topic, "s", null, null, 1),
                () -> queues.createDurableConnectionConsumer(topic, "s", null, null, 1),
                () -> queues.createSharedDurableConnectionConsumer(topic, "s", null, null, 1),
                () -> session.createDurableSubscriber(topic, "s"),
                () -> session.createDurableSubscriber(topic, "s", null, false),
                () -> session.createDurableConsumer(topic, "s"),
                () -> session.createDurableConsumer(topic, "s", null, false),
                () -> session.createSharedConsumer(topic, "s"),
                () -> session.createSharedDurableConsumer(topic, "s"),
                session::createTemporaryTopic,
                () -> session.createTopic("t"),
                () -> session.unsubscribe("s"),
                () -> topics.createBrowser(queue),
                () -> topics.createQueue("q"),
                topics::createTemporaryQueue);
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("domain");
        }
    }

    private void send(Session session, int count) throws JMSException {
        Session sending = Opened.connection(server).createSession();
        for (int index = 0; index < count; index++) {
            sending.createProducer(queue).send(sending.createTextMessage("m" + index));
        }
        assertThat(session).isNotNull();
    }

    private static Object caught(ThrowingCallable call) {
        try {
            call.call();
            return "nothing";
        } catch (Throwable e) {
            return e;
        }
    }

    static Object result(Receive receive) {
        try {
            Message message = receive.run();
            return message == null ? "null" : message;
        } catch (JMSException e) {
            return e;
        }
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts tests", e);
        }
    }

    static void run(ThrowingCallable call) {
        try {
            call.call();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    interface Receive {
        Message run() throws JMSException;
    }
}
