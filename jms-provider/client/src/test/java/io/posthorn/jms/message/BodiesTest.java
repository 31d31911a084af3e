package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.message.Envelope;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text, plain and map bodies, and getBody of all types. */
class BodiesTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a", "Grüße \uD83D\uDCEF", "\uD800 alone", "\uDC00\uD800", "null\u0000inside"})
    void shouldCarryAnyText(String text) throws JMSException {
        PosthornTextMessage message = new PosthornTextMessage();
        message.setText(text);

        assertThat(message.getText()).isEqualTo(text);
        assertThat(Messages.received(message).getText()).isEqualTo(text);
        assertThat(Messages.received(Messages.received(message)).getText()).isEqualTo(text);
    }

    @Test
    void shouldKeepTextReadOnlyUntilCleared() throws JMSException {
        PosthornTextMessage received = Messages.received(new PosthornTextMessage("x"));

        assertThatThrownBy(() -> received.setText("y")).isInstanceOf(MessageNotWriteableException.class);
        received.clearBody();

        assertThat(received.getText()).isNull();
        received.setText("z");
        assertThat(Messages.received(received).getText()).isEqualTo("z");
    }

    @Test
    void shouldCompressLargeBodiesWhenAsked() throws JMSException {
        String text = "compressible ".repeat(1000);
        Envelope envelope = new PosthornTextMessage(text).encode(Messages.COMPRESSING);
        PosthornTextMessage received =
                (PosthornTextMessage) PosthornMessage.decode(envelope.bytes(), 0, false, ObjectTrust.jdkOnly());

        assertThat(envelope.bodyIsCompressed()).isTrue();
        assertThat(envelope.bodyLength()).isLessThan(1000);
        assertThat(received.getText()).isEqualTo(text);
        assertThat(new PosthornTextMessage(text).encode(Messages.HEADERS).bodyIsCompressed())
                .isFalse();
        assertThat(new PosthornTextMessage("short").encode(Messages.COMPRESSING).bodyIsCompressed())
                .isFalse();
        Envelope again = received.encode(Messages.HEADERS);
        assertThat(((PosthornTextMessage) PosthornMessage.decode(again.bytes(), 0, false, ObjectTrust.jdkOnly()))
                        .getText())
                .isEqualTo(text);
    }

    @Test
    void shouldCarryAMap() throws JMSException {
        PosthornMapMessage map = new PosthornMapMessage();
        byte[] bytes = {1, 2, 3, 4};
        map.setBoolean("boolean", true);
        map.setByte("byte", (byte) 1);
        map.setShort("short", (short) 2);
        map.setChar("char", '\uD800');
        map.setInt("int", 3);
        map.setLong("long", 4);
        map.setFloat("float", 5);
        map.setDouble("double", 6);
        map.setString("any name \uD800", "seven\uDC00");
        map.setString("null", null);
        map.setBytes("bytes", bytes);
        map.setBytes("part", bytes, 1, 2);
        bytes[1] = 99;

        for (PosthornMapMessage each : new PosthornMapMessage[] {map, Messages.received(map)}) {
            assertThat(Collections.list(each.getMapNames()))
                    .containsExactly(
                            "boolean",
                            "byte",
                            "short",
                            "char",
                            "int",
                            "long",
                            "float",
                            "double",
                            "any name \uD800",
                            "null",
                            "bytes",
                            "part");
            assertThat(each.getChar("char")).isEqualTo('\uD800');
            assertThat(each.getString("any name \uD800")).isEqualTo("seven\uDC00");
            assertThat(each.itemExists("null")).isTrue();
            assertThat(each.getObject("null")).isNull();
            assertThat(each.itemExists("absent")).isFalse();
            assertThat(each.getBytes("bytes")).containsExactly(1, 2, 3, 4);
            assertThat(each.getBytes("part")).containsExactly(2, 3);
            each.getBytes("bytes")[0] = 98;
            ((byte[]) each.getObject("bytes"))[0] = 98;
            assertThat(each.getBytes("bytes"))
                    .as("what was given out is a copy")
                    .containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void shouldRefuseWhatAMapCannotHold() throws JMSException {
        PosthornMapMessage map = new PosthornMapMessage();

        assertThatThrownBy(() -> map.setInt("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.setBytes(null, new byte[1])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> map.setObject("a", new Object()))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("map entry 'a'");
        assertThatThrownBy(() -> map.setBytes("a", new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        map.setInt("a", 1);
        PosthornMapMessage received = Messages.received(map);
        assertThatThrownBy(() -> received.setInt("a", 1)).isInstanceOf(MessageNotWriteableException.class);
        received.clearBody();
        assertThat(received.getObject("a")).isNull();
        received.setInt("b", 1);
        assertThat(received.getInt("b")).isEqualTo(1);
    }

    @Test
    void shouldSayThatABodyIsDamaged() throws JMSException {
        PosthornMapMessage map = new PosthornMapMessage();
        map.setInt("a", 1);
        byte[] bytes = map.encode(Messages.HEADERS).bytes();
        bytes[bytes.length - 5] = 77;
        PosthornMapMessage received =
                (PosthornMapMessage) PosthornMessage.decode(bytes, 0, false, ObjectTrust.jdkOnly());

        assertThatThrownBy(() -> received.getInt("a"))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("map message ID:test-1")
                .hasMessageContaining("damaged");
    }

    @Test
    void shouldGiveTheBodyAsWhatItIs() throws JMSException {
        PosthornTextMessage text = new PosthornTextMessage("x");
        assertThat(text.getBody(String.class)).isEqualTo("x");
        assertThat(text.getBody(Object.class)).isEqualTo("x");
        assertThat(text.getBody(CharSequence.class)).isEqualTo("x");
        assertThat(text.isBodyAssignableTo(Comparable.class)).isTrue();
        assertThat(text.isBodyAssignableTo(Integer.class)).isFalse();
        assertThatThrownBy(() -> text.getBody(Integer.class)).isInstanceOf(MessageFormatException.class);

        PosthornMapMessage map = new PosthornMapMessage();
        map.setBytes("b", new byte[] {1});
        assertThat((Map<?, ?>) map.getBody(Map.class)).hasSize(1);
        assertThat((byte[]) map.getBody(Map.class).get("b")).containsExactly(1);
        assertThat(map.getBody(Object.class)).isInstanceOf(Map.class);
        assertThat(map.isBodyAssignableTo(Serializable.class)).isFalse();
        assertThatThrownBy(() -> map.getBody(Collection.class)).isInstanceOf(MessageFormatException.class);

        PosthornBytesMessage bytes = new PosthornBytesMessage();
        bytes.writeInt(1);
        assertThat(bytes.isBodyAssignableTo(byte[].class)).isTrue();
        assertThat(bytes.isBodyAssignableTo(Cloneable.class)).isFalse();
        bytes.writeInt(2);
        assertThat(bytes.getBody(byte[].class)).containsExactly(0, 0, 0, 1, 0, 0, 0, 2);
        assertThat(bytes.readInt()).as("getBody resets").isEqualTo(1);
        assertThat((byte[]) bytes.getBody(Object.class)).hasSize(8);
        assertThat(bytes.readInt()).isEqualTo(1);
        assertThatThrownBy(() -> bytes.getBody(String.class)).isInstanceOf(MessageFormatException.class);

        PosthornObjectMessage object = new PosthornObjectMessage();
        object.setObject(5);
        assertThat(object.getBody(Serializable.class)).isEqualTo(5);
        assertThat(object.getBody(Integer.class)).isEqualTo(5);
        assertThat(object.isBodyAssignableTo(Number.class)).isTrue();
        assertThat(object.isBodyAssignableTo(String.class)).isFalse();
        assertThatThrownBy(() -> object.getBody(String.class)).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldGiveNullOfAnyTypeWithoutABody() throws JMSException {
        PosthornMessage[] empty = {
            new PosthornPlainMessage(),
            new PosthornTextMessage(),
            new PosthornMapMessage(),
            new PosthornBytesMessage(),
            new PosthornObjectMessage()
        };
        for (PosthornMessage message : empty) {
            PosthornMessage received = Messages.received(message);
            assertThat(received).hasSameClassAs(message);
            assertThat(message.isBodyAssignableTo(Thread.class)).isTrue();
            assertThat(message.getBody(Thread.class)).isNull();
            assertThat(received.isBodyAssignableTo(Thread.class)).isTrue();
            assertThat(received.getBody(Thread.class)).isNull();
        }
    }

    @Test
    void shouldNeverGiveAStreamAsOneBody() throws JMSException {
        PosthornStreamMessage stream = new PosthornStreamMessage();

        assertThat(stream.isBodyAssignableTo(Object.class)).isFalse();
        assertThatThrownBy(() -> stream.getBody(Object.class)).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldBeReadableOrWriteableInTurns() throws JMSException {
        PosthornBytesMessage bytes = new PosthornBytesMessage();
        PosthornStreamMessage stream = new PosthornStreamMessage();
        assertThatThrownBy(bytes::readByte).isInstanceOf(MessageNotReadableException.class);
        assertThatThrownBy(bytes::getBodyLength).isInstanceOf(MessageNotReadableException.class);
        assertThatThrownBy(stream::readByte).isInstanceOf(MessageNotReadableException.class);
        assertThatThrownBy(() -> stream.readBytes(new byte[1])).isInstanceOf(MessageNotReadableException.class);
        bytes.writeByte((byte) 1);
        stream.writeByte((byte) 1);

        for (int round = 0; round < 2; round++) {
            bytes.reset();
            stream.reset();
            assertThatThrownBy(() -> bytes.writeByte((byte) 1)).isInstanceOf(MessageNotWriteableException.class);
            assertThatThrownBy(() -> stream.writeByte((byte) 1)).isInstanceOf(MessageNotWriteableException.class);
            assertThat(bytes.readByte()).isEqualTo((byte) 1);
            assertThat(stream.readByte()).isEqualTo((byte) 1);
            assertThatThrownBy(bytes::readByte).isInstanceOf(MessageEOFException.class);
            assertThatThrownBy(stream::readByte).isInstanceOf(MessageEOFException.class);
        }

        PosthornBytesMessage receivedBytes = Messages.received(bytes);
        PosthornStreamMessage receivedStream = Messages.received(stream);
        assertThat(receivedBytes.readByte()).isEqualTo((byte) 1);
        assertThatThrownBy(() -> receivedBytes.writeInt(1)).isInstanceOf(MessageNotWriteableException.class);
        assertThatThrownBy(() -> receivedStream.writeInt(1)).isInstanceOf(MessageNotWriteableException.class);
        receivedBytes.clearBody();
        receivedStream.clearBody();
        assertThatThrownBy(receivedBytes::readByte).isInstanceOf(MessageNotReadableException.class);
        assertThatThrownBy(receivedStream::readByte).isInstanceOf(MessageNotReadableException.class);
        receivedBytes.writeByte((byte) 2);
        receivedStream.writeByte((byte) 2);
        assertThat(Messages.received(receivedBytes).readByte()).isEqualTo((byte) 2);
        assertThat(Messages.received(receivedStream).readByte()).isEqualTo((byte) 2);
    }
}
