package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionConsumer;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connection consumers, which feed the sessions of an application server's pool. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter11ServerSessionsTest {

    @Test
    @Section({"11.2.4", "11.2.3", "11.2.5", "11.2.1"})
    void shouldFeedEveryMessageToOneSessionAndSeveralAtATime(Site site) throws Exception {
        Connection connection = site.connect();
        Queue queue = site.queue();
        Outcomes.Turnstile turnstile = new Outcomes.Turnstile();
        List<String> heard = new CopyOnWriteArrayList<>();
        Barrier second = new Barrier();
        AtomicInteger calls = new AtomicInteger();
        PoolOfSessions pool =
                site.closing(new PoolOfSessions(connection, Session.AUTO_ACKNOWLEDGE, 3, (session, message) -> {
                    turnstile.enter();
                    if (calls.incrementAndGet() == 1) {
                        second.pass();
                    } else {
                        second.open();
                    }
                    heard.add(Mail.text(message));
                    turnstile.exit();
                }));
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue, null, pool, 1);
        assertThat(consumer.getServerSessionPool()).isSameAs(pool);
        send(site.session(), queue, Mail.numbers(1, 30));
        await().until(() -> heard.size() == 30);
        assertThat(heard).containsExactlyInAnyOrderElementsOf(Mail.numbers(1, 30));
        assertThat(turnstile.most()).isBetween(2, 3);
        consumer.close();
        assertThat(drain(site.session(), queue)).isEmpty();
    }

    @Test
    @Section({"11.2.4", "11.2.1"})
    void shouldLoadAtMostSoManyMessagesAndHandThemOverInOrder(Site site) throws Exception {
        Connection connection = site.connect();
        Queue queue = site.queue();
        List<String> heard = new CopyOnWriteArrayList<>();
        PoolOfSessions pool = site.closing(new PoolOfSessions(
                connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> heard.add(Mail.text(message))));
        send(site.session(), queue, Mail.numbers(1, 50));
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue, null, pool, 7);
        await().until(() -> heard.size() == 50);
        assertThat(heard).isEqualTo(Mail.numbers(1, 50));
        assertThat(pool.runSizes(heard.size())).allMatch(size -> size <= 7);
        consumer.close();
    }

    @Test
    @Section({"11.2.1", "6.2.7", "3.5.11"})
    void shouldLeaveTheTransactionToTheSession(Site site) throws Exception {
        Connection connection = site.connect();
        Queue queue = site.queue();
        Queue replies = site.queue();
        List<String> heard = new CopyOnWriteArrayList<>();
        PoolOfSessions pool =
                site.closing(new PoolOfSessions(connection, Session.SESSION_TRANSACTED, 2, (session, message) -> {
                    send(session, replies, Mail.text(message));
                    heard.add(story(message));
                    if (Mail.deliveryCount(message) == 1 && Mail.text(message).equals("b")) {
                        session.rollback();
                    } else {
                        session.commit();
                    }
                }));
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue, null, pool, 1);
        send(site.session(), queue, "a", "b", "c");
        await().until(() -> heard.size() == 4);
        consumer.close();
        assertThat(heard).containsExactlyInAnyOrder("a 1 first", "b 1 first", "b 2 again", "c 1 first");
        pool.close();
        assertThat(drain(site.session(), replies)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(drain(site.session(), queue)).isEmpty();
    }

    @Test
    @Section({"11.2.3", "11.2.5"})
    void shouldBorrowASessionOnlyWhenThereIsAMessage(Site site) throws Exception {
        Connection connection = site.connect();
        List<Queue> queues = List.of(site.queue(), site.queue());
        List<String> heard = new CopyOnWriteArrayList<>();
        PoolOfSessions pool = site.closing(new PoolOfSessions(
                connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> heard.add(Mail.text(message))));
        for (Queue queue : queues) {
            connection.createConnectionConsumer(queue, null, pool, 5);
        }
        for (int number = 1; number <= 6; number++) {
            send(site.session(), queues.get(number % 2), "" + number);
            int expected = number;
            await().until(() -> heard.size() == expected);
        }
        assertThat(heard).isEqualTo(Mail.numbers(1, 6));
        assertThat(pool.runSizes(6)).containsOnly(1);
    }

    @Test
    @Section({"11.2.3", "11.2.4", "4.1.2"})
    void shouldNotHoldMessagesWhileThePoolHasNoSession(Site site) throws Exception {
        Connection connection = site.connect();
        Queue queue = site.queue();
        Barrier barrier = new Barrier();
        List<String> heard = new CopyOnWriteArrayList<>();
        PoolOfSessions pool =
                site.closing(new PoolOfSessions(connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> {
                    barrier.pass();
                    heard.add(Mail.text(message));
                }));
        ConnectionConsumer consumer = connection.createConnectionConsumer(queue, null, pool, 1);
        send(site.session(), queue, "a");
        barrier.awaitReached();
        send(site.session(), queue, Mail.numbers(1, 20));
        MessageConsumer other = site.session().createConsumer(queue);
        List<String> texts = receive(other, 19);
        assertThat(texts).as("all but the one that waits for the pool").isSubsetOf(Mail.numbers(1, 20));
        other.close();
        barrier.open();
        await().until(() -> heard.size() == 2);
        consumer.close();
        assertThat(heard.get(0)).isEqualTo("a");
        assertThat(texts).doesNotContain(heard.get(1));
    }

    @Test
    @Section({"11.2.4", "8.3.1", "8.3.3", "8.3.4"})
    void shouldFeedFromEveryKindOfSubscription(Site site) throws Exception {
        Connection connection = site.connect("clientID=" + site.name("client"));
        Topic topic = site.topic();
        List<String> heard = new CopyOnWriteArrayList<>();
        PoolOfSessions pool = site.closing(new PoolOfSessions(
                connection, Session.AUTO_ACKNOWLEDGE, 2, (session, message) -> heard.add(Mail.text(message))));
        connection.createConnectionConsumer(topic, "TRUE", pool, 2);
        connection.createSharedConnectionConsumer(topic, "shared", null, pool, 2);
        connection.createDurableConnectionConsumer(topic, "durable", null, pool, 2);
        connection.createSharedDurableConnectionConsumer(topic, "shared-durable", null, pool, 2);
        send(site.session(), topic, "a", "b", "c");
        await().until(() -> heard.size() == 12);
        assertThat(heard).containsOnly("a", "b", "c");
        connection.close();
        assertThat(heard).hasSize(12);
    }

    @Test
    @Section({"11.2.4", "6.1.5", "6.1.4"})
    void shouldFeedNothingWhileTheConnectionIsStopped(Site site) throws Exception {
        Connection connection = site.open();
        Queue queue = site.queue();
        List<String> heard = new CopyOnWriteArrayList<>();
        PoolOfSessions pool = site.closing(new PoolOfSessions(
                connection, Session.AUTO_ACKNOWLEDGE, 1, (session, message) -> heard.add(Mail.text(message))));
        connection.createConnectionConsumer(queue, null, pool, 1);
        Session other = site.session();
        send(other, queue, "a");
        assertThat(drain(other, queue)).containsExactly("a");
        connection.start();
        send(other, queue, "b");
        await().until(() -> heard.size() == 1);
        connection.stop();
        send(other, queue, "c");
        assertThat(drain(other, queue)).containsExactly("c");
        connection.start();
        send(other, queue, "d");
        await().until(() -> heard.size() == 2);
        assertThat(heard).containsExactly("b", "d");
    }
}
