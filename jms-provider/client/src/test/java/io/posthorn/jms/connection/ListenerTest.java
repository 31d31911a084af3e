package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.fake.FakeServer;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenerTest {

    private final FakeServer server = new FakeServer();
    private final PosthornQueue queue = new PosthornQueue("q");
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Opened opened;
    private PosthornConnection connection;

    @BeforeEach
    void connect() throws Exception {
        opened = Opened.of(server);
        connection = opened.connection();
        connection.start();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    @Test
    void shouldHandOverInOrderOnOneThreadThatKeepsTheJvmAlive() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        listen(connection.createSession(), message -> {
            threads.add(Thread.currentThread());
            seen.add(text(message));
        });

        send("a", "b", "c");

        assertThat(List.of(seen.take(), seen.take(), seen.take())).containsExactly("a", "b", "c");
        Thread thread = threads.take();
        assertThat(threads).allMatch(other -> other == thread);
        assertThat(thread.isDaemon()).isFalse();
        assertThat(thread.getName()).startsWith("posthorn-session-");
    }

    @Test
    void shouldEndItsThreadWithTheLastListener() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        Session session = connection.createSession();
        MessageConsumer consumer = listen(session, message -> threads.add(Thread.currentThread()));
        send("a");
        Thread thread = threads.take();

        consumer.close();

        thread.join();
        assertThat(thread.isAlive()).isFalse();
        listen(session, message -> threads.add(Thread.currentThread()));
        send("b");
        assertThat(threads.take()).isNotSameAs(thread);
    }

    @Test
    void shouldLetAListenerWaitForThoseOfAllOtherSessions() throws Exception {
        int sessions = 16 * Runtime.getRuntime().availableProcessors();
        CountDownLatch all = new CountDownLatch(sessions);
        CountDownLatch done = new CountDownLatch(sessions);
        for (int number = 0; number < sessions; number++) {
            listen(connection.createSession(), message -> {
                hold(all, all);
                done.countDown();
            });
        }
        send(IntStream.range(0, sessions).mapToObj(String::valueOf).toArray(String[]::new));

        done.await();
    }

    @Test
    void shouldCallListenersUnderTheClassLoaderOfWhoeverSetThemAndUninterrupted() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader own = new URLClassLoader(new URL[0], before);
        BlockingQueue<ClassLoader> contexts = new LinkedBlockingQueue<>();
        Thread.currentThread().setContextClassLoader(own);
        try {
            listen(connection.createSession(), message -> {
                contexts.add(Thread.currentThread().getContextClassLoader());
                seen.add(text(message) + Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
            });
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        send("a", "b");

        assertThat(List.of(seen.take(), seen.take())).containsExactly("afalse", "bfalse");
        assertThat(contexts).containsOnly(own);
    }

    @Test
    void shouldTakeTurnsBetweenConsumers() throws Exception {
        Session session = connection.createSession();
        Queue other = new PosthornQueue("other");
        send("a1", "a2");
        Session sending = connection.createSession();
        sending.createProducer(other).send(sending.createTextMessage("b1"));
        connection.stop();
        listen(session, message -> seen.add(text(message)));
        session.createConsumer(other).setMessageListener(message -> seen.add(text(message)));
        connection.start();

        assertThat(List.of(seen.take(), seen.take(), seen.take())).containsExactly("a1", "b1", "a2");
    }

    @Test
    void shouldAcknowledgeAfterTheListenerReturned() throws Exception {
        listen(connection.createSession(), message -> seen.add(text(message)));
        send("a", "b");
        seen.take();
        seen.take();

        connection.close();

        assertThat(server.depth(queue.address())).isZero();
    }

    @Test
    void shouldRedeliverAtOnceWhenTheListenerThrowsUntilTheServerGivesUp() throws Exception {
        for (int mode : new int[] {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE}) {
            int deadBefore = server.deadCount();
            Session session = connection.createSession(mode);
            listen(session, message -> {
                seen.add(text(message) + property(message, "JMSXDeliveryCount") + redelivered(message));
                if (text(message).equals("bad")) {
                    throw new UnsupportedOperationException("the test's listener fails");
                }
            });
            send("good", "bad", "next");

            assertThat(List.of(seen.take(), seen.take(), seen.take(), seen.take(), seen.take()))
                    .containsExactly("good1false", "bad1false", "bad2true", "bad3true", "next1false");
            session.close();
            assertThat(server.deadCount()).isEqualTo(deadBefore + 1);
            assertThat(server.depth(queue.address())).isZero();
        }
    }

    @Test
    void shouldGoOnWithTheNextMessageWhenATransactedListenerThrows() throws Exception {
        Session session = connection.createSession(true, 0);
        listen(session, message -> {
            seen.add(text(message));
            if (text(message).equals("bad")) {
                throw new UnsupportedOperationException("the test's listener fails");
            }
            ConnectionTest.run(session::commit);
        });

        send("bad", "good");

        assertThat(List.of(seen.take(), seen.take())).containsExactly("bad", "good");
    }

    @Test
    void shouldNotAcknowledgeWhatTheListenerRecovered() throws Exception {
        Session session = connection.createSession();
        listen(session, message -> {
            seen.add(text(message) + redelivered(message));
            if (!redelivered(message)) {
                ConnectionTest.run(session::recover);
            }
        });

        send("a");

        assertThat(List.of(seen.take(), seen.take())).containsExactly("afalse", "atrue");
    }

    @Test
    void shouldLetAListenerCloseItsConsumerAndAcknowledgeAllTheSame() throws Exception {
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.setMessageListener(message -> {
            ConnectionTest.run(consumer::close);
            seen.add(text(message));
        });
        send("a", "b");

        assertThat(seen.take()).isEqualTo("a");
        session.close();

        assertThat(seen).isEmpty();
        assertThat(server.depth(queue.address())).isEqualTo(1);
        assertThatThrownBy(() -> consumer.setMessageListener(null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldWaitForTheListenerBeforeAConsumerOrSessionIsClosed() throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch leave = new CountDownLatch(1);
        Session one = connection.createSession();
        Session two = connection.createSession();
        MessageConsumer consumer = listen(one, message -> hold(entered, leave));
        listen(two, message -> hold(entered, leave));
        send("a", "b");
        entered.await();

        CompletableFuture<Void> consumerClosed = CompletableFuture.runAsync(() -> ConnectionTest.run(consumer::close));
        CompletableFuture<Void> sessionClosed = CompletableFuture.runAsync(() -> ConnectionTest.run(two::close));

        assertThatThrownBy(() -> consumerClosed.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(sessionClosed).isNotDone();
        leave.countDown();
        consumerClosed.get();
        sessionClosed.get();
        assertThat(server.depth(queue.address())).isZero();
    }

    @Test
    void shouldKeepTheSessionUsableForItsListenerWhileItIsBeingClosed() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Session session = connection.createSession();
        listen(session, message -> {
            hold(entered, leave);
            ConnectionTest.run(
                    () -> session.createProducer(new PosthornQueue("replies")).send(session.createTextMessage("done")));
        });
        send("a");
        entered.await();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> ConnectionTest.run(session::close));
        assertThatThrownBy(() -> closed.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        leave.countDown();
        closed.get();

        assertThat(server.depth(new PosthornQueue("replies").address())).isEqualTo(1);
    }

    @Test
    void shouldRefuseAReceiveWhileAListenerIsSet() throws Exception {
        MessageConsumer consumer = listen(connection.createSession(), message -> {});

        assertThatThrownBy(consumer::receive).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> consumer.receive(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(IllegalStateException.class);
        assertThat(consumer.getMessageListener()).isNotNull();
        consumer.setMessageListener(null);
        assertThat(consumer.receiveNoWait()).isNull();
    }

    @Test
    void shouldRefuseEveryMethodOfAClosedConsumer() throws Exception {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        consumer.close();
        consumer.close();

        assertThatThrownBy(consumer::receive).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> consumer.receive(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(consumer::receiveNoWait).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(consumer::getMessageListener).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(consumer::getMessageSelector).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldReturnNullWhenTheTimeIsUp() throws Exception {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);

        assertThat(consumer.receive(20)).isNull();
    }

    @Test
    void shouldEndAReceiveThatWaitsWhenTheConsumerIsClosed() throws Exception {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        CompletableFuture<Object> received =
                CompletableFuture.supplyAsync(() -> ConnectionTest.result(consumer::receive));
        server.awaitReceives(1);

        consumer.close();

        assertThat(received.get()).isEqualTo("null");
    }

    @Test
    void shouldGiveBackWhatCannotBeReadUntilTheServerGivesUp() throws Exception {
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        server.inject(queue.address(), new byte[] {9, 9, 9});
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(consumer::receiveNoWait)
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("cannot be read");
        }
        listen(connection.createSession(), message -> seen.add(text(message)));
        send("good");

        assertThat(seen.take()).isEqualTo("good");
        assertThat(server.deadCount()).isEqualTo(1);
    }

    @Test
    void shouldReportAConsumerThatTheServerClosed() throws Exception {
        BlockingQueue<JMSException> problems = new LinkedBlockingQueue<>();
        connection.setExceptionListener(problems::add);
        MessageConsumer receiving = connection.createSession().createConsumer(queue);
        listen(connection.createSession(), message -> {});

        opened.engine().closeConsumers(queue.address());

        assertThat(problems.take()).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(receiving::receive)
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("queue 'q'");
        assertThat(problems).isEmpty();
    }

    private MessageConsumer listen(Session session, jakarta.jms.MessageListener listener) throws JMSException {
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.setMessageListener(listener);
        return consumer;
    }

    private void send(String... texts) throws JMSException {
        Session session = Opened.connection(server).createSession();
        for (String text : texts) {
            session.createProducer(queue).send(session.createTextMessage(text));
        }
    }

    private static void hold(CountDownLatch entered, CountDownLatch leave) {
        entered.countDown();
        ConnectionTest.awaitQuietly(leave);
    }

    private static String text(Message message) {
        try {
            return ((TextMessage) message).getText();
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
    }

    private static int property(Message message, String name) {
        try {
            return message.getIntProperty(name);
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean redelivered(Message message) {
        try {
            return message.getJMSRedelivered();
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
    }
}
