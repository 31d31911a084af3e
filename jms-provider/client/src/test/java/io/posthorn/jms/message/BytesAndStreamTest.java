package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BytesAndStreamTest {

    @Test
    void shouldWriteBytesAsDataOutputDoes() throws JMSException, IOException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeBoolean(true);
        message.writeByte((byte) -1);
        message.writeShort((short) -2);
        message.writeChar('\uFFFF');
        message.writeInt(-3);
        message.writeLong(Long.MIN_VALUE);
        message.writeFloat(1.5f);
        message.writeDouble(-0.0);
        message.writeUTF("a\u0000\u20AC\uD800");
        message.writeBytes(new byte[] {1, 2, 3, 4}, 1, 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(true);
        out.writeByte(-1);
        out.writeShort(-2);
        out.writeChar('\uFFFF');
        out.writeInt(-3);
        out.writeLong(Long.MIN_VALUE);
        out.writeFloat(1.5f);
        out.writeDouble(-0.0);
        out.writeUTF("a\u0000\u20AC\uD800");
        out.write(new byte[] {2, 3});

        PosthornBytesMessage received = Messages.received(message);

        assertThat(received.getBody(byte[].class)).isEqualTo(bytes.toByteArray());
        assertThat(received.getBodyLength()).isEqualTo(bytes.size());
        assertThat(received.readBoolean()).isTrue();
        assertThat(received.readUnsignedByte()).isEqualTo(255);
        assertThat(received.readUnsignedShort()).isEqualTo(65534);
        assertThat(received.readChar()).isEqualTo('\uFFFF');
        assertThat(received.readInt()).isEqualTo(-3);
        assertThat(received.readLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(received.readFloat()).isEqualTo(1.5f);
        assertThat(received.readDouble()).isEqualTo(-0.0);
        assertThat(received.readUTF()).isEqualTo("a\u0000\u20AC\uD800");
        assertThat(received.readBytes(new byte[9])).isEqualTo(2);
        assertThat(received.readBytes(new byte[9])).isEqualTo(-1);
        received.reset();
        received.readBoolean();
        assertThat(received.readByte()).isEqualTo((byte) -1);
        assertThat(received.readShort()).isEqualTo((short) -2);
    }

    @Test
    void shouldWriteObjectsOfPrimitiveTypesOnly() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        Object[] values = {true, (byte) 1, (short) 2, '3', 4, 5L, 6f, 7.0, "eight", new byte[] {9}};
        for (Object value : values) {
            message.writeObject(value);
        }
        message.reset();
        assertThat(message.readBoolean()).isTrue();
        assertThat(message.readByte()).isEqualTo((byte) 1);
        assertThat(message.readShort()).isEqualTo((short) 2);
        assertThat(message.readChar()).isEqualTo('3');
        assertThat(message.readInt()).isEqualTo(4);
        assertThat(message.readLong()).isEqualTo(5);
        assertThat(message.readFloat()).isEqualTo(6);
        assertThat(message.readDouble()).isEqualTo(7);
        assertThat(message.readUTF()).isEqualTo("eight");
        assertThat(message.readByte()).isEqualTo((byte) 9);

        PosthornBytesMessage other = new PosthornBytesMessage();
        assertThatThrownBy(() -> other.writeObject(new Object())).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> other.writeObject(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> other.writeBytes(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> other.writeUTF("x".repeat(65536)))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("65535");
    }

    @Test
    void shouldNotMoveWhenAReadOfBytesFails() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeShort((short) 5);
        message.writeByte((byte) 7);
        message.reset();

        assertThatThrownBy(message::readLong).isInstanceOf(MessageEOFException.class);
        assertThatThrownBy(message::readInt).isInstanceOf(MessageEOFException.class);
        assertThatThrownBy(message::readUTF).isInstanceOf(MessageEOFException.class);
        assertThatThrownBy(() -> message.readBytes(new byte[2], 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> message.readBytes(new byte[2], -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(message.readShort()).isEqualTo((short) 5);
        assertThatThrownBy(message::readUnsignedShort).isInstanceOf(MessageEOFException.class);
        assertThat(message.readByte()).isEqualTo((byte) 7);
    }

    @Test
    void shouldRefuseBytesThatAreNoString() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeShort((short) 1);
        message.writeByte((byte) 0xFF);
        message.reset();

        assertThatThrownBy(message::readUTF).isInstanceOf(MessageFormatException.class);
        assertThat(message.readShort()).isEqualTo((short) 1);
    }

    @Test
    void shouldGoOnWritingBytesAfterASend() throws JMSException {
        PosthornBytesMessage message = new PosthornBytesMessage();
        message.writeInt(1);
        PosthornBytesMessage first = Messages.received(message);
        message.writeInt(2);

        assertThat(first.getBodyLength()).isEqualTo(4);
        assertThat(Messages.received(message).getBodyLength()).isEqualTo(8);
    }

    @Test
    void shouldCarryAStream() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        Object[] values = {true, (byte) 1, (short) 2, '3', 4, 5L, 6f, 7.0, "eight\uD800", new byte[] {9}, null};
        for (Object value : values) {
            message.writeObject(value);
        }
        message.writeString(null);
        message.writeBytes(new byte[] {1, 2, 3}, 1, 2);
        assertThatThrownBy(() -> message.writeObject(new Object())).isInstanceOf(MessageFormatException.class);
        PosthornStreamMessage received = Messages.received(message);

        for (Object value : values) {
            assertThat(received.readObject()).isEqualTo(value);
        }
        assertThat(received.readString()).isNull();
        assertThat((byte[]) received.readObject()).containsExactly(2, 3);
        assertThatThrownBy(received::readObject).isInstanceOf(MessageEOFException.class);
        received.reset();
        assertThat(received.readBoolean()).isTrue();
    }

    @Test
    void shouldNotMoveWhenAReadOfAStreamFails() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeString("abc");
        message.writeString(null);
        message.writeLong(5);
        PosthornStreamMessage received = Messages.received(message);

        assertThatThrownBy(received::readInt).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(received::readChar).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> received.readBytes(new byte[1])).isInstanceOf(MessageFormatException.class);
        assertThat(received.readString()).isEqualTo("abc");
        assertThatThrownBy(received::readChar).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(received::readInt).isInstanceOf(NumberFormatException.class);
        assertThat(received.readObject()).isNull();
        assertThatThrownBy(received::readInt).isInstanceOf(MessageFormatException.class);
        assertThat(received.readLong()).isEqualTo(5);
    }

    @Test
    void shouldReadAByteArrayInPieces() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeBytes(new byte[] {1, 2, 3, 4, 5});
        message.writeInt(6);
        PosthornStreamMessage received = Messages.received(message);
        byte[] buffer = new byte[3];

        assertThat(received.readBytes(buffer)).isEqualTo(3);
        assertThat(buffer).containsExactly(1, 2, 3);
        assertThatThrownBy(received::readInt)
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("readBytes");
        assertThatThrownBy(received::readObject).isInstanceOf(MessageFormatException.class);
        assertThat(received.readBytes(buffer)).isEqualTo(2);
        assertThat(buffer[0]).isEqualTo((byte) 4);
        assertThat(received.readInt()).isEqualTo(6);
    }

    @Test
    void shouldSayTheEndOfAByteArrayThatFillsTheBuffer() throws JMSException {
        PosthornStreamMessage message = new PosthornStreamMessage();
        message.writeBytes(new byte[] {1, 2});
        message.writeBytes(new byte[0]);
        message.writeBytes(null);
        message.writeInt(6);
        PosthornStreamMessage received = Messages.received(message);
        byte[] buffer = new byte[2];

        assertThat(received.readBytes(new byte[0])).isZero();
        assertThat(received.readBytes(buffer)).isEqualTo(2);
        assertThatThrownBy(received::readInt).isInstanceOf(MessageFormatException.class);
        assertThat(received.readBytes(buffer)).isEqualTo(-1);
        assertThat(received.readBytes(buffer)).as("an empty array").isZero();
        assertThat(received.readBytes(buffer)).as("null").isEqualTo(-1);
        assertThat(received.readInt()).isEqualTo(6);
        received.reset();
        assertThat(received.readBytes(new byte[1])).isEqualTo(1);
        received.reset();
        assertThat((byte[]) received.readObject())
                .as("reset forgets a started array")
                .containsExactly(1, 2);
    }
}
