package io.posthorn.jms.message;

import io.posthorn.jms.body.BodyFile;
import io.posthorn.jms.body.BodyReader;
import io.posthorn.jms.body.BodyStore;
import io.posthorn.jms.body.BodyWriter;
import io.posthorn.jms.convert.Causes;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.Envelope;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Objects;

/**
 * Bytes as they are (JMS 3.1 section 3.11.5), with values in the encodings of {@link java.io.DataOutput}: big-endian, and strings in
 * modified UTF-8. Either being written or, after {@link #reset()} or reception, being read. A read that fails moves nothing.
 */
public final class PosthornBytesMessage extends PosthornMessage implements BytesMessage {

    private static final int UTF_PREFIX = 2;

    /** What was written; kept for reading after {@link #reset()}. Null for a received body. */
    private BodyWriter written;

    private final BodyStore store;

    /** Where reading is; null while the body is written, or was not looked at since it was received. */
    private BodyReader reader;

    public PosthornBytesMessage() {
        this(BodyStore.standard());
    }

    /** {@code store} is where a body goes that grows long. */
    public PosthornBytesMessage(BodyStore store) {
        this.store = store;
        written = new BodyWriter(store);
    }

    PosthornBytesMessage(Envelope envelope, int attempts, boolean redelivered) {
        super(envelope, attempts, redelivered);
        store = BodyStore.standard();
    }

    @Override
    public long getBodyLength() throws JMSException {
        reading(0);
        return reader.length();
    }

    @Override
    public boolean readBoolean() throws JMSException {
        return reading(1).readBoolean();
    }

    @Override
    public byte readByte() throws JMSException {
        return (byte) reading(1).readByte();
    }

    @Override
    public int readUnsignedByte() throws JMSException {
        return reading(1).readUnsignedByte();
    }

    @Override
    public short readShort() throws JMSException {
        return reading(2).readShort();
    }

    @Override
    public int readUnsignedShort() throws JMSException {
        return reading(2).readShort() & 0xFFFF;
    }

    @Override
    public char readChar() throws JMSException {
        return (char) reading(2).readShort();
    }

    @Override
    public int readInt() throws JMSException {
        return reading(4).readInt();
    }

    @Override
    public long readLong() throws JMSException {
        return reading(8).readLong();
    }

    @Override
    public float readFloat() throws JMSException {
        return Float.intBitsToFloat(readInt());
    }

    @Override
    public double readDouble() throws JMSException {
        return Double.longBitsToDouble(readLong());
    }

    @Override
    public String readUTF() throws JMSException {
        ByteReader prefix = reading(UTF_PREFIX);
        int start = prefix.index();
        int length = (reader.window()[start] & 0xFF) << 8 | reader.window()[start + 1] & 0xFF;
        ByteReader in = reading(UTF_PREFIX + length);
        ByteArrayInputStream encoded = new ByteArrayInputStream(reader.window(), in.index(), UTF_PREFIX + length);
        try (DataInputStream utf = new DataInputStream(encoded)) {
            String text = utf.readUTF();
            in.skip(UTF_PREFIX + length);
            return text;
        } catch (IOException e) {
            throw Causes.link(
                    new MessageFormatException(
                            "what the bytes message holds here is no string in modified UTF-8: " + e.getMessage()),
                    e);
        }
    }

    @Override
    public int readBytes(byte[] target) throws JMSException {
        return readBytes(target, target.length);
    }

