package io.posthorn.jms.message;

import io.posthorn.jms.body.BodyFile;
import io.posthorn.jms.body.BodyReader;
import io.posthorn.jms.body.BodyStore;
import io.posthorn.jms.body.BodyWriter;
import io.posthorn.jms.convert.ValueConversions;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.message.Values;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.StreamMessage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Typed values in a row (JMS 3.1 sections 3.11.3 and 3.11.6). Either being written or, after {@link #reset()} or reception, being
 * read. A read that fails leaves the value to be read again as another type. While a byte array is being read in pieces, only {@link
 * #readBytes} goes on.
 */
public final class PosthornStreamMessage extends PosthornMessage implements StreamMessage {

    private static final String ITEM = "stream item";
    private static final int NO_FIELD = -1;

    /** What was written; kept for reading after {@link #reset()}. Null for a received body. */
    private BodyWriter written;

    private final BodyStore store;

    /** Where reading is; null while the body is written, or was not looked at since it was received. */
    private BodyReader reader;

    /** The value that the last read looked at and did not take. */
    private Object ahead;

    private boolean hasAhead;

    /** How much of {@link #ahead}, a byte array, {@link #readBytes} has given; {@link #NO_FIELD} when it gave nothing. */
    private int fieldIndex = NO_FIELD;

    public PosthornStreamMessage() {
        this(BodyStore.standard());
    }

    /** {@code store} is where a body goes that grows long. */
    public PosthornStreamMessage(BodyStore store) {
        this.store = store;
        written = new BodyWriter(store);
    }

    PosthornStreamMessage(Envelope envelope, int attempts, boolean redelivered) {
        super(envelope, attempts, redelivered);
        store = BodyStore.standard();
    }

    @Override
    public boolean readBoolean() throws JMSException {
        boolean value = ValueConversions.toBoolean(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public byte readByte() throws JMSException {
        byte value = ValueConversions.toByte(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public short readShort() throws JMSException {
        short value = ValueConversions.toShort(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public char readChar() throws JMSException {
        char value = ValueConversions.toChar(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public int readInt() throws JMSException {
        int value = ValueConversions.toInt(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public long readLong() throws JMSException {
        long value = ValueConversions.toLong(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public float readFloat() throws JMSException {
        float value = ValueConversions.toFloat(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public double readDouble() throws JMSException {
        double value = ValueConversions.toDouble(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public String readString() throws JMSException {
        String value = ValueConversions.toText(look(), ITEM, null);
        take();
        return value;
    }

    @Override
    public int readBytes(byte[] target) throws JMSException {
        Objects.requireNonNull(target, "target");
        byte[] field = ValueConversions.toBytes(lookAtField(), ITEM, null);
        if (field == null) {
            take();
            return -1;
        }
        int given = Math.max(fieldIndex, 0);
        if (given == field.length && fieldIndex != NO_FIELD && target.length > 0) {
            take();
            return -1;
        }
        int count = Math.min(target.length, field.length - given);
        System.arraycopy(field, given, target, 0, count);
        fieldIndex = given + count;
        if (count < target.length) {
            take();
        }
        return count;
    }

    @Override
    public Object readObject() throws JMSException {
        Object value = look();
        take();
        return value;
    }

    @Override
    public void writeBoolean(boolean value) throws JMSException {
        write(value);
    }

    @Override
    public void writeByte(byte value) throws JMSException {
        write(value);
    }

    @Override
    public void writeShort(short value) throws JMSException {
        write(value);
    }

    @Override
    public void writeChar(char value) throws JMSException {
        write(value);
    }

    @Override
    public void writeInt(int value) throws JMSException {
        write(value);
    }

    @Override
    public void writeLong(long value) throws JMSException {
        write(value);
    }

    @Override
    public void writeFloat(float value) throws JMSException {
        write(value);
    }

    @Override
    public void writeDouble(double value) throws JMSException {
        write(value);
    }

    @Override
    public void writeString(String value) throws JMSException {
        write(value);
    }

    @Override
    public void writeBytes(byte[] value) throws JMSException {
        write(value);
    }

    @Override
    public void writeBytes(byte[] value, int offset, int length) throws JMSException {
        Objects.checkFromIndexSize(offset, length, value.length);
        write(Arrays.copyOfRange(value, offset, offset + length));
    }

    @Override
    public void writeObject(Object value) throws JMSException {
        ValueConversions.checkItemValue(value, ITEM, null);
        write(value);
    }

    @Override
    public void reset() throws JMSException {
        setBodyReadOnly();
        reader = null;
        take();
    }

    /** Always false: a stream has no one object for a body. */
    @Override
    public boolean isBodyAssignableTo(@SuppressWarnings("rawtypes") Class type) {
        return false;
    }

    @Override
    Object body() throws JMSException {
        throw new MessageFormatException("getBody does not work on a stream message; read its items one by one");
    }

    @Override
    void clearContent() {
        written = new BodyWriter(store);
        reader = null;
        take();
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
        return BodyKind.STREAM;
    }

    private void write(Object value) throws JMSException {
        checkBodyWriteable();
        try {
            Values.write(written.out(), value);
        } catch (IOException e) {
            throw fileFailed(e);
        }
    }

    /** The next value, which stays the next one until {@link #take()}. */
    private Object look() throws JMSException {
        Object value = lookAtField();
        if (fieldIndex != NO_FIELD) {
            throw new MessageFormatException(
                    "a byte array of " + ((byte[]) value).length + " bytes was read up to byte " + fieldIndex
                            + "; call readBytes until it returns less than it was asked for, or -1, before other reads");
        }
        return value;
    }

    private Object lookAtField() throws JMSException {
        if (!isBodyReadOnly()) {
            throw new MessageNotReadableException(
                    "the body of this stream message is being written; reset() makes it readable");
        }
        if (hasAhead) {
            return ahead;
        }
        try {
            if (reader == null) {
                reader = isBodyEncoded() ? encodedReader() : written.reader();
            }
            if (reader.remaining() == 0) {
                throw new MessageEOFException("the stream message has no more items");
            }
            ahead = Values.read(reader.need(lengthAhead()));
        } catch (MalformedException e) {
            throw damagedBody(e);
        } catch (IOException e) {
            throw fileFailed(e);
        }
        hasAhead = true;
        return ahead;
    }

    /** How many bytes the next value has; if it claims more than are there, how many are there. */
    private int lengthAhead() throws IOException {
        ByteReader head = reader.need((int) Math.min(Values.HEAD_LENGTH_MAX, reader.remaining()));
        long length = Values.length(new ByteReader(reader.window(), head.index(), head.remaining()));
        return (int) Math.min(length, reader.remaining());
    }

    private void take() {
        ahead = null;
        hasAhead = false;
        fieldIndex = NO_FIELD;
    }
}
