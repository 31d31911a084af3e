package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.tck.specification.ChildClient.Task;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TemporaryTopic;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions: temporary destinations, order, acknowledgement and the one thread of listeners. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter6SessionsTest {

    @Test
    @Section({"6.2.2", "4.1.5", "4.2.7"})
    void shouldLetOnlyTheOwnConnectionConsumeFromATemporaryDestination(Site site) throws Exception {
        Connection owner = site.connect();
        Session session = owner.createSession();
        Session sibling = owner.createSession();
        Session stranger = site.session();
        for (Destination destination : List.of(session.createTemporaryQueue(), session.createTemporaryTopic())) {
            MessageConsumer consumer = sibling.createConsumer(destination);
            assertThatThrownBy(() -> stranger.createConsumer(destination)).isInstanceOf(JMSException.class);
            send(stranger, destination, "hello");
            assertThat(receive(consumer, 1)).containsExactly("hello");
        }
    }

    @Test
    @Section({"6.2.2", "10.3"})
    void shouldDeleteATemporaryDestinationWhenNobodyConsumesFromIt(Site site) throws Exception {
        Session session = site.session();
        Session stranger = site.session();
        TemporaryQueue queue = session.createTemporaryQueue();
        TemporaryTopic topic = session.createTemporaryTopic();
        MessageConsumer ofQueue = session.createConsumer(queue);
        MessageConsumer ofTopic = session.createConsumer(topic);
        assertThatThrownBy(queue::delete).isInstanceOf(JMSException.class);
        assertThatThrownBy(topic::delete).isInstanceOf(JMSException.class);
        send(stranger, queue, "still there");
        assertThat(receive(ofQueue, 1)).containsExactly("still there");
        ofQueue.close();
        ofTopic.close();
        queue.delete();
        topic.delete();
        assertThatThrownBy(() -> session.createConsumer(queue)).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> send(stranger, queue, "too late")).isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> send(stranger, topic, "too late")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    @Section({"6.2.2", "6.1.7"})
    void shouldKeepTemporaryDestinationsOverALostLink(Site site) throws Exception {
        Session session = site.connectThroughProxy().createSession();
        TemporaryQueue queue = session.createTemporaryQueue();
        TemporaryTopic topic = session.createTemporaryTopic();
        MessageConsumer ofQueue = session.createConsumer(queue);
        MessageConsumer ofTopic = session.createConsumer(topic);
        Session stranger = site.session();
        send(stranger, queue, "before");
        site.proxy().refuse(true);
        site.proxy().cut();
        send(stranger, queue, "meanwhile");
        send(stranger, topic, "meanwhile");
        site.proxy().refuse(false);

        assertThat(receive(ofQueue, 2)).containsExactly("before", "meanwhile");
        assertThat(receive(ofTopic, 1)).containsExactly("meanwhile");
        send(stranger, queue, "after");
        send(stranger, topic, "after");
        assertThat(receive(ofQueue, 1)).containsExactly("after");
        assertThat(receive(ofTopic, 1)).containsExactly("after");
        ofQueue.close();
        queue.delete();
        assertThatThrownBy(() -> send(stranger, queue, "too late")).isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    @Section({"6.2.7", "6.2.9.2"})
    void shouldMakeSendsAndReceiptsOfATransactionOneUnit(Site site) throws Exception {
        Session session = site.session(Session.SESSION_TRANSACTED);
        Queue from = site.queue();
        Queue to = site.queue();
        Topic topic = site.topic();
        Session other = site.session();
        MessageConsumer subscriber = other.createConsumer(topic);
        send(other, from, "a", "b");
        MessageConsumer consumer = session.createConsumer(from);
        for (int round = 0; round < 2; round++) {
            List<String> texts = receive(consumer, 2);
            send(session, to, texts);
            send(session, topic, texts);
            assertThat(drain(other, to)).isEmpty();
            assertThat(subscriber.receiveNoWait()).isNull();
            if (round == 0) {
                session.rollback();
            }
        }
        session.commit();
        assertThat(drain(other, to)).containsExactly("a", "b");
        assertThat(receive(subscriber, 2)).containsExactly("a", "b");
        session.close();
        assertThat(drain(other, from)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.SESSION_TRANSACTED, Session.CLIENT_ACKNOWLEDGE})
    @Section({"6.2.9.1", "6.2.9.2", "6.2.10"})
    void shouldKeepTheOrderOfEachSenderOverRedelivery(int mode, Site site) throws Exception {
        Queue queue = site.queue();
        List<Session> senders = List.of(site.session(), site.session(Session.SESSION_TRANSACTED), site.session());
        for (int number = 0; number < 60; number++) {
            Session sender = senders.get(number % 3);
            send(sender, queue, number % 3 + ":" + number / 3);
            if (sender.getTransacted()) {
                sender.commit();
            }
        }
        Session session = site.session(mode);
        MessageConsumer consumer = session.createConsumer(queue);
        List<String> first = receive(consumer, 20);
        giveBack(session);
        List<String> again = receive(consumer, 60);
        assertThat(again).startsWith(first.toArray(String[]::new));
        for (int sender = 0; sender < 3; sender++) {
            String prefix = sender + ":";
            assertThat(again.stream().filter(text -> text.startsWith(prefix)))
                    .isEqualTo(Mail.numbers(0, 19).stream()
                            .map(number -> prefix + number)
                            .toList());
        }
        giveBack(session);
        assertThat(receive(consumer, 60)).isEqualTo(again);
    }

    @Test
    @Section({"6.2.9.2", "3.4.10"})
    void shouldKeepTheOrderWithinAPriorityOverTransactionsAndRedelivery(Site site) throws Exception {
        Queue queue = site.queue();
        Session sender = site.session(Session.SESSION_TRANSACTED);
        MessageProducer producer = sender.createProducer(queue);
        int[] priorities = {0, 9, 4, 9, 0, 4};
        for (int number = 0; number < 60; number++) {
            int priority = priorities[number % priorities.length];
            producer.setPriority(priority);
            producer.send(sender.createTextMessage(priority + ":" + number));
            if (number % 7 == 0) {
                sender.commit();
            }
        }
        sender.commit();
        Session session = site.session(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createConsumer(queue);
        List<String> expected = new ArrayList<>();
        for (int priority : new int[] {9, 4, 0}) {
            for (int number = 0; number < 60; number++) {
                if (priorities[number % priorities.length] == priority) {
                    expected.add(priority + ":" + number);
                }
            }
        }
        assertThat(receive(consumer, 30)).isEqualTo(expected.subList(0, 30));
        session.rollback();
        assertThat(receive(consumer, 60)).isEqualTo(expected);
        session.rollback();
        session.close();
        assertThat(drain(site.session(), queue)).isEqualTo(expected);
    }

    @Test
    @Section({"6.2.10", "6.2.9.2"})
    void shouldPutWhatIsMoreUrgentBeforeWhatARecoveryGaveBack(Site site) throws Exception {
        Queue queue = site.queue();
        Session sender = site.session();
        send(sender, queue, "a", "b");
        Session session = site.session(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(queue);
        assertThat(receive(consumer, 2)).containsExactly("a", "b");
        MessageProducer producer = sender.createProducer(queue);
        producer.setPriority(9);
        producer.send(sender.createTextMessage("urgent"));
        session.recover();
        assertThat(receive(consumer, 3)).containsExactly("urgent", "a", "b");
    }

    @Test
    @Section({"6.2.9.2", "7.7"})
    void shouldKeepTheOrderWithinADeliveryMode(Site site) throws Exception {
        Queue queue = site.queue();
        Session session = site.session();
        MessageProducer producer = session.createProducer(queue);
        for (int number = 0; number < 200; number++) {
            producer.setDeliveryMode(number % 2 + 1);
            producer.send(session.createTextMessage(number % 2 + 1 + ":" + number));
        }
        List<String> texts = drain(session, queue);
        for (String mode : List.of("1:", "2:")) {
            assertThat(texts.stream()
                            .filter(text -> text.startsWith(mode))
                            .map(text -> Integer.valueOf(text.substring(2))))
                    .hasSize(100)
                    .isSorted();
        }
    }

    @Test
    @Section("6.2.10")
    void shouldAcknowledgeAllThatItsSessionDeliveredAndNothingElse(Site site) throws Exception {
        Queue left = site.queue();
        Queue right = site.queue();
        Session sender = site.session();
        send(sender, left, "a", "b", "c", "d", "e");
        send(sender, right, "A", "B", "C");
        Queue own = site.queue();
        send(sender, own, "x", "y");
        Connection connection = site.connect();
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        Session sibling = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer ofLeft = session.createConsumer(left);
        MessageConsumer ofRight = session.createConsumer(right);
        Message oldest = receive(ofLeft);
        assertThat(receive(ofRight, 1)).containsExactly("A");
        assertThat(receive(ofLeft, 1)).containsExactly("b");
        MessageConsumer ofSibling = sibling.createConsumer(own);
        assertThat(receive(ofSibling, 1)).containsExactly("x");
        oldest.acknowledge();
        assertThat(receive(ofLeft, 1)).containsExactly("c");
        session.recover();
        assertThat(story(receive(ofLeft))).isEqualTo("c 2 again");
        sibling.recover();
        assertThat(story(receive(ofSibling))).isEqualTo("x 2 again");
        connection.close();

        MessageConsumer next = sender.createConsumer(left);
        assertThat(story(receive(next))).isEqualTo("c 3 again");
        assertThat(story(receive(next))).isEqualTo("d 1 first");
        assertThat(story(receive(next))).isEqualTo("e 1 first");
        assertThat(drain(sender, right)).containsExactly("B", "C");
    }

    @Test
    @Section({"6.2.10", "3.6"})
    void shouldAcknowledgeFromAListenerAllThatItsSessionDelivered(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, Mail.numbers(1, 6));
        Session session = site.session(Session.CLIENT_ACKNOWLEDGE);
        AtomicInteger count = new AtomicInteger();
        session.createConsumer(queue).setMessageListener(message -> {
            if (count.incrementAndGet() == 4) {
                try {
                    message.acknowledge();
                } catch (JMSException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        Awaitility.await().until(() -> count.get() == 6);
        session.close();
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("5 2 again");
        assertThat(story(receive(next))).isEqualTo("6 2 again");
        assertThat(next.receiveNoWait()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {Session.AUTO_ACKNOWLEDGE, Session.DUPS_OK_ACKNOWLEDGE})
    @Section({"6.2.10", "6.2.11", "3.6"})
    void shouldNeverRepeatWhatItAcknowledgedByItself(int mode, Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, Mail.numbers(1, 50));
        for (int round = 0; round < 5; round++) {
            try (Session session = site.session(mode)) {
                MessageConsumer consumer = session.createConsumer(queue);
                Message last = null;
                for (int number = round * 10 + 1; number <= round * 10 + 10; number++) {
                    last = receive(consumer);
                    assertThat(story(last)).isEqualTo(number + " 1 first");
                }
                last.acknowledge();
                if (mode == Session.AUTO_ACKNOWLEDGE) {
                    session.recover();
                }
            }
        }
        assertThat(drain(site.session(), queue)).isEmpty();
    }

    @Test
    @Section({"6.2.11", "9.1"})
    void shouldNotRepeatWhatADeadClientAcknowledged(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, Mail.numbers(1, 10));
        ChildClient child =
                ChildClient.start(site, Task.receive(Session.CLIENT_ACKNOWLEDGE, queue.getQueueName(), 6, 4));
        child.kill();
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("5 2 again");
        assertThat(story(receive(next))).isEqualTo("6 2 again");
        assertThat(receive(next, 4)).isEqualTo(Mail.numbers(7, 10));
    }

    @Test
    @Section("6.2.13")
    void shouldCallTheListenersOfASessionOneAtATime(Site site) throws Exception {
        Connection connection = site.open();
        Session session = connection.createSession();
        Session sender = site.session();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        for (int count = 0; count < 3; count++) {
            Queue queue = site.queue();
            send(sender, queue, Mail.numbers(1, 40));
            session.createConsumer(queue).setMessageListener(message -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                threads.add(Thread.currentThread());
                inside.decrementAndGet();
            });
        }
        connection.start();
        Awaitility.await().until(() -> threads.size() == 120);
        assertThat(most).hasValue(1);
        assertThat(threads).containsOnly(threads.get(0));
    }

    @Test
    @Section("6.2.14")
    void shouldCallTheListenersOfTwoSessionsAtTheSameTime(Site site) throws Exception {
        Connection connection = site.connect();
        List<Barrier> barriers = List.of(new Barrier(), new Barrier());
        for (Barrier barrier : barriers) {
            Session session = connection.createSession();
            Queue queue = site.queue();
            send(session, queue, "hello");
            session.createConsumer(queue).setMessageListener(message -> barrier.pass());
        }
        barriers.forEach(Barrier::awaitReached);
        barriers.forEach(Barrier::open);
    }

    private static void giveBack(Session session) throws JMSException {
        if (session.getTransacted()) {
            session.rollback();
        } else {
            session.recover();
        }
    }
}
