package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.fake.FakeConnection;
import io.posthorn.jms.fake.FakeServer;
import io.posthorn.wire.frame.ErrorCode;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProducerTest {

    private final FakeServer server = new FakeServer();
    private final PosthornQueue queue = new PosthornQueue("q");
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();
    private final CompletionListener collecting = new Collecting(outcomes);
    private Connection connection;
    private Session session;

    @BeforeEach
    void connect() throws Exception {
        connection = Opened.connection(server);
        connection.start();
        session = connection.createSession();
    }

    @AfterEach
    void close() throws Exception {
        server.confirmAll();
        connection.close();
    }

    @Test
    void shouldSetTheHeadersOfTheSentMessage() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryDelay(1000);
        TextMessage message = session.createTextMessage("a");
        long beforeMs = System.currentTimeMillis();

        producer.send(message, DeliveryMode.NON_PERSISTENT, 7, 5000);

        assertThat(message.getJMSDestination()).isEqualTo(queue);
        assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
        assertThat(message.getJMSPriority()).isEqualTo(7);
        assertThat(message.getJMSTimestamp()).isGreaterThanOrEqualTo(beforeMs);
        assertThat(message.getJMSExpiration()).isEqualTo(message.getJMSTimestamp() + 5000);
        assertThat(message.getJMSDeliveryTime()).isEqualTo(message.getJMSTimestamp() + 1000);
        assertThat(message.getJMSMessageID()).startsWith("ID:");
        Message received = session.createConsumer(queue).receive();
        assertThat(received.getJMSMessageID()).isEqualTo(message.getJMSMessageID());
        assertThat(received.getJMSExpiration()).isEqualTo(message.getJMSExpiration());
    }

    @Test
    void shouldLeaveOutWhatIsDisabledAndNotWrapALongLife() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        producer.setDisableMessageID(true);
        producer.setDisableMessageTimestamp(true);
        producer.setTimeToLive(Long.MAX_VALUE);
        Message message = session.createMessage();

        producer.send(message);

        assertThat(message.getJMSMessageID()).isNull();
        assertThat(message.getJMSTimestamp()).isZero();
        assertThat(message.getJMSExpiration()).isEqualTo(Long.MAX_VALUE);
        assertThat(producer.getDisableMessageID()).isTrue();
        assertThat(producer.getDisableMessageTimestamp()).isTrue();
        assertThat(producer.getTimeToLive()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseOptionsThatDoNotExist() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        Message message = session.createMessage();

        List<ThrowingCallable> calls = List.of(
                () -> producer.setDeliveryMode(-1),
                () -> producer.setPriority(-1),
                () -> producer.setPriority(10),
                () -> producer.setTimeToLive(-1),
                () -> producer.setDeliveryDelay(-1),
                () -> producer.send(message, -1, 4, 0),
                () -> producer.send(message, DeliveryMode.PERSISTENT, 10, 0),
                () -> producer.send(message, -1, 4, 0, collecting),
                () -> producer.send(message, DeliveryMode.PERSISTENT, -1, 0, collecting));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(JMSException.class);
        }
        assertThat(server.depth(queue.address())).isZero();
    }

    @Test
    void shouldInsistOnTheSendOfItsKind() throws Exception {
        MessageProducer fixed = session.createProducer(queue);
        MessageProducer free = session.createProducer(null);
        Message message = session.createMessage();

        List<ThrowingCallable> calls = List.of(
                () -> fixed.send(queue, message),
                () -> fixed.send(queue, message, 1, 4, 0),
                () -> fixed.send(queue, message, collecting),
                () -> fixed.send(queue, message, 1, 4, 0, collecting),
                () -> free.send(message),
                () -> free.send(message, 1, 4, 0),
                () -> free.send(message, collecting),
                () -> free.send(message, 1, 4, 0, collecting));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(fixed.getDestination()).isEqualTo(queue);
        assertThat(free.getDestination()).isNull();
    }

    @Test
    void shouldRefuseWhatIsNotThere() throws Exception {
        MessageProducer fixed = session.createProducer(queue);
        MessageProducer free = session.createProducer(null);
        Message message = session.createMessage();

        assertThatThrownBy(() -> fixed.send((Message) null)).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> fixed.send((Message) null, collecting)).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> free.send(null, message)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> free.send(null, message, collecting)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> fixed.send(message, (CompletionListener) null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> free.send(queue, message, 1, 4, 0, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseEveryMethodOnceClosed() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        Message message = session.createMessage();
        producer.close();
        producer.close();

        List<ThrowingCallable> calls = List.of(
                () -> producer.send(message),
                producer::getDestination,
                producer::getDeliveryMode,
                () -> producer.setDeliveryMode(1),
                producer::getPriority,
                () -> producer.setPriority(4),
                producer::getTimeToLive,
                () -> producer.setTimeToLive(0),
                producer::getDeliveryDelay,
                () -> producer.setDeliveryDelay(0),
                producer::getDisableMessageID,
                () -> producer.setDisableMessageID(true),
                producer::getDisableMessageTimestamp,
                () -> producer.setDisableMessageTimestamp(true));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }

    @Test
    void shouldWaitForTheServerToHaveAPersistentMessage() throws Exception {
        server.holdConfirmations();
        Message message = session.createMessage();
        MessageProducer producer = session.createProducer(queue);
        CompletableFuture<Void> sent =
                CompletableFuture.runAsync(() -> ConnectionTest.run(() -> producer.send(message)));

        assertThatThrownBy(() -> sent.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        server.confirmAll();

        sent.get();
    }

    @Test
    void shouldNotWaitForOthers() throws Exception {
        server.holdConfirmations();
        MessageProducer producer = session.createProducer(queue);

        producer.send(session.createMessage(), DeliveryMode.NON_PERSISTENT, 4, 0);
        Session transacted = connection.createSession(true, 0);
        transacted.createProducer(queue).send(transacted.createMessage());

        assertThat(server.depth(queue.address())).isEqualTo(1);
    }

    @Test
    void shouldSayOfEachMessageWhetherSomebodyWaits() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        MessageProducer transacted = connection.createSession(true, 0).createProducer(queue);
        CompletionListener listener = new CompletionListener() {
            @Override
            public void onCompletion(Message message) {
                // not what this is about
            }

            @Override
            public void onException(Message message, Exception exception) {
                throw new AssertionError(exception);
            }
        };

        producer.send(session.createMessage());
        producer.send(session.createMessage(), DeliveryMode.NON_PERSISTENT, 4, 0);
        producer.send(session.createMessage(), DeliveryMode.NON_PERSISTENT, 4, 0, listener);
        transacted.send(session.createMessage());
        transacted.send(session.createMessage(), listener);

        assertThat(server.awaited).containsExactly(true, false, true, false, true);
    }

    @Test
    void shouldTellWhatTheServerRefused() throws Exception {
        server.failNextSend(ErrorCode.SECURITY);

        assertThatThrownBy(() -> session.createProducer(queue).send(session.createMessage()))
                .isInstanceOf(JMSSecurityException.class)
                .hasMessageContaining("cannot send to queue 'q'")
                .satisfies(thrown -> {
                    assertThat(thrown.getCause()).isNotNull();
                    assertThat(((JMSException) thrown).getLinkedException()).isSameAs(thrown.getCause());
                    assertThat(((JMSException) thrown).getErrorCode()).isEqualTo("SECURITY");
                });
    }

    @Test
    void shouldReportTheFirstFailureOfSendsThatNobodyWaitsFor() throws Exception {
        BlockingQueue<JMSException> problems = new LinkedBlockingQueue<>();
        connection.setExceptionListener(problems::add);
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);

        server.failNextSend(ErrorCode.RESOURCE_LIMIT);
        producer.send(session.createMessage());
        server.failNextSend(ErrorCode.RESOURCE_LIMIT);
        producer.send(session.createMessage());

        assertThat(problems.take()).isInstanceOf(ResourceAllocationException.class);
        assertThat(problems).isEmpty();
    }

    @Test
    void shouldRefuseAMessageThatIsTooLong() throws Exception {
        TextMessage message = session.createTextMessage("x".repeat((int) FakeConnection.LENGTH_MAX));

        assertThatThrownBy(() -> session.createProducer(queue).send(message))
                .isInstanceOf(ResourceAllocationException.class)
                .hasMessageContaining("at most " + FakeConnection.LENGTH_MAX);
    }

    @Test
    void shouldCallBackInOrderOnAnotherThreadWithTheSentMessage() throws Exception {
        server.holdConfirmations();
        MessageProducer producer = session.createProducer(queue);
        List<Message> sent = new ArrayList<>();
        for (int index = 0; index < 3; index++) {
            Message message = session.createTextMessage("m" + index);
            sent.add(message);
            producer.send(message, collecting);
        }
        assertThat(outcomes).isEmpty();

        server.confirmAll();

        for (Message message : sent) {
            assertThat(outcomes.take()).isSameAs(message);
            assertThat(message.getJMSMessageID()).isNotNull();
        }
    }

    /** Whoever brings the confirmation has another one. */
    @Test
    void shouldCallBackWithTheContextClassLoaderOfTheSender() throws Exception {
        server.holdConfirmations();
        Thread self = Thread.currentThread();
        ClassLoader before = self.getContextClassLoader();
        ClassLoader application = new ClassLoader(before) {};
        BlockingQueue<ClassLoader> seen = new LinkedBlockingQueue<>();
        self.setContextClassLoader(application);
        try {
            session.createProducer(queue).send(session.createMessage(), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    seen.add(Thread.currentThread().getContextClassLoader());
                }

                @Override
                public void onException(Message message, Exception problem) {}
            });
        } finally {
            self.setContextClassLoader(before);
        }

        server.confirmAll();

        assertThat(seen.take()).isSameAs(application);
    }

    @Test
    void shouldCallBackWithTheFailure() throws Exception {
        server.failNextSend(ErrorCode.RESOURCE_LIMIT);

        session.createProducer(queue).send(session.createMessage(), collecting);

        assertThat(outcomes.take()).isInstanceOf(ResourceAllocationException.class);
    }

    @Test
    void shouldNotLetACallbackOutliveTheClose() throws Exception {
        for (ThrowingCallable closing : List.<ThrowingCallable>of(
                () -> asyncProducer(session).close(),
                () -> closeAfterAsyncSend(connection.createSession()),
                () -> commitAfterAsyncSend(connection.createSession(true, 0)))) {
            server.holdConfirmations();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> ConnectionTest.run(closing));
            assertThatThrownBy(() -> closed.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            server.confirmAll();
            closed.get();

            assertThat(outcomes).hasSize(1);
            outcomes.clear();
        }
    }

    private MessageProducer asyncProducer(Session with) throws JMSException {
        MessageProducer producer = with.createProducer(queue);
        producer.send(with.createMessage(), collecting);
        return producer;
    }

    private void closeAfterAsyncSend(Session with) throws JMSException {
        asyncProducer(with);
        with.close();
    }

    private void commitAfterAsyncSend(Session with) throws JMSException {
        asyncProducer(with);
        with.commit();
    }

    @Test
    void shouldRefuseToBeClosedOrCommittedByACallback() throws Exception {
        Session transacted = connection.createSession(true, 0);
        MessageProducer producer = transacted.createProducer(queue);
        BlockingQueue<List<Object>> thrown = new LinkedBlockingQueue<>();

        producer.send(transacted.createMessage(), new Collecting(outcomes) {
            @Override
            public void onCompletion(Message message) {
                thrown.add(List.of(
                        caught(producer::close),
                        caught(transacted::close),
                        caught(connection::close),
                        caught(transacted::commit),
                        caught(transacted::rollback)));
            }
        });

        assertThat(thrown.take()).allSatisfy(one -> assertThat(one).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void shouldLetACallbackStopTheConnectionAndCloseAnotherProducer() throws Exception {
        MessageProducer other = session.createProducer(queue);
        MessageProducer producer = session.createProducer(queue);
        BlockingQueue<List<Object>> thrown = new LinkedBlockingQueue<>();

        producer.send(session.createMessage(), new Collecting(outcomes) {
            @Override
            public void onCompletion(Message message) {
                thrown.add(List.of(caught(connection::stop), caught(other::close)));
            }
        });

        assertThat(thrown.take()).containsExactly("nothing", "nothing");
    }

    @Test
    void shouldSurviveACallbackThatThrows() throws Exception {
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createMessage(), new Collecting(outcomes) {
            @Override
            public void onCompletion(Message message) {
                throw new UnsupportedOperationException("the test's listener fails");
            }
        });

        producer.send(session.createMessage(), collecting);

        assertThat(outcomes.take()).isInstanceOf(Message.class);
    }

    @Test
    void shouldCompleteSendsThatAListenerMadeWhenItCommits() throws Exception {
        Session transacted = connection.createSession(true, 0);
        transacted
                .createConsumer(queue)
                .setMessageListener(message -> ConnectionTest.run(() -> {
                    transacted.createProducer(new PosthornQueue("out")).send(transacted.createMessage(), collecting);
                    transacted.commit();
                    outcomes.add("committed");
                }));

        session.createProducer(queue).send(session.createMessage());

        assertThat(outcomes.take()).isInstanceOf(Message.class);
        assertThat(outcomes.take()).isEqualTo("committed");
    }

    @Test
    void shouldRunCallbacksOnAThreadThatDoesNotKeepTheJvmAlive() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        session.createProducer(queue).send(session.createMessage(), new Collecting(outcomes) {
            @Override
            public void onCompletion(Message message) {
                threads.add(Thread.currentThread());
            }
        });
        Thread first = threads.take();
        assertThat(first.isDaemon()).isTrue();

        session.createConsumer(queue).setMessageListener(message -> threads.add(Thread.currentThread()));

        assertThat(threads.take().isDaemon()).isFalse();
        first.join();
    }

    @Test
    void shouldSendWhileTheConnectionIsStopped() throws Exception {
        connection.stop();

        assertThatCode(() -> session.createProducer(queue).send(session.createMessage()))
                .doesNotThrowAnyException();
    }

    private static Object caught(ThrowingCallable call) {
        try {
            call.call();
            return "nothing";
        } catch (Throwable e) {
            return e;
        }
    }

    private static class Collecting implements CompletionListener {

        private final BlockingQueue<Object> outcomes;

        Collecting(BlockingQueue<Object> outcomes) {
            this.outcomes = outcomes;
        }

        @Override
        public void onCompletion(Message message) {
            outcomes.add(message);
        }

        @Override
        public void onException(Message message, Exception exception) {
            outcomes.add(exception);
        }
    }
}
