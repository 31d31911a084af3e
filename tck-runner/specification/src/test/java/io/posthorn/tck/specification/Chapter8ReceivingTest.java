package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers: receives, listeners that throw, and the close of one consumer. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter8ReceivingTest {

    @Test
    @Section("8.5")
    void shouldWaitAsLongAsAskedForAndNoLonger(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageConsumer consumer = session.createConsumer(queue);
        long start = System.nanoTime();
        assertThat(consumer.receive(150)).isNull();
        assertThat((System.nanoTime() - start) / 1_000_000).isBetween(150L, 10_000L);
        assertThat(consumer.receiveNoWait()).isNull();
        Worker<Message> timed =
                Worker.start(() -> consumer.receive(Site.WAIT_MS)).awaitWaiting();
        send(site.session(), queue, "a", "b", "c");
        assertThat(Mail.text(timed.result())).isEqualTo("a");
        assertThat(Mail.text(consumer.receive(0))).isEqualTo("b");
        assertThat(Mail.text(consumer.receiveNoWait())).isEqualTo("c");
    }

    @Test
    @Section({"8.6", "3.5.11"})
    void shouldRedeliverAMessageWhoseBodyDidNotFitAsItsModeSays(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, "a", "b");
        try (JMSContext context = site.context(JMSContext.CLIENT_ACKNOWLEDGE)) {
            JMSConsumer consumer = context.createConsumer(queue);
            assertThatThrownBy(() -> consumer.receiveBody(byte[].class, Site.WAIT_MS))
                    .isInstanceOf(MessageFormatRuntimeException.class);
            assertThat(consumer.receiveBody(String.class, Site.WAIT_MS)).isEqualTo("b");
            context.recover();
            assertThat(story(consumer.receive(Site.WAIT_MS))).isEqualTo("a 2 again");
        }
        try (JMSContext context = site.context(JMSContext.SESSION_TRANSACTED)) {
            JMSConsumer consumer = context.createConsumer(queue);
            assertThatThrownBy(() -> consumer.receiveBody(byte[].class, Site.WAIT_MS))
                    .isInstanceOf(MessageFormatRuntimeException.class);
            context.rollback();
            assertThat(story(consumer.receive(Site.WAIT_MS))).isEqualTo("a 4 again");
            context.rollback();
        }
        try (JMSContext context = site.context(JMSContext.AUTO_ACKNOWLEDGE)) {
            JMSConsumer consumer = context.createConsumer(queue);
            assertThatThrownBy(() -> consumer.receiveBody(byte[].class, Site.WAIT_MS))
                    .isInstanceOf(MessageFormatRuntimeException.class);
            assertThat(consumer.receiveBody(String.class, Site.WAIT_MS)).isEqualTo("a");
            assertThat(consumer.receiveBody(String.class, Site.WAIT_MS)).isEqualTo("b");
        }
        assertThat(drain(site.session(), queue)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
    @Section({"8.7", "3.4.7", "3.5.11"})
    void shouldRedeliverAtOnceWhatAListenerThrewAt(int mode, Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, "a", "bad", "c");
        Session session = site.session(mode);
        List<String> stories = new CopyOnWriteArrayList<>();
        session.createConsumer(queue).setMessageListener(message -> {
            stories.add(storyOf(message));
            if (Mail.text(message).equals("bad") && Mail.deliveryCount(message) < 3) {
                throw new UnsupportedOperationException("the listener fails on purpose");
            }
        });
        await().until(() -> stories.size() == 5);
        assertThat(stories).containsExactly("a 1 first", "bad 1 first", "bad 2 again", "bad 3 again", "c 1 first");
        session.close();
        assertThat(drain(site.session(), queue)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED})
    @Section("8.7")
    void shouldGoOnWithTheNextMessageWhereTheApplicationSettles(int mode, Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, "a", "bad", "c");
        Session session = site.session(mode);
        List<String> stories = new CopyOnWriteArrayList<>();
        session.createConsumer(queue).setMessageListener(message -> {
            stories.add(storyOf(message));
            if (Mail.text(message).equals("bad")) {
                throw new UnsupportedOperationException("the listener fails on purpose");
            }
        });
        await().until(() -> stories.size() == 3);
        assertThat(stories).containsExactly("a 1 first", "bad 1 first", "c 1 first");
        session.close();
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("a 2 again");
        assertThat(story(receive(next))).isEqualTo("bad 2 again");
        assertThat(story(receive(next))).isEqualTo("c 2 again");
    }

    @Test
    @Section({"8.8", "8.5"})
    void shouldEndTheReceiveOfAConsumerThatAnotherThreadCloses(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageConsumer closed = session.createConsumer(queue);
        Worker<Message> receiving = Worker.start(closed::receive).awaitWaiting();
        closed.close();
        closed.close();
        assertThat(receiving.result()).isNull();
        assertThatThrownBy(closed::receive).isInstanceOf(IllegalStateException.class);
        send(session, queue, "hello");
        assertThat(drain(session, queue)).containsExactly("hello");
    }

    @Test
    @Section("8.8")
    void shouldCloseAConsumerOnlyWhenItsListenerHasReturned(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        Queue otherQueue = site.queue();
        Barrier barrier = new Barrier();
        List<String> heard = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.setMessageListener(message -> {
            barrier.pass();
            heard.add(Mail.text(message));
        });
        send(site.session(), queue, "a", "b");
        barrier.awaitReached();
        List<Worker<Boolean>> closing = new ArrayList<>();
        for (int count = 0; count < 2; count++) {
            closing.add(Worker.start(() -> {
                        consumer.close();
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
        send(other, otherQueue, "the session goes on");
        assertThat(receive(session.createConsumer(otherQueue), 1)).hasSize(1);
        assertThat(drain(other, queue)).containsExactly("b");
    }

    @Test
    @Section("8.8")
    void shouldLetAListenerCloseItsOwnConsumer(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        List<Object> heard = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = session.createConsumer(queue);
        consumer.setMessageListener(message -> {
            try {
                consumer.close();
                heard.add(Mail.text(message));
            } catch (JMSException e) {
                heard.add(e);
            }
        });
        send(site.session(), queue, "a", "b");
        await().until(() -> !heard.isEmpty());
        session.close();
        assertThat(heard).containsExactly("a");
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("b 1 first");
        assertThat(next.receiveNoWait()).isNull();
    }

    @Test
    @Section({"8.8", "6.2.10", "6.2.7"})
    void shouldLeaveAcknowledgementToTheSessionWhenAConsumerIsClosed(Site site) throws Exception {
        Queue queue = site.queue();
        Session sender = site.session();
        send(sender, queue, Mail.numbers(1, 8));
        Session careful = site.session(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = careful.createConsumer(queue);
        Message first = receive(consumer);
        consumer.close();
        MessageConsumer again = careful.createConsumer(queue);
        assertThat(story(receive(again))).isEqualTo("2 1 first");
        again.close();
        first.acknowledge();
        Session transacted = site.session(Session.SESSION_TRANSACTED);
        consumer = transacted.createConsumer(queue);
        assertThat(story(receive(consumer))).isEqualTo("3 1 first");
        consumer.close();
        transacted.commit();
        consumer = transacted.createConsumer(queue);
        assertThat(story(receive(consumer))).isEqualTo("4 1 first");
        consumer.close();
        transacted.rollback();
        consumer = transacted.createConsumer(queue);
        assertThat(story(receive(consumer))).isEqualTo("4 2 again");
        assertThat(story(receive(consumer))).isEqualTo("5 1 first");
        consumer.close();
        careful.recover();
        transacted.commit();
        assertThat(drain(sender, queue)).containsExactly("6", "7", "8");
    }

    @Test
    @Section({"8.8", "4.1.2", "6.2.9.1"})
    void shouldReturnWhatAClosedConsumerHadFetchedToItsPlace(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, Mail.numbers(1, 60));
        Session session = site.session();
        Session other = site.session();
        MessageConsumer waiting = other.createConsumer(queue);
        for (int round = 0; round < 10; round++) {
            try (MessageConsumer consumer = session.createConsumer(queue)) {
                drainSome(consumer, 1);
            }
        }
        other.createTemporaryQueue(); // the answer comes behind the word that the waiting one is to give back what
        // it has fetched
        List<String> rest = new ArrayList<>();
        Message message = waiting.receiveNoWait();
        while (message != null) {
            assertThat(message.getJMSRedelivered()).isFalse();
            assertThat(Mail.deliveryCount(message)).isOne();
            rest.add(Mail.text(message));
            message = waiting.receiveNoWait();
        }
        assertThat(rest.stream().map(Integer::valueOf))
                .hasSizeGreaterThanOrEqualTo(50)
                .isSorted();
    }

    @Test
    @Section({"8.8", "6.1.8"})
    void shouldCloseAConsumerWhileItsConnectionIsStopped(Site site) throws Exception {
        Connection connection = site.connect();
        Queue queue = site.queue();
        MessageConsumer consumer = connection.createSession().createConsumer(queue);
        send(site.session(), queue, "a");
        Worker<Message> receiving = Worker.start(() ->
                        connection.createSession().createConsumer(site.queue()).receive())
                .awaitWaiting();
        connection.stop();
        consumer.close();
        assertThat(drain(site.session(), queue)).containsExactly("a");
        connection.close();
        assertThat(receiving.result()).isNull();
    }

    private static void drainSome(MessageConsumer consumer, int count) throws JMSException {
        for (int left = count; left > 0; left--) {
            consumer.receiveNoWait();
        }
    }

    private static String storyOf(Message message) {
        try {
            return story(message);
        } catch (JMSException e) {
            throw new java.lang.IllegalStateException(e);
        }
    }
}
