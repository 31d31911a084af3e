package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.browse;
import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues and topics: who gets a message, and that copies are messages of their own. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter4DomainsTest {

    @Test
    @Section("4.1.2")
    void shouldDeliverEachMessageOfAQueueToOneConsumer(Site site) throws Exception {
        Queue queue = site.queue();
        // All are at work at the same time: what one leaves alone for a while, others get, later than what comes behind
        // it.
        List<List<String>> parts = new ArrayList<>();
        for (int count = 0; count < 3; count++) {
            List<String> part = new CopyOnWriteArrayList<>();
            parts.add(part);
            site.session().createConsumer(queue).setMessageListener(message -> part.add(Mail.text(message)));
        }
        send(site.session(), queue, Mail.numbers(1, 300));

        await().until(() -> parts.stream().mapToInt(List::size).sum() >= 300);
        assertThat(parts)
                .allSatisfy(part -> assertThat(part)
                        .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b))));
        assertThat(parts.stream().flatMap(List::stream).toList())
                .containsExactlyInAnyOrderElementsOf(Mail.numbers(1, 300));
    }

    @Test
    @Section({"4.1.2", "8.1"})
    void shouldLeaveOnTheQueueWhatASelectorDoesNotChoose(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        for (int number = 1; number <= 40; number++) {
            Message message = session.createTextMessage("" + number);
            message.setBooleanProperty("even", number % 2 == 0);
            producer.send(message);
        }
        List<String> even = receive(site.session().createConsumer(queue, "even"), 20);
        assertThat(even).startsWith("2", "4").endsWith("38", "40");
        List<String> odd = receive(site.session().createConsumer(queue, "NOT even"), 20);
        assertThat(odd).startsWith("1", "3").endsWith("37", "39");
        assertThat(drain(session, queue)).isEmpty();
    }

    @Test
    @Section({"4.1.6", "3.4.13", "7.9"})
    void shouldNotShowABrowserWhatIsNotDue(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        producer.setDeliveryDelay(400);
        Message later = session.createTextMessage("later");
        producer.send(later);
        producer.setDeliveryDelay(0);
        producer.send(session.createTextMessage("now"));

        await().until(() -> {
            List<String> seen = browse(session, queue, null);
            assertThat(seen).contains("now");
            assertThat(seen.contains("later") && System.currentTimeMillis() < later.getJMSDeliveryTime())
                    .as("shown before its time")
                    .isFalse();
            return seen.size() == 2;
        });
        assertThat(drain(session, queue)).containsExactlyInAnyOrder("now", "later");
    }

    @Test
    @Section({"4.1.6", "3.4.9"})
    void shouldNotShowABrowserWhatHasExpired(Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        producer.send(session.createTextMessage("stays"));
        producer.setTimeToLive(150);
        producer.send(session.createTextMessage("goes"));
        await().until(() -> browse(session, queue, null).equals(List.of("stays")));
    }

    @Test
    @Section({"4.1.6", "6.2.10"})
    void shouldTakeAndCountNothingByBrowsing(Site site) throws Exception {
        Session session = site.session(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = site.queue();
        send(session, queue, "a", "b");
        MessageConsumer consumer = session.createConsumer(queue);
        assertThat(browse(session, queue, null)).isSubsetOf("a", "b");
        session.recover();
        assertThat(story(receive(consumer))).isEqualTo("a 1 first");
        assertThat(story(receive(consumer))).isEqualTo("b 1 first");
    }

    @Test
    @Section("4.2.2")
    void shouldTreatTheCopiesOfSubscriptionsAsMessagesOfTheirOwn(Site site) throws Exception {
        Topic topic = site.topic();
        Session careful = site.session(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer one = careful.createConsumer(topic);
        MessageConsumer other = site.session().createConsumer(topic);
        Session third = site.session(Session.SESSION_TRANSACTED);
        MessageConsumer transacted = third.createConsumer(topic);
        send(site.session(), topic, "a", "b");

        Message first = receive(one);
        first.clearBody();
        assertThat(receive(other, 2)).containsExactly("a", "b");
        assertThat(receive(transacted, 1)).containsExactly("a");
        third.rollback();
        careful.recover();
        assertThat(story(receive(one))).isEqualTo("a 2 again");
        assertThat(story(receive(one))).isEqualTo("b 1 first");
        assertThat(story(receive(transacted))).isEqualTo("a 2 again");
        assertThat(other.receiveNoWait()).isNull();
    }

    @Test
    @Section("4.2.2")
    void shouldDeliverEachMessageOfASharedSubscriptionToOneConsumer(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name("subscription");
        MessageConsumer left = site.session().createSharedConsumer(topic, name);
        MessageConsumer right = site.session().createSharedConsumer(topic, name);
        MessageConsumer apart = site.session().createConsumer(topic);
        send(site.session(), topic, Mail.numbers(1, 100));

        List<String> all = new ArrayList<>();
        await().until(() -> {
            all.addAll(drain(left));
            all.addAll(drain(right));
            return all.size() >= 100;
        });
        assertThat(all).containsExactlyInAnyOrderElementsOf(Mail.numbers(1, 100));
        assertThat(receive(apart, 100)).isEqualTo(Mail.numbers(1, 100));
    }

    @ParameterizedTest
    @Section("4.2.4")
    @ValueSource(strings = {"a", "Größe_1.of-all", "_._-9", "数", "128"})
    void shouldTakeTheNamesOfSubscriptionsThatItMust(String text, Site site) throws Exception {
        String name = text.equals("128") ? "x".repeat(128) : text;
        Topic topic = site.topic();
        Session session = site.session("clientID=" + site.name("client"));
        session.createDurableConsumer(topic, name).close();
        try (MessageConsumer shared = session.createSharedConsumer(topic, name)) {
            send(session, topic, "hello");
            assertThat(receive(shared, 1)).containsExactly("hello");
        }
        try (MessageConsumer durable = session.createDurableConsumer(topic, name)) {
            assertThat(receive(durable, 1)).containsExactly("hello");
        }
        session.unsubscribe(name);
    }

    @Test
    @Section({"4.2.8", "6.2.10"})
    void shouldRecoverForANonDurableSubscriberAsLongAsItLives(Site site) throws Exception {
        Topic topic = site.topic();
        Session session = site.session(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(topic);
        send(site.session(), topic, Mail.numbers(1, 20));
        assertThat(receive(consumer, 5)).isEqualTo(Mail.numbers(1, 5));
        session.recover();
        assertThat(receive(consumer, 20)).isEqualTo(Mail.numbers(1, 20));
        session.recover();
        assertThat(receive(consumer, 20)).isEqualTo(Mail.numbers(1, 20));
    }
}
