package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornQueue;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForeignMessagesTest {

    private final ForeignMessage foreign = new ForeignMessage();

    @Test
    void shouldTakeItsOwnMessagesAsTheyAre() throws JMSException {
        PosthornTextMessage own = new PosthornTextMessage("x");

        assertThat(PosthornMessage.of(own)).isSameAs(own);
        assertThatThrownBy(() -> PosthornMessage.of(null)).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldCopyHeadersAndProperties() throws JMSException {
        foreign.beans.put("JMSCorrelationID", "c");
        foreign.beans.put("JMSType", "t");
        foreign.beans.put("JMSReplyTo", (Queue) () -> "replies");
        foreign.properties.put("a", 5L);
        foreign.properties.put("JMSXGroupID", "g");
        foreign.properties.put("JMS_ACME_x", true);
        foreign.properties.put("JMSXDeliveryCount", 9);

        PosthornMessage copy = PosthornMessage.of(foreign.as(Message.class));
        PosthornMessage received = Messages.received(copy);

        assertThat(copy).isInstanceOf(PosthornPlainMessage.class);
        assertThat(received.getJMSCorrelationID()).isEqualTo("c");
        assertThat(received.getJMSType()).isEqualTo("t");
        assertThat(received.getJMSReplyTo()).isEqualTo(new PosthornQueue("replies"));
        assertThat(Collections.list(copy.getPropertyNames())).containsExactly("a", "JMSXGroupID", "JMS_ACME_x");
        assertThat(received.getObjectProperty("a")).isEqualTo(5L);
        assertThat(received.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
    }

    @Test
    void shouldCopyCorrelationThatIsBytes() throws JMSException {
        foreign.beans.put("JMSCorrelationIDAsBytes", new byte[] {(byte) 0xFE, 1});

        assertThat(PosthornMessage.of(foreign.as(Message.class)).getJMSCorrelationIDAsBytes())
                .containsExactly(0xFE, 1);

        foreign.failures.put("getJMSCorrelationIDAsBytes", new UnsupportedOperationException());
        assertThat(PosthornMessage.of(foreign.as(Message.class)).getJMSCorrelationIDAsBytes())
                .isNull();
    }

    @Test
    void shouldCopyText() throws JMSException {
        foreign.beans.put("Text", "x");
        assertThat(PosthornMessage.of(foreign.as(TextMessage.class)).getBody(String.class))
                .isEqualTo("x");
        foreign.beans.remove("Text");
        assertThat(PosthornMessage.of(foreign.as(TextMessage.class))).isInstanceOf(PosthornTextMessage.class);
    }

    @Test
    void shouldCopyBytesOfAnyLength() throws JMSException {
        for (int length : new int[] {0, 1, 8191, 8192, 8193, 20_000}) {
            foreign.bytes = new byte[length];
            new Random(length).nextBytes(foreign.bytes);
            PosthornBytesMessage copy = (PosthornBytesMessage) PosthornMessage.of(foreign.as(BytesMessage.class));
            byte[] body = Messages.received(copy).getBody(byte[].class);

            assertThat(body == null ? new byte[0] : body).isEqualTo(foreign.bytes);
        }
    }

    @Test
    void shouldCopyMapStreamAndObject() throws JMSException {
        foreign.entries.put("a", 1);
        foreign.entries.put("b", null);
        PosthornMapMessage map = (PosthornMapMessage) PosthornMessage.of(foreign.as(MapMessage.class));
        assertThat(Collections.list(map.getMapNames())).containsExactly("a", "b");
        assertThat(map.getInt("a")).isEqualTo(1);

        foreign.items = Arrays.asList(1, null, "x");
        PosthornStreamMessage stream = (PosthornStreamMessage) PosthornMessage.of(foreign.as(StreamMessage.class));
        stream.reset();
        assertThat(stream.readInt()).isEqualTo(1);
        assertThat(stream.readObject()).isNull();
        assertThat(stream.readString()).isEqualTo("x");

        foreign.beans.put("Object", 7);
        assertThat(PosthornMessage.of(foreign.as(ObjectMessage.class)).getBody(Integer.class))
                .isEqualTo(7);
    }

    @Test
    void shouldPassOnWhyAMessageCannotBeRead() {
        foreign.failures.put("getText", new MessageFormatException("bad text message"));
        assertThatThrownBy(() -> PosthornMessage.of(foreign.as(TextMessage.class)))
                .isInstanceOf(MessageFormatException.class)
                .hasMessage("bad text message");

        foreign.properties.put("not-an-identifier", 1);
        assertThatThrownBy(() -> PosthornMessage.of(foreign.as(Message.class)))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("not-an-identifier");

        foreign.properties.clear();
        foreign.entries.put("a", new Object());
        assertThatThrownBy(() -> PosthornMessage.of(foreign.as(MapMessage.class)))
                .isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldSetTheHeadersOfTheSendOnTheForeignObject() throws JMSException {
        Message message = foreign.as(TextMessage.class);

        PosthornMessage.setSent(message, Messages.HEADERS);

        assertThat(message.getJMSDestination()).isEqualTo(new PosthornQueue("orders"));
        assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
        assertThat(message.getJMSPriority()).isEqualTo(7);
        assertThat(message.getJMSTimestamp()).isEqualTo(1000);
        assertThat(message.getJMSExpiration()).isEqualTo(5000);
        assertThat(message.getJMSDeliveryTime()).isEqualTo(2000);
        assertThat(message.getJMSMessageID()).isEqualTo("ID:test-1");
        PosthornTextMessage own = new PosthornTextMessage();
        PosthornMessage.setSent(own, Messages.HEADERS);
        assertThat(own.getJMSMessageID()).isEqualTo("ID:test-1");
    }
}
