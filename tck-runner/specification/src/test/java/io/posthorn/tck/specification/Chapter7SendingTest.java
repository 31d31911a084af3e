package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.browse;
import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sending: completion listeners, and messages that are not yet or no more to be delivered. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter7SendingTest {

    /** How a receiver meets a topic's messages. */
    enum Subscriber {
        PLAIN,
        SHARED,
        DURABLE,
        SHARED_DURABLE;

        MessageConsumer open(Session session, Topic topic, String name) throws JMSException {
            return switch (this) {
                case PLAIN -> session.createConsumer(topic);
                case SHARED -> session.createSharedConsumer(topic, name);
                case DURABLE -> session.createDurableConsumer(topic, name);
                case SHARED_DURABLE -> session.createSharedDurableConsumer(topic, name);
            };
        }
    }

    @Test
    @Section({"7.3.3", "7.3.8", "6.2.9.2"})
    void shouldCompleteInTheOrderOfTheSendsAndKeepItWithSynchronousOnes(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        Outcomes outcomes = new Outcomes();
        List<String> asynchronous = new ArrayList<>();
        for (int number = 1; number <= 300; number++) {
            Message message = session.createTextMessage("" + number);
            producer.setDeliveryMode(number % 5 == 0 ? DeliveryMode.NON_PERSISTENT : DeliveryMode.PERSISTENT);
            if (number % 50 == 0) {
                producer.send(message);
            } else {
                producer.send(message, outcomes);
                asynchronous.add("" + number);
            }
        }
        await().until(() -> outcomes.texts().size() == asynchronous.size());
        assertThat(outcomes.texts()).isEqualTo(asynchronous);
        assertThat(outcomes.threads()).hasSize(1).doesNotContain(Thread.currentThread());
        assertThat(drain(session, queue)).isEqualTo(Mail.numbers(1, 300));
    }

    @Test
    @Section({"7.3.8", "7.3.4"})
    void shouldCallOneCompletionListenerOfASessionAtATimeInTheOrderOfEachProducer(Site site) throws Exception {
        Session session = site.session();
        List<Outcomes> all = new ArrayList<>();
        List<MessageProducer> producers = new ArrayList<>();
        Outcomes.Turnstile turnstile = new Outcomes.Turnstile();
        for (int count = 0; count < 3; count++) {
            all.add(new Outcomes(turnstile));
            producers.add(session.createProducer(site.queue()));
        }
        for (int number = 0; number < 150; number++) {
            producers.get(number % 3).send(session.createTextMessage("" + number / 3), all.get(number % 3));
        }
        session.close();
        for (Outcomes outcomes : all) {
            assertThat(outcomes.texts()).isEqualTo(Mail.numbers(0, 49));
        }
        assertThat(turnstile.most()).isOne();
    }

    @Test
    @Section({"7.3.4", "6.2.7"})
    void shouldCompleteBeforeACommitOrRollbackReturns(Site site) throws Exception {
        Session session = site.session(Session.SESSION_TRANSACTED);
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        Session other = site.session();
        for (int round = 0; round < 5; round++) {
            Outcomes outcomes = new Outcomes();
            for (int number = 1; number <= 30; number++) {
                producer.send(session.createTextMessage("" + number), outcomes);
            }
            if (round % 2 == 0) {
                session.commit();
            } else {
                session.rollback();
            }
            assertThat(outcomes.texts()).isEqualTo(Mail.numbers(1, 30));
            assertThat(outcomes.failures()).isEmpty();
            assertThat(drain(other, queue)).isEqualTo(round % 2 == 0 ? Mail.numbers(1, 30) : List.of());
        }
    }

    /** What a close begins with. */
    enum Closed {
        PRODUCER,
        SESSION,
        CONNECTION
    }

    @ParameterizedTest
    @EnumSource
    @Section({"7.3.4", "6.1.8", "6.2.15"})
    void shouldCompleteBeforeACloseReturns(Closed closed, Site site) throws Exception {
        Connection connection = site.connect();
        Session session = connection.createSession();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        Barrier barrier = new Barrier();
        Outcomes outcomes = new Outcomes(message -> barrier.pass());
        for (int number = 1; number <= 20; number++) {
            producer.send(session.createTextMessage("" + number), outcomes);
        }
        barrier.awaitReached();
        AutoCloseable part = switch (closed) {
            case PRODUCER -> producer;
            case SESSION -> session;
            case CONNECTION -> connection;
        };
        Worker<Integer> closing = Worker.start(() -> {
                    part.close();
                    return outcomes.texts().size();
                })
                .awaitWaiting();
        assertThat(closing.isDone()).isFalse();
        barrier.open();
        assertThat(closing.result()).isEqualTo(20);
        assertThat(drain(site.session(), queue)).isEqualTo(Mail.numbers(1, 20));
    }

    @Test
    @Section("7.3.4")
    void shouldRefuseACompletionListenerThatClosesOrEndsTheTransaction(Site site) throws Exception {
        Connection connection = site.connect();
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(site.queue());
        List<Worker.Action> forbidden =
                List.of(session::commit, session::rollback, producer::close, session::close, connection::close);
        List<Exception> refusals = new CopyOnWriteArrayList<>();
        Outcomes outcomes = new Outcomes(message -> {
            for (Worker.Action action : forbidden) {
                try {
                    action.run();
                } catch (Exception e) {
                    refusals.add(e);
                }
            }
        });
        producer.send(session.createTextMessage("1"), outcomes);
        session.commit();
        assertThat(outcomes.texts()).containsExactly("1");
        assertThat(refusals).hasSize(5).hasOnlyElementsOfType(IllegalStateException.class);
    }

    @Test
    @Section({"7.3.6", "3.4.11", "7.3.1"})
    void shouldHaveSetTheHeadersWhenItCompletes(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        producer.setPriority(7);
        producer.setTimeToLive(60_000);
        List<Message> completed = new CopyOnWriteArrayList<>();
        List<Integer> depths = new CopyOnWriteArrayList<>();
        Session other = site.session();
        Message sent = session.createTextMessage("hello");
        producer.send(sent, new Outcomes(message -> {
            completed.add(message);
            try {
                depths.add(browse(other, queue, null).size());
            } catch (JMSException e) {
                throw new java.lang.IllegalStateException(e);
            }
        }));
        producer.close();
        assertThat(completed).hasSize(1);
        Message message = completed.get(0);
        assertThat(message).isSameAs(sent);
        assertThat(message.getJMSMessageID()).startsWith("ID:");
        assertThat(message.getJMSPriority()).isEqualTo(7);
        assertThat(message.getJMSExpiration()).isEqualTo(message.getJMSTimestamp() + 60_000);
        assertThat(message.getJMSDestination()).isEqualTo(queue);
        assertThat(depths).as("sent for good when it completes").containsExactly(1);
        Message received = receive(other.createConsumer(queue));
        assertThat(received.getJMSMessageID()).isEqualTo(message.getJMSMessageID());
    }

    @Test
    @Section({"7.3.2", "10.3"})
    void shouldTellOneOfCallerAndListenerWhatFailed(Site site) throws Exception {
        Session session = site.session();
        Connection owner = site.connect();
        TemporaryQueue gone = owner.createSession().createTemporaryQueue();
        MessageProducer producer = session.createProducer(null);
        owner.close();
        Outcomes outcomes = new Outcomes();
        Queue queue = site.queue();
        producer.send(queue, session.createTextMessage("1"), outcomes);
        Exception thrown = null;
        try {
            producer.send(gone, session.createTextMessage("2"), outcomes);
        } catch (JMSException e) {
            thrown = e;
        }
        producer.send(queue, session.createTextMessage("3"), outcomes);
        producer.close();
        List<Exception> failures = new ArrayList<>(outcomes.failures());
        if (thrown != null) {
            failures.add(thrown);
        }
        assertThat(failures).hasSize(1).hasOnlyElementsOfType(InvalidDestinationException.class);
        assertThat(outcomes.texts()).containsSubsequence("1", "3");
        assertThat(drain(session, queue)).containsExactly("1", "3");
    }

    @Test
    @Section({"7.3.8", "7.3.1", "6.2.12"})
    void shouldCompleteInOrderAndSendOnceOverALostLink(Site site) throws Exception {
        Session session = site.connectThroughProxy().createSession();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        Outcomes outcomes = new Outcomes();
        for (int number = 1; number <= 200; number++) {
            producer.send(session.createTextMessage("" + number), outcomes);
            if (number % 60 == 0) {
                site.proxy().cut();
            }
        }
        producer.close();
        assertThat(outcomes.texts()).isEqualTo(Mail.numbers(1, 200));
        assertThat(outcomes.failures()).isEmpty();
        assertThat(drain(site.session(), queue)).isEqualTo(Mail.numbers(1, 200));
    }

    @Test
    @Section({"7.3.2", "7.3.8", "7.3.4"})
    void shouldTellListenersInOrderThatTheConnectionIsLostForGood(Site site) throws Exception {
        Connection connection = site.connectThroughProxy("reconnectTimeout=300");
        Session session = connection.createSession();
        MessageProducer producer = session.createProducer(site.queue());
        Outcomes outcomes = new Outcomes();
        site.proxy().refuse(true);
        producer.send(session.createTextMessage("0"));
        site.proxy().cut();
        int accepted = 0;
        try {
            while (accepted < 20) {
                producer.send(session.createTextMessage("" + (accepted + 1)), outcomes);
                accepted++;
            }
        } catch (JMSException lostMeanwhile) {
            assertThat(lostMeanwhile).hasMessageNotContaining("null");
        }
        connection.close();
        assertThat(accepted).isPositive();
        assertThat(outcomes.failures()).hasSize(accepted).hasOnlyElementsOfType(JMSException.class);
        assertThat(outcomes.texts()).as("those that failed, in order").isEqualTo(Mail.numbers(1, accepted));
    }

    @ParameterizedTest
    @EnumSource
    @Section({"7.8", "3.4.9", "4.2.2"})
    void shouldNotDeliverToASubscriptionWhatHasExpired(Subscriber subscriber, Site site) throws Exception {
        Connection connection = site.connect("clientID=" + site.name("client"));
        Session session = connection.createSession();
        Topic topic = site.topic();
        MessageConsumer consumer = subscriber.open(session, topic, "subscription");
        connection.stop();
        MessageProducer producer = site.session().createProducer(topic);
        producer.setTimeToLive(100);
        Message shortLived = session.createTextMessage("short");
        producer.send(shortLived);
        producer.setTimeToLive(60_000);
        Message longLived = session.createTextMessage("long");
        producer.send(longLived);
        producer.setTimeToLive(0);
        producer.send(session.createTextMessage("for ever"));
        await().until(() -> System.currentTimeMillis() > shortLived.getJMSExpiration());
        connection.start();
        Message first = receive(consumer);
        assertThat(Mail.text(first)).isEqualTo("long");
        assertThat(first.getJMSExpiration())
                .isEqualTo(longLived.getJMSExpiration())
                .isEqualTo(longLived.getJMSTimestamp() + 60_000);
        assertThat(receive(consumer, 1)).containsExactly("for ever");
        assertThat(consumer.receiveNoWait()).isNull();
    }

    @Test
    @Section({"7.8", "4.2.2", "8.3.3"})
    void shouldLetMessagesOfAnInactiveSubscriptionExpire(Site site) throws Exception {
        Session session = site.session("clientID=" + site.name("client"));
        Topic topic = site.topic();
        session.createDurableConsumer(topic, "subscription").close();
        MessageProducer producer = session.createProducer(topic);
        Message message = session.createTextMessage("short");
        producer.setTimeToLive(100);
        producer.send(message);
        producer.setTimeToLive(0);
        producer.send(session.createTextMessage("for ever"));
        await().until(() -> System.currentTimeMillis() > message.getJMSExpiration());
        assertThat(drain(session.createDurableConsumer(topic, "subscription"))).containsExactly("for ever");
    }

    @Test
    @Section({"7.8", "7.9", "3.4.9", "3.4.13"})
    void shouldCountTimeFromTheSendAndNotFromTheCommit(Site site) throws Exception {
        Session session = site.session(Session.SESSION_TRANSACTED);
        Topic topic = site.topic();
        MessageConsumer consumer = site.session().createConsumer(topic);
        MessageProducer producer = session.createProducer(topic);
        Message expiring = session.createTextMessage("expired before its commit");
        producer.setTimeToLive(100);
        producer.send(expiring);
        producer.setTimeToLive(0);
        producer.setDeliveryDelay(100);
        Message delayed = session.createTextMessage("due before its commit");
        producer.send(delayed);
        assertThat(delayed.getJMSDeliveryTime()).isEqualTo(delayed.getJMSTimestamp() + 100);
        await().until(() -> System.currentTimeMillis() > delayed.getJMSDeliveryTime());
        assertThat(consumer.receiveNoWait()).isNull();
        session.commit();
        Message received = receive(consumer);
        assertThat(Mail.text(received)).isEqualTo("due before its commit");
        assertThat(received.getJMSDeliveryTime()).isEqualTo(delayed.getJMSDeliveryTime());
        assertThat(consumer.receiveNoWait()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @Section({"7.9", "3.4.13", "4.2.2"})
    void shouldHoldBackADelayedMessageFromASubscription(Subscriber subscriber, Site site) throws Exception {
        Session session = site.session("clientID=" + site.name("client"));
        Topic topic = site.topic();
        MessageConsumer consumer = subscriber.open(session, topic, "subscription");
        MessageProducer producer = site.session().createProducer(topic);
        producer.setDeliveryDelay(600);
        producer.send(session.createTextMessage("third"));
        producer.setDeliveryDelay(300);
        producer.send(session.createTextMessage("second"));
        producer.setDeliveryDelay(0);
        producer.send(session.createTextMessage("first"));
        List<String> texts = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        for (int count = 0; count < 3; count++) {
            Message message = receive(consumer);
            assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(message.getJMSDeliveryTime());
            texts.add(Mail.text(message));
            times.add(message.getJMSDeliveryTime());
        }
        assertThat(times).isSorted();
        assertThat(texts).containsExactlyInAnyOrder("first", "second", "third");
    }

    @Test
    @Section({"7.9", "4.2.2"})
    void shouldAddADelayedMessageOnlyToSubscriptionsThatWereThereAtTheSend(Site site) throws Exception {
        Session session = site.session("clientID=" + site.name("client"));
        Topic topic = site.topic();
        session.createDurableConsumer(topic, "before").close();
        MessageProducer producer = session.createProducer(topic);
        producer.setDeliveryDelay(300);
        producer.send(session.createTextMessage("late"));
        MessageConsumer after = session.createDurableConsumer(topic, "after");
        MessageConsumer plain = session.createConsumer(topic);
        MessageConsumer before = session.createDurableConsumer(topic, "before");
        assertThat(receive(before, 1)).containsExactly("late");
        assertThat(after.receiveNoWait()).isNull();
        assertThat(plain.receiveNoWait()).isNull();
    }
}
