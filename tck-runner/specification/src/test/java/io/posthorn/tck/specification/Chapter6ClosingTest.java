package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Closing connections and sessions: from other threads, at the same time, twice, and while something is under way. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter6ClosingTest {

    /** What is closed, which closes what is inside it. */
    enum Part {
        CONNECTION("6.1.8"),
        SESSION("6.2.15");

        private final String section;

        Part(String section) {
            this.section = section;
        }

        AutoCloseable of(Connection connection, Session session) {
            return this == CONNECTION ? connection : session;
        }

        @Override
        public String toString() {
            return name() + " " + section;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Section({"6.1.8", "6.2.15", "8.5"})
    void shouldEndTheReceivesThatWait(Part part, Site site) throws Exception {
        Connection connection = site.connect();
        Session session = connection.createSession();
        MessageConsumer consumer = session.createConsumer(site.queue());
        Worker<Message> receiving = Worker.start(consumer::receive).awaitWaiting();
        part.of(connection, session).close();
        assertThat(receiving.result()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @Section({"6.1.8", "6.2.15"})
    void shouldCloseOnlyWhenTheListenerHasReturnedWhicheverThreadAsks(Part part, Site site) throws Exception {
        Connection connection = site.connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue queue = site.queue();
        Queue replies = site.queue();
        Barrier barrier = new Barrier();
        List<Object> heard = new CopyOnWriteArrayList<>();
        session.createConsumer(queue).setMessageListener(message -> {
            barrier.pass();
            try {
                send(session, replies, "reply to " + Mail.text(message));
                session.commit();
                heard.add(Mail.text(message));
            } catch (JMSException e) {
                heard.add(e);
            }
        });
        send(site.session(), queue, "a", "b");
        barrier.awaitReached();
        List<Worker<Boolean>> closing = new ArrayList<>();
        for (int count = 0; count < 3; count++) {
            closing.add(Worker.start(() -> {
                        part.of(connection, session).close();
                        return !heard.isEmpty();
                    })
                    .awaitWaiting());
        }
        assertThat(closing).noneMatch(Worker::isDone);
        barrier.open();
        for (Worker<Boolean> worker : closing) {
            assertThat(worker.result()).as("the listener had returned").isTrue();
        }
        assertThat(heard).containsExactly("a");
        Session other = site.session();
        assertThat(drain(other, replies)).containsExactly("reply to a");
        assertThat(drain(other, queue)).containsExactly("b");
    }

    @ParameterizedTest
    @EnumSource
    @Section({"6.1.8", "6.2.15", "10.3"})
    void shouldRefuseAllUseOnceClosedButOfMessages(Part part, Site site) throws Exception {
        Connection connection = site.connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = site.queue();
        send(session, queue, "a", "b");
        MessageConsumer consumer = session.createConsumer(queue);
        MessageProducer producer = session.createProducer(queue);
        Message message = receive(consumer);
        Message created = session.createTextMessage("created");
        part.of(connection, session).close();
        part.of(connection, session).close();

        List<Worker.Action> uses = List.of(
                message::acknowledge,
                session::recover,
                session::createTextMessage,
                () -> session.createConsumer(queue),
                consumer::receive,
                consumer::getMessageListener,
                () -> producer.send(created),
                () -> producer.setPriority(1));
        for (Worker.Action use : uses) {
            assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
        }
        consumer.close();
        producer.close();
        session.close();
        assertThat(Mail.text(message)).isEqualTo("a");
        assertThat(Mail.text(created)).isEqualTo("created");
        created.setStringProperty("still", "writable");
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("a 2 again");
        assertThat(story(receive(next))).isEqualTo("b 1 first");
    }

    @ParameterizedTest
    @EnumSource
    @Section({"6.1.8", "6.2.15", "6.2.7"})
    void shouldRollBackWhatIsOpen(Part part, Site site) throws Exception {
        Connection connection = site.connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        Queue from = site.queue();
        Queue to = site.queue();
        Session other = site.session();
        send(other, from, "a");
        MessageConsumer consumer = session.createConsumer(from);
        assertThat(receive(consumer, 1)).containsExactly("a");
        send(session, to, "b");
        part.of(connection, session).close();
        assertThat(story(receive(other.createConsumer(from)))).isEqualTo("a 2 again");
        assertThat(drain(other, to)).isEmpty();
    }

    @Test
    @Section({"6.1.8", "6.2.2"})
    void shouldEndTemporaryDestinationsWithTheirConnection(Site site) throws Exception {
        Connection connection = site.connect();
        TemporaryQueue queue = connection.createSession().createTemporaryQueue();
        Session other = site.session();
        send(other, queue, "hello");
        connection.close();
        assertThatThrownBy(() -> send(other, queue, "hello")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    @Section({"6.1.5", "6.1.8", "6.2.15", "8.8"})
    void shouldLoseAndRepeatNothingHoweverConsumersComeStopAndGo(Site site) throws Exception {
        long seed = Long.getLong("specification.seed", System.nanoTime());
        LoggerFactory.getLogger(getClass()).warn("seed of the comings and goings: {}", seed);
        Queue queue = site.queue();
        int count = 1_500;
        ConcurrentLinkedQueue<String> consumed = new ConcurrentLinkedQueue<>();
        AtomicBoolean calm = new AtomicBoolean();
        List<Worker<Void>> workers = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            Random random = new Random(seed + number);
            Connection connection = site.connect();
            workers.add(Worker.run(() -> {
                while (!calm.get()) {
                    visit(connection, queue, random, consumed);
                }
            }));
        }
        send(site.session(Session.DUPS_OK_ACKNOWLEDGE), queue, Mail.numbers(1, count / 2));
        send(site.session(), queue, Mail.numbers(count / 2 + 1, count));
        Awaitility.await().until(() -> consumed.size() >= count / 2);
        calm.set(true);
        for (Worker<Void> worker : workers) {
            worker.result();
        }
        consumed.addAll(drain(site.session(), queue));
        assertThat(consumed).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(Mail.numbers(1, count));
    }

    /** A consumer that takes a few messages, in one of the ways there are, while its connection may be stopped or it closed. */
    private static void visit(Connection connection, Queue queue, Random random, ConcurrentLinkedQueue<String> consumed)
            throws Exception {
        Session session =
                connection.createSession(random.nextBoolean() ? Session.AUTO_ACKNOWLEDGE : Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue);
        if (random.nextInt(3) == 0) {
            consumer.setMessageListener(message -> {
                if (commits(session)) {
                    consumed.add(Mail.text(message));
                }
            });
            connection.stop();
            connection.start();
        } else {
            Worker<Void> closing = random.nextInt(3) == 0 ? Worker.run(consumer::close) : Worker.run(connection::start);
            for (int left = random.nextInt(20); left > 0; left--) {
                Message message = receiveUnlessClosed(consumer);
                if (message != null && commits(session)) {
                    consumed.add(Mail.text(message));
                }
            }
            closing.result();
        }
        AutoCloseable end = random.nextBoolean() ? consumer : session;
        end.close();
        session.close();
    }

    private static Message receiveUnlessClosed(MessageConsumer consumer) throws JMSException {
        try {
            return consumer.receive(1);
        } catch (IllegalStateException closed) {
            return null;
        }
    }

    private static boolean commits(Session session) {
        try {
            if (session.getTransacted()) {
                session.commit();
            }
            return true;
        } catch (JMSException e) {
            throw new java.lang.IllegalStateException("A commit that must succeed", e);
        }
    }
}
