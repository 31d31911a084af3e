package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthorn.tck.specification.ChildClient.From;
import io.posthorn.tck.specification.ChildClient.Task;
import jakarta.jms.Connection;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Subscriptions: whose they are, what becomes of them when somebody asks for other terms, and what a dead user leaves. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter8SubscriptionsTest {

    private static final String NAME = "subscription";
    private static final String RED = "colour = 'red'";

    @Test
    @Section("8.3.1")
    void shouldMakeAnUnsharedSubscriptionForEachConsumerAndEndItWithIt(Site site) throws Exception {
        Session session = site.session();
        Topic topic = site.topic();
        MessageConsumer one = session.createConsumer(topic);
        MessageConsumer other = session.createConsumer(topic);
        send(session, topic, "a");
        assertThat(receive(one, 1)).isEqualTo(receive(other, 1)).containsExactly("a");
        send(session, topic, "b");
        one.close();
        MessageConsumer next = session.createConsumer(topic);
        send(session, topic, "c");
        assertThat(receive(next, 1)).containsExactly("c");
        assertThat(receive(other, 2)).containsExactly("b", "c");
    }

    @Test
    @Section({"8.3.1", "8.3.3"})
    void shouldLeaveOutWhatItsOwnConnectionOrClientSent(Site site) throws Exception {
        String client = site.name("client");
        Topic topic = site.topic();
        Session other = site.session();
        try (Connection own = site.connect("clientID=" + client)) {
            Session session = own.createSession();
            MessageConsumer plain = session.createConsumer(topic, null, true);
            MessageConsumer durable = session.createDurableConsumer(topic, NAME, null, true);
            send(own.createSession(), topic, "own");
            send(other, topic, "other");
            assertThat(receive(plain, 1)).isEqualTo(receive(durable, 1)).containsExactly("other");
            durable.close();
            send(session, topic, "own while inactive");
        }
        Session again = site.session("clientID=" + client);
        send(again, topic, "of the same client");
        send(other, topic, "other");
        MessageConsumer durable = again.createDurableConsumer(topic, NAME, null, true);
        assertThat(receive(durable, 1)).containsExactly("other");
        assertThat(durable.receiveNoWait()).isNull();
    }

    @Test
    @Section("8.3.2")
    void shouldRefuseOtherTermsForASharedSubscriptionInUse(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name(NAME);
        MessageConsumer user = site.session().createSharedConsumer(topic, name, RED);
        Session session = site.session();
        assertThatThrownBy(() -> session.createSharedConsumer(site.topic(), name, RED))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> session.createSharedConsumer(topic, name)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.createSharedConsumer(topic, name, "colour = 'blue'"))
                .isInstanceOf(JMSException.class);
        session.createSharedConsumer(topic, name, RED).close();
        user.close();
        MessageConsumer next = session.createSharedConsumer(topic, name, "colour = 'blue'");
        paint(session, topic, "red", "blue");
        assertThat(receive(next, 1)).containsExactly("blue");
    }

    @Test
    @Section({"8.3.2", "6.1.2"})
    void shouldEndASharedSubscriptionWithItsLastConsumer(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name(NAME);
        Session session = site.session();
        MessageConsumer one = session.createSharedConsumer(topic, name);
        Connection otherConnection = site.connect();
        MessageConsumer other = otherConnection.createSession().createSharedConsumer(topic, name);
        send(session, topic, "a");
        one.close();
        assertThat(receive(other, 1)).containsExactly("a");
        send(session, topic, "b");
        otherConnection.close();
        send(session, topic, "c");
        assertThat(drain(session.createSharedConsumer(topic, name))).isEmpty();
    }

    @Test
    @Section({"8.3.2", "8.3.3", "8.3.4", "6.1.2"})
    void shouldTellSubscriptionsOfOneNameApartByClientAndDurability(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name(NAME);
        Session anonymous = site.session();
        Session named = site.session("clientID=" + site.name("client"));
        Session otherNamed = site.session("clientID=" + site.name("client"));
        List<MessageConsumer> consumers = List.of(
                anonymous.createSharedConsumer(topic, name),
                anonymous.createSharedDurableConsumer(topic, name),
                named.createSharedConsumer(topic, name),
                named.createDurableConsumer(topic, name),
                otherNamed.createSharedConsumer(topic, name, "colour IS NULL"),
                otherNamed.createSharedDurableConsumer(topic, name, "colour IS NULL"));
        send(anonymous, topic, "hello");
        for (MessageConsumer consumer : consumers) {
            assertThat(receive(consumer, 1)).containsExactly("hello");
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    @Section({"8.3.3", "8.3.4"})
    void shouldRefuseADurableSubscriptionThatIsOrWasSharedOtherwise(Site site) throws Exception {
        Topic topic = site.topic();
        Session session = site.session("clientID=" + site.name("client"));
        for (boolean active : new boolean[] {true, false}) {
            MessageConsumer unshared = session.createDurableConsumer(topic, "unshared");
            MessageConsumer shared = session.createSharedDurableConsumer(topic, "shared");
            if (!active) {
                unshared.close();
                shared.close();
            }
            assertThatThrownBy(() -> session.createSharedDurableConsumer(topic, "unshared"))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("unshared");
            assertThatThrownBy(() -> session.createDurableConsumer(topic, "shared"))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("shared");
            unshared.close();
            shared.close();
        }
        send(session, topic, "hello");
        session.unsubscribe("unshared");
        assertThat(drain(session.createSharedDurableConsumer(topic, "unshared")))
                .isEmpty();
        assertThat(drain(session.createSharedDurableConsumer(topic, "shared"))).containsExactly("hello");
    }

    @Test
    @Section("8.3.3")
    void shouldRefuseASecondConsumerOfAnUnsharedDurableSubscription(Site site) throws Exception {
        Topic topic = site.topic();
        Connection connection = site.connect("clientID=" + site.name("client"));
        MessageConsumer consumer = connection.createSession().createDurableConsumer(topic, NAME);
        Session session = connection.createSession();
        assertThatThrownBy(() -> session.createDurableConsumer(topic, NAME)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> session.createDurableSubscriber(topic, NAME, RED, true))
                .isInstanceOf(JMSException.class);
        send(session, topic, "the first is none the worse");
        assertThat(receive(consumer, 1)).hasSize(1);
        consumer.close();
        session.createDurableConsumer(topic, NAME).close();
    }

    @Test
    @Section({"8.3.3", "4.2.2"})
    void shouldBeginAnUnsharedDurableSubscriptionAnewWhenItsTermsChange(Site site) throws Exception {
        Topic topic = site.topic();
        Topic otherTopic = site.topic();
        Session session = site.session("clientID=" + site.name("client"));
        session.createDurableConsumer(topic, NAME).close();
        paint(session, topic, "red", "blue");
        MessageConsumer changed = session.createDurableConsumer(topic, NAME, RED, false);
        assertThat(drain(changed)).as("nothing of before the selector changed").isEmpty();
        paint(session, topic, "red", "blue");
        changed.close();
        MessageConsumer same = session.createDurableConsumer(topic, NAME, RED, false);
        assertThat(drain(same)).as("the same terms go on").containsExactly("red");
        same.close();
        paint(session, topic, "red");
        session.createDurableConsumer(topic, NAME, RED, true).close();
        paint(site.session(), topic, "red");
        MessageConsumer noLocal = session.createDurableConsumer(topic, NAME, RED, true);
        assertThat(drain(noLocal)).as("noLocal changed between the two").containsExactly("red");
        noLocal.close();
        MessageConsumer moved = session.createDurableConsumer(otherTopic, NAME);
        paint(session, topic, "red");
        paint(session, otherTopic, "green");
        assertThat(receive(moved, 1)).containsExactly("green");
        assertThat(moved.receiveNoWait()).isNull();
    }

    @Test
    @Section("8.3.4")
    void shouldChangeTheTermsOfASharedDurableSubscriptionOnlyWhenItIsInactive(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name(NAME);
        Session user = site.session();
        Session session = site.session();
        MessageConsumer active = user.createSharedDurableConsumer(topic, name);
        assertThatThrownBy(() -> session.createSharedDurableConsumer(topic, name, RED))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> session.createSharedDurableConsumer(site.topic(), name))
                .isInstanceOf(JMSException.class);
        session.createSharedDurableConsumer(topic, name).close();
        active.close();
        paint(session, topic, "red", "blue");
        MessageConsumer changed = session.createSharedDurableConsumer(topic, name, RED);
        assertThat(drain(changed)).isEmpty();
        paint(session, topic, "red", "blue");
        assertThat(receive(changed, 1)).containsExactly("red");
        changed.close();
        session.unsubscribe(name);
    }

    @Test
    @Section({"8.3.3", "8.3.4", "10.3"})
    void shouldUnsubscribeWhatNobodyUses(Site site) throws Exception {
        Topic topic = site.topic();
        String client = site.name("client");
        Connection connection = site.connect("clientID=" + client);
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        MessageConsumer consumer = session.createDurableConsumer(topic, NAME);
        send(site.session(), topic, "a", "b");
        assertThat(receive(consumer, 1)).containsExactly("a");
        assertThatThrownBy(() -> connection.createSession().unsubscribe(NAME))
                .isInstanceOf(IllegalStateException.class);
        session.commit();
        assertThat(receive(consumer, 1)).containsExactly("b");
        session.commit();
        consumer.close();
        session.unsubscribe(NAME);
        assertThatThrownBy(() -> session.unsubscribe(NAME)).isInstanceOf(InvalidDestinationException.class);
        send(site.session(), topic, "c");
        assertThat(drain(session.createDurableConsumer(topic, NAME))).isEmpty();
    }

    @Test
    @Section({"8.3.3", "8.3.4", "10.3"})
    void shouldNotUnsubscribeWhileAMessageIsUnacknowledgedOrInATransaction(Site site) throws Exception {
        Topic topic = site.topic();
        Connection connection = site.connect("clientID=" + site.name("client"));
        Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createDurableConsumer(topic, NAME);
        send(site.session(), topic, "a", "b");
        Message first = receive(consumer);
        consumer.close();
        assertThatThrownBy(() -> session.unsubscribe(NAME)).isInstanceOf(IllegalStateException.class);
        first.acknowledge();

        Session transacted = connection.createSession(Session.SESSION_TRANSACTED);
        try (MessageConsumer next = transacted.createDurableConsumer(topic, NAME)) {
            assertThat(receive(next, 1)).containsExactly("b");
        }
        assertThatThrownBy(() -> session.unsubscribe(NAME)).isInstanceOf(IllegalStateException.class);
        transacted.commit();
        session.unsubscribe(NAME);
        assertThat(drain(session.createDurableConsumer(topic, NAME))).isEmpty();
    }

    @Test
    @Section({"8.3.4", "9.1"})
    void shouldGiveWhatADeadUserOfASharedSubscriptionHeldToALivingOne(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name(NAME);
        Session session = site.session();
        session.createSharedDurableConsumer(topic, name).close();
        send(session, topic, Mail.numbers(1, 20));
        ChildClient child = ChildClient.start(site, Task.subscribe(From.SHARED_DURABLE, topic.getTopicName(), name, 2));
        MessageConsumer living = session.createSharedDurableConsumer(topic, name);
        assertThatThrownBy(() -> session.createSharedDurableConsumer(topic, name, RED))
                .isInstanceOf(JMSException.class);
        child.kill();

        List<String> texts = new ArrayList<>();
        await().until(() -> {
            texts.addAll(drain(living));
            return texts.containsAll(Mail.numbers(3, 20));
        });
        assertThat(texts).doesNotHaveDuplicates().doesNotContain("1"); // 2 was the child's last
    }

    @Test
    @Section({"8.3.4", "6.1.2"})
    void shouldLetASharedSubscriptionChangeOnceItsDeadUserIsForgotten(Site site) throws Exception {
        Topic topic = site.topic();
        String name = site.name(NAME);
        Session session = site.session();
        session.createSharedDurableConsumer(topic, name).close();
        send(session, topic, "a");
        ChildClient child = ChildClient.start(site, Task.subscribe(From.SHARED_DURABLE, topic.getTopicName(), name, 1));
        child.kill();
        await().ignoreExceptionsInstanceOf(JMSException.class).until(() -> {
            session.createSharedDurableConsumer(topic, name, RED).close();
            return true;
        });
        paint(session, topic, "red", "blue");
        assertThat(drain(session.createSharedDurableConsumer(topic, name, RED))).containsExactly("red");
    }

    /** Sends messages that say their colour in text and property. */
    private static void paint(Session session, Topic topic, String... colours) throws JMSException {
        try (MessageProducer producer = session.createProducer(topic)) {
            for (String colour : colours) {
                Message message = session.createTextMessage(colour);
                message.setStringProperty("colour", colour);
                producer.send(message);
            }
        }
    }
}
