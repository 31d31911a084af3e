package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.drain;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static io.posthorn.tck.specification.Mail.story;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The message model, but for selectors: what redelivery says about itself, and whose a message's contents are. */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter3MessagesTest {

    @Test
    @Section({"3.4.7", "3.5.11", "6.2.7"})
    void shouldCountAndFlagEveryRollback(Site site) throws Exception {
        Session session = site.session(Session.SESSION_TRANSACTED);
        Queue queue = site.queue();
        send(site.session(), queue, "a", "b");
        MessageConsumer consumer = session.createConsumer(queue);

        assertThat(story(receive(consumer))).isEqualTo("a 1 first");
        session.rollback();
        assertThat(story(receive(consumer))).isEqualTo("a 2 again");
        assertThat(story(receive(consumer))).isEqualTo("b 1 first");
        session.rollback();
        assertThat(story(receive(consumer))).isEqualTo("a 3 again");
        assertThat(story(receive(consumer))).isEqualTo("b 2 again");
        session.commit();
        assertThat(drain(consumer)).isEmpty();
    }

    @Test
    @Section({"3.4.7", "3.5.11", "6.2.10"})
    void shouldCountAndFlagEveryRecovery(Site site) throws Exception {
        Session session = site.session(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = site.queue();
        send(site.session(), queue, "a", "b");
        MessageConsumer consumer = session.createConsumer(queue);

        assertThat(story(receive(consumer))).isEqualTo("a 1 first");
        session.recover();
        assertThat(story(receive(consumer))).isEqualTo("a 2 again");
        assertThat(story(receive(consumer))).isEqualTo("b 1 first");
        session.recover();
        assertThat(story(receive(consumer))).isEqualTo("a 3 again");
        Message last = receive(consumer);
        assertThat(story(last)).isEqualTo("b 2 again");
        last.acknowledge();
        session.recover();
        assertThat(drain(consumer)).isEmpty();
    }

    @Test
    @Section({"3.4.7", "3.5.11", "6.2.15"})
    void shouldCountAndFlagWhatAClosedSessionHeld(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, "a", "b", "c");
        int[] modes = {Session.CLIENT_ACKNOWLEDGE, Session.SESSION_TRANSACTED};
        for (int round = 0; round < modes.length; round++) {
            try (Session session = site.session(modes[round])) {
                MessageConsumer consumer = session.createConsumer(queue);
                assertThat(story(receive(consumer))).isEqualTo("a " + (round + 1) + (round == 0 ? " first" : " again"));
                assertThat(story(receive(consumer))).isEqualTo("b " + (round + 1) + (round == 0 ? " first" : " again"));
            }
        }
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("a 3 again");
        assertThat(story(receive(next))).isEqualTo("b 3 again");
        assertThat(story(receive(next))).isEqualTo("c 1 first");
    }

    @Test
    @Section({"3.4.7", "3.5.11", "6.1.8"})
    void shouldCountAndFlagWhatAClosedConnectionHeld(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, "a", "b");
        try (Connection connection = site.connect()) {
            receive(connection.createSession(Session.CLIENT_ACKNOWLEDGE).createConsumer(queue));
        }
        MessageConsumer next = site.session().createConsumer(queue);
        assertThat(story(receive(next))).isEqualTo("a 2 again");
        assertThat(story(receive(next))).isEqualTo("b 1 first");
    }

    @Test
    @Section({"3.5.11", "3.4.7", "8.8"})
    void shouldNotCountWhatWasFetchedAndNeverHandedOver(Site site) throws Exception {
        Queue queue = site.queue();
        send(site.session(), queue, Mail.numbers(1, 30));
        for (int round = 0; round < 3; round++) {
            try (MessageConsumer consumer =
                    site.session(Session.CLIENT_ACKNOWLEDGE).createConsumer(queue)) {
                Message message = receive(consumer);
                assertThat(story(message)).isEqualTo(round + 1 + " 1 first");
                message.acknowledge();
            }
        }
        List<String> stories = new ArrayList<>();
        MessageConsumer consumer = site.session().createConsumer(queue);
        for (int number = 4; number <= 30; number++) {
            stories.add(story(receive(consumer)));
        }
        assertThat(stories)
                .isEqualTo(Mail.numbers(4, 30).stream()
                        .map(number -> number + " 1 first")
                        .toList());
    }

    @Test
    @Section("3.9")
    void shouldSendWhatTheMessageWasAtTheTimeOfTheSend(Site site) throws Exception {
        Session session = site.session(Session.SESSION_TRANSACTED);
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        MessageConsumer consumer = site.session().createConsumer(queue);
        TextMessage text = session.createTextMessage("one");
        text.setIntProperty("number", 1);
        BytesMessage bytes = session.createBytesMessage();
        byte[] content = {1};
        bytes.writeBytes(content);
        List<Object> list = new ArrayList<>(List.of("one"));
        ObjectMessage object = session.createObjectMessage(new ArrayList<>(list));

        producer.send(text);
        producer.send(bytes);
        producer.send(object);
        text.setText("two");
        text.setIntProperty("number", 2);
        text.setJMSCorrelationID("two");
        producer.send(text);
        content[0] = 2;
        bytes.writeBytes(content);
        object.setObject(new ArrayList<>(List.of("two")));
        text.setText("three");
        session.commit();

        Message first = receive(consumer);
        assertThat(Mail.text(first)).isEqualTo("one");
        assertThat(first.getIntProperty("number")).isOne();
        assertThat(first.getJMSCorrelationID()).isNull();
        assertThat(receive(consumer).getBody(byte[].class)).containsExactly(1);
        assertThat(receive(consumer).getBody(Serializable.class)).isEqualTo(List.of("one"));
        Message second = receive(consumer);
        assertThat(Mail.text(second)).isEqualTo("two");
        assertThat(second.getIntProperty("number")).isEqualTo(2);
        assertThat(second.getJMSMessageID()).isNotEqualTo(first.getJMSMessageID());
    }

    @Test
    @Section({"3.10", "3.11.1"})
    void shouldRedeliverTheOriginalOfAMessageThatItsConsumerChanged(Site site) throws Exception {
        Session session = site.session(Session.CLIENT_ACKNOWLEDGE);
        Queue queue = site.queue();
        MessageProducer producer = session.createProducer(queue);
        TextMessage text = session.createTextMessage("original");
        text.setStringProperty("colour", "red");
        producer.send(text);
        MapMessage map = session.createMapMessage();
        map.setString("key", "original");
        producer.send(map);
        StreamMessage stream = session.createStreamMessage();
        stream.writeString("original");
        producer.send(stream);
        MessageConsumer consumer = session.createConsumer(queue);

        TextMessage changed = (TextMessage) receive(consumer);
        changed.clearBody();
        changed.setText("changed");
        changed.clearProperties();
        changed.setStringProperty("colour", "blue");
        MapMessage changedMap = (MapMessage) receive(consumer);
        changedMap.clearBody();
        changedMap.setString("key", "changed");
        StreamMessage halfRead = (StreamMessage) receive(consumer);
        assertThat(halfRead.readString()).isEqualTo("original");
        session.recover();

        TextMessage again = (TextMessage) receive(consumer);
        assertThat(again.getText()).isEqualTo("original");
        assertThat(again.getStringProperty("colour")).isEqualTo("red");
        assertThat(again.getJMSRedelivered()).isTrue();
        assertThat(Mail.deliveryCount(again)).isEqualTo(2);
        assertThat(((MapMessage) receive(consumer)).getString("key")).isEqualTo("original");
        assertThat(((StreamMessage) receive(consumer)).readString()).isEqualTo("original");
    }
}
