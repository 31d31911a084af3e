package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotWriteableException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesTest {

    private final PosthornTextMessage message = new PosthornTextMessage("body");

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "1a",
                "a-b",
                "a.b",
                "a b",
                "\uD800",
                "NULL",
                "TRUE",
                "NOT",
                "AND",
                "OR",
                "BETWEEN",
                "LIKE",
                "IN",
                "IS",
                "ESCAPE",
                "FALSE",
                "JMSType",
                "JMSDeliveryTime"
            })
    void shouldRefuseNamesThatSelectorsCannotUse(String name) {
        assertThatThrownBy(() -> message.setStringProperty(name, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setBooleanProperty(name, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setByteProperty(name, (byte) 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setShortProperty(name, (short) 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setIntProperty(name, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setLongProperty(name, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setFloatProperty(name, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setDoubleProperty(name, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message.setObjectProperty(name, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "_a", "$a", "größe", "JMS_VENDOR_x", "JMSXGroupFirst", "JMSCONTEXT", "nullable", "in_"})
    void shouldTakeJavaIdentifiers(String name) throws JMSException {
        message.setStringProperty(name, "x");

        assertThat(Messages.received(message).getStringProperty(name)).isEqualTo("x");
    }

    @Test
    void shouldRefuseValuesOfOtherTypes() {
        for (Object value : new Object[] {new Object(), 'c', new byte[1], new Date(), new StringBuilder()}) {
            assertThatThrownBy(() -> message.setObjectProperty("p", value))
                    .isInstanceOf(MessageFormatException.class)
                    .hasMessageContaining("'p'")
                    .hasMessageContaining(value.getClass().getName());
        }
    }

    @Test
    void shouldGiveBackTheTypesThatWereSet() throws JMSException {
        Object[] values = {true, (byte) 1, (short) 2, 3, 4L, 5f, 6.0, "seven", null, Float.NaN, Long.MIN_VALUE, ""};
        for (int index = 0; index < values.length; index++) {
            message.setObjectProperty("p" + index, values[index]);
        }
        PosthornTextMessage received = Messages.received(message);
        for (int index = 0; index < values.length; index++) {
            assertThat(received.getObjectProperty("p" + index)).isEqualTo(values[index]);
            assertThat(received.propertyExists("p" + index)).isTrue();
        }
        assertThat(received.propertyExists("other")).isFalse();
        assertThat(received.getObjectProperty("other")).isNull();
        assertThat(received.getObjectProperty(null)).isNull();
        assertThat(received.getStringProperty("other")).isNull();
    }

    @Test
    void shouldListNamesInOrderWithTheDeliveryCountOfAReceivedMessage() throws JMSException {
        message.setIntProperty("b", 1);
        message.setIntProperty("a", 1);
        assertThat(Collections.list(message.getPropertyNames())).containsExactly("b", "a");

        PosthornTextMessage received = Messages.received(message);

        assertThat(Collections.list(received.getPropertyNames())).containsExactly("b", "a", "JMSXDeliveryCount");
        assertThat(received.propertyExists("JMSXDeliveryCount")).isTrue();
    }

    @Test
    void shouldListNamesAsTheyWereWhenAsked() throws JMSException {
        message.setIntProperty("a", 1);
        Enumeration<String> names = message.getPropertyNames();
        message.setIntProperty("b", 1);

        assertThat(Collections.list(names)).containsExactly("a");
    }

    @Test
    void shouldCountDeliveries() throws JMSException {
        byte[] envelope = message.encode(Messages.HEADERS).bytes();

        PosthornMessage first = PosthornMessage.decode(envelope, 0, false, ObjectTrust.jdkOnly());
        PosthornMessage third = PosthornMessage.decode(envelope, 2, true, ObjectTrust.jdkOnly());

        assertThat(first.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        assertThat(first.getJMSRedelivered()).isFalse();
        assertThat(third.getIntProperty("JMSXDeliveryCount")).isEqualTo(3);
        assertThat(third.getLongProperty("JMSXDeliveryCount")).isEqualTo(3);
        assertThat(third.getStringProperty("JMSXDeliveryCount")).isEqualTo("3");
        assertThat(third.getObjectProperty("JMSXDeliveryCount")).isEqualTo(3);
        assertThat(third.getJMSRedelivered()).isTrue();
    }

    @Test
    void shouldIgnoreWhatOnlyAProviderSets() throws JMSException {
        for (String name :
                new String[] {"JMSXDeliveryCount", "JMSXUserID", "JMSXRcvTimestamp", "JMSXState", "JMSXAppID"}) {
            message.setObjectProperty(name, 99);
            assertThat(message.propertyExists(name)).isFalse();
        }
        assertThat(Messages.received(message).getIntProperty("JMSXDeliveryCount"))
                .isEqualTo(1);
    }

    @Test
    void shouldIgnoreProviderPropertiesThatAnotherClientPutIntoTheEnvelope() throws JMSException {
        Envelope forged = EnvelopeBuilder.from(message.encode(Messages.HEADERS))
                .property("JMSXDeliveryCount", 77)
                .property("JMSXUserID", "root")
                .build();

        PosthornMessage received = PosthornMessage.decode(forged.bytes(), 0, false, ObjectTrust.jdkOnly());

        assertThat(received.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
        assertThat(received.getStringProperty("JMSXUserID")).isNull();
        assertThat(Collections.list(received.getPropertyNames())).containsExactly("JMSXDeliveryCount");
    }

    @Test
    void shouldHoldGroupPropertiesToTheirTypes() throws JMSException {
        message.setStringProperty("JMSXGroupID", "g");
        message.setIntProperty("JMSXGroupSeq", 2);
        message.setByteProperty("JMSXGroupSeq", (byte) 3);

        assertThat(message.getObjectProperty("JMSXGroupSeq")).isEqualTo(3);
        assertThatThrownBy(() -> message.setIntProperty("JMSXGroupID", 1)).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> message.setStringProperty("JMSXGroupSeq", "1"))
                .isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> message.setLongProperty("JMSXGroupSeq", 1)).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldBeReadOnlyWhenReceivedUntilCleared() throws JMSException {
        message.setIntProperty("a", 1);
        PosthornTextMessage received = Messages.received(message);

        assertThatThrownBy(() -> received.setIntProperty("a", 2)).isInstanceOf(MessageNotWriteableException.class);
        assertThatThrownBy(() -> received.setObjectProperty("a", "x")).isInstanceOf(MessageNotWriteableException.class);
        assertThat(received.getIntProperty("a")).isEqualTo(1);

        received.clearProperties();

        assertThat(Collections.list(received.getPropertyNames())).isEmpty();
        assertThat(received.getObjectProperty("a")).isNull();
        assertThatThrownBy(() -> received.getShortProperty("a")).isInstanceOf(NumberFormatException.class);
        received.setIntProperty("b", 2);
        assertThat(Collections.list(Messages.received(received).getPropertyNames()))
                .containsExactly("b", "JMSXDeliveryCount");
        assertThat(received.getText()).isEqualTo("body");
        assertThatThrownBy(() -> received.setText("x")).isInstanceOf(MessageNotWriteableException.class);
    }

    @Test
    void shouldSayWhatIsDamaged() throws JMSException {
        message.setStringProperty("abc", "x");
        byte[] bytes = message.encode(Messages.HEADERS).bytes();
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("abc");
        bytes[at + 3] = 99;
        PosthornMessage received = PosthornMessage.decode(bytes, 0, false, ObjectTrust.jdkOnly());

        assertThatThrownBy(() -> received.getStringProperty("abc"))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("properties of a received message are damaged");
        assertThatThrownBy(received::getPropertyNames).isInstanceOf(JMSException.class);
        assertThat(received.getJMSMessageID()).isEqualTo("ID:test-1");
    }
}
