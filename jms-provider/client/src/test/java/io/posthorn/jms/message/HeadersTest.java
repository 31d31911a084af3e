package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTemporaryQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private final PosthornTextMessage message = new PosthornTextMessage("body");

    @Test
    void shouldStartWithTheDefaultsOfTheSpecification() throws JMSException {
        assertThat(message.getJMSDeliveryMode()).isEqualTo(Message.DEFAULT_DELIVERY_MODE);
        assertThat(message.getJMSPriority()).isEqualTo(Message.DEFAULT_PRIORITY);
        assertThat(message.getJMSMessageID()).isNull();
        assertThat(message.getJMSDestination()).isNull();
        assertThat(message.getJMSReplyTo()).isNull();
        assertThat(message.getJMSCorrelationID()).isNull();
        assertThat(message.getJMSCorrelationIDAsBytes()).isNull();
        assertThat(message.getJMSType()).isNull();
        assertThat(message.getJMSRedelivered()).isFalse();
        assertThat(message.getJMSExpiration()).isZero();
        assertThat(message.getJMSTimestamp()).isZero();
        assertThat(message.getJMSDeliveryTime()).isZero();
    }

    @Test
    void shouldSetTheSendersHeadersAndDeliverTheSame() throws JMSException {
        message.setSent(Messages.HEADERS);
        PosthornTextMessage received = Messages.received(message);

        for (Message each : new Message[] {message, received}) {
            assertThat(each.getJMSDestination()).isEqualTo(new PosthornQueue("orders"));
            assertThat(each.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
            assertThat(each.getJMSPriority()).isEqualTo(7);
            assertThat(each.getJMSTimestamp()).isEqualTo(1000);
            assertThat(each.getJMSExpiration()).isEqualTo(5000);
            assertThat(each.getJMSDeliveryTime()).isEqualTo(2000);
            assertThat(each.getJMSMessageID()).isEqualTo("ID:test-1");
        }
    }

    @Test
    void shouldNotSendWhatTheApplicationWroteIntoFieldsOfTheSend() throws JMSException {
        message.setJMSMessageID("ID:mine");
        message.setJMSPriority(1);
        message.setJMSDestination(new PosthornQueue("other"));
        message.setJMSDeliveryMode(DeliveryMode.NON_PERSISTENT);

        PosthornTextMessage received = Messages.received(message);

        assertThat(received.getJMSMessageID()).isEqualTo("ID:test-1");
        assertThat(received.getJMSPriority()).isEqualTo(7);
        assertThat(received.getJMSDestination()).hasToString("queue 'orders'");
        assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
        assertThat(message.getJMSMessageID()).as("encoding changes nothing").isEqualTo("ID:mine");
    }

    @Test
    void shouldShowTheTimeOfTheSendAsDeliveryTimeWithoutADelay() throws JMSException {
        PosthornMessage.SendHeaders headers =
                new PosthornMessage.SendHeaders(Address.topic("t"), false, 4, 1234, 0, 0, null, false);
        message.setSent(headers);
        PosthornMessage received =
                PosthornMessage.decode(message.encode(headers).bytes(), 0, false, ObjectTrust.jdkOnly());

        assertThat(message.getJMSDeliveryTime()).isEqualTo(1234);
        assertThat(received.getJMSDeliveryTime()).isEqualTo(1234);
        assertThat(received.getJMSMessageID()).isNull();
        assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
        assertThat(received.getJMSDestination()).isEqualTo(new PosthornTopic("t"));
    }

    @Test
    void shouldCarryTypeReplyToAndCorrelation() throws JMSException {
        message.setJMSType("t\uD800");
        message.setJMSReplyTo(new PosthornTemporaryQueue("temporary-1", null));
        message.setJMSCorrelationID("c-1");

        PosthornTextMessage received = Messages.received(message);

        assertThat(received.getJMSType()).isEqualTo("t\uD800");
        assertThat(received.getJMSReplyTo()).isInstanceOf(PosthornTemporaryQueue.class);
        assertThat(((Queue) received.getJMSReplyTo()).getQueueName()).isEqualTo("temporary-1");
        assertThat(received.getJMSCorrelationID()).isEqualTo("c-1");
        assertThat(received.getJMSCorrelationIDAsBytes()).isEqualTo("c-1".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldCarryCorrelationThatWasSetAsBytes() throws JMSException {
        byte[] id = {(byte) 0xFF, 0, 1};
        message.setJMSCorrelationIDAsBytes(id);
        id[0] = 5;

        PosthornTextMessage received = Messages.received(message);

        assertThat(received.getJMSCorrelationIDAsBytes()).containsExactly(0xFF, 0, 1);
        message.setJMSCorrelationIDAsBytes("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(message.getJMSCorrelationID()).isEqualTo("abc");
        message.setJMSCorrelationID("x");
        assertThat(message.getJMSCorrelationIDAsBytes()).containsExactly('x');
        message.setJMSCorrelationID(null);
        assertThat(message.getJMSCorrelationIDAsBytes()).isNull();
        message.setJMSCorrelationIDAsBytes(null);
        assertThat(message.getJMSCorrelationID()).isNull();
    }

    @Test
    void shouldLetHeadersOfAReceivedMessageBeChanged() throws JMSException {
        message.setJMSType("a");
        PosthornTextMessage received = Messages.received(message);

        received.setJMSType("b");
        received.setJMSReplyTo(new PosthornTopic("r"));

        PosthornTextMessage again = Messages.received(received);
        assertThat(again.getJMSType()).isEqualTo("b");
        assertThat(again.getJMSReplyTo()).isEqualTo(new PosthornTopic("r"));
    }

    @Test
    void shouldRefuseToSendAReplyToThatIsNoDestination() throws JMSException {
        message.setJMSReplyTo(new Destination() {});

        assertThatThrownBy(() -> message.encode(Messages.HEADERS))
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("neither a queue nor a topic");
    }

    @Test
    void shouldNotSeeChangesAfterTheSend() throws JMSException {
        message.setStringProperty("p", "one");
        Envelope first = message.encode(Messages.HEADERS);
        message.setText("changed");
        message.setStringProperty("p", "two");
        Envelope second = message.encode(Messages.HEADERS);

        PosthornTextMessage one =
                (PosthornTextMessage) PosthornMessage.decode(first.bytes(), 0, false, ObjectTrust.jdkOnly());
        PosthornTextMessage two =
                (PosthornTextMessage) PosthornMessage.decode(second.bytes(), 0, false, ObjectTrust.jdkOnly());

        assertThat(one.getText()).isEqualTo("body");
        assertThat(one.getStringProperty("p")).isEqualTo("one");
        assertThat(two.getText()).isEqualTo("changed");
        assertThat(two.getStringProperty("p")).isEqualTo("two");
    }

    @Test
    void shouldAcknowledgeThroughItsSessionOnly() throws JMSException {
        message.acknowledge();
        int[] calls = new int[1];
        message.onAcknowledge(() -> calls[0]++);

        message.acknowledge();

        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void shouldRefuseBytesThatAreNoEnvelope() {
        assertThatThrownBy(() -> PosthornMessage.decode(new byte[7], 0, false, ObjectTrust.jdkOnly()))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldNameItselfWithoutItsBody() throws JMSException {
        message.setText("secret");
        assertThat(message).hasToString("text message [no id]");
        message.setSent(Messages.HEADERS);
        assertThat(message).hasToString("text message [ID:test-1, queue 'orders']");
    }

    @Test
    void shouldMakeMessageIdsThatDoNotRepeat() {
        Set<String> seen = new HashSet<>();
        MessageIds ids = new MessageIds(UUID.randomUUID());
        MessageIds others = new MessageIds(UUID.randomUUID());
        for (int count = 0; count < 3000; count++) {
            assertThat(seen.add(ids.next())).isTrue();
            assertThat(seen.add(others.next())).isTrue();
        }
        assertThat(seen).allMatch(id -> id.startsWith("ID:"));
    }
}