    @Override
    public int readBytes(byte[] target, int length) throws JMSException {
        Objects.checkFromIndexSize(0, length, target.length);
        reading(0);
        if (reader.remaining() == 0 && length > 0) {
            return -1;
        }
        try {
            return reader.read(target, 0, length);
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    @Override
    public void writeBoolean(boolean value) throws JMSException {
        writing().writeBoolean(value);
    }

    @Override
    public void writeByte(byte value) throws JMSException {
        writing().writeByte(value);
    }

    @Override
    public void writeShort(short value) throws JMSException {
        writing().writeShort(value);
    }

    @Override
    public void writeChar(char value) throws JMSException {
        writing().writeShort(value);
    }

    @Override
    public void writeInt(int value) throws JMSException {
        writing().writeInt(value);
    }

    @Override
    public void writeLong(long value) throws JMSException {
        writing().writeLong(value);
    }

    @Override
    public void writeFloat(float value) throws JMSException {
        writing().writeInt(Float.floatToIntBits(value));
    }

    @Override
    public void writeDouble(double value) throws JMSException {
        writing().writeLong(Double.doubleToLongBits(value));
    }

    @Override
    public void writeUTF(String value) throws JMSException {
        checkBodyWriteable();
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (DataOutputStream utf = new DataOutputStream(encoded)) {
            utf.writeUTF(value);
        } catch (IOException e) {
            throw Causes.link(
                    new MessageFormatException("writeUTF takes strings of at most 65535 encoded bytes, not "
                            + value.length() + " characters; writeBytes takes longer ones"),
                    e);
        }
        write(encoded.toByteArray(), 0, encoded.size());
    }

    @Override
    public void writeBytes(byte[] value) throws JMSException {
        write(value, 0, value.length);
    }

    @Override
    public void writeBytes(byte[] value, int offset, int length) throws JMSException {
        Objects.checkFromIndexSize(offset, length, value.length);
        write(value, offset, length);
    }

    @Override
    public void writeObject(Object value) throws JMSException {
        Objects.requireNonNull(value, "a bytes message cannot hold null");
        if (value instanceof Integer number) {
            writeInt(number);
        } else if (value instanceof Long number) {
            writeLong(number);
        } else if (value instanceof Short number) {
            writeShort(number);
        } else if (value instanceof Byte number) {
            writeByte(number);
        } else if (value instanceof Character unit) {
            writeChar(unit);
        } else if (value instanceof Float number) {
            writeFloat(number);
        } else if (value instanceof Double number) {
            writeDouble(number);
        } else if (value instanceof Boolean flag) {
            writeBoolean(flag);
        } else if (value instanceof String text) {
            writeUTF(text);
        } else if (value instanceof byte[] bytes) {
            writeBytes(bytes);
        } else {
            throw new MessageFormatException("a bytes message cannot hold a "
                    + value.getClass().getName() + "; it takes the primitive types' objects, String and byte[]");
        }
    }

    @Override
    public void reset() throws JMSException {
        setBodyReadOnly();
        open();
    }

    @Override
    public boolean isBodyAssignableTo(@SuppressWarnings("rawtypes") Class type) throws JMSException {
        return length() == 0 || accepts(type, null);
    }

    @Override
    Object body() throws JMSException {
        reset();
        if (reader.length() > Integer.MAX_VALUE - 8) {
            throw new MessageFormatException(
                    "the body has " + reader.length() + " bytes, too many for an array; read it in parts");
        }
        byte[] all = new byte[(int) reader.length()];
        if (all.length == 0) {
            return null;
        }
        readBytes(all);
        open();
        return all;
    }

    @Override
    boolean accepts(Class<?> type, Object body) {
        return type == byte[].class || type == Object.class;
    }

    @Override
    void clearContent() {
        written = new BodyWriter(store);
        reader = null;
    }

    @Override
    Body encodeBody() {
        return new Body(written.memory().array(), written.memory().size());
    }

    @Override
    BodyFile writtenFile() throws JMSException {
        try {
            return written.file();
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    @Override
    BodyKind bodyKind() {
        return BodyKind.BYTES;
    }

    private long length() throws JMSException {
        if (!isBodyReadOnly()) {
            return written.length();
        }
        reading(0);
        return reader.length();
    }

    private ByteWriter writing() throws JMSException {
        checkBodyWriteable();
        try {
            return written.out();
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    private void write(byte[] bytes, int offset, int length) throws JMSException {
        checkBodyWriteable();
        try {
            written.write(bytes, offset, length);
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    /** A reader with this many bytes; good for one read. */
    private ByteReader reading(int bytes) throws JMSException {
        if (reader == null) {
            if (!isBodyReadOnly()) {
                throw new MessageNotReadableException(
                        "the body of this bytes message is being written; reset() makes it readable");
            }
            open();
        }
        if (reader.remaining() < bytes) {
            throw endReached(bytes, reader.remaining());
        }
        try {
            return reader.need(bytes);
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    private void open() throws JMSException {
        try {
            reader = isBodyEncoded() ? encodedReader() : written.reader();
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    private static MessageEOFException endReached(int wanted, long left) {
        return new MessageEOFException(
                "the body of the bytes message ends: " + wanted + " more bytes are wanted where " + left + " are left");
    }
}
