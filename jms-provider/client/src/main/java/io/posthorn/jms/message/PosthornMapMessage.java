package io.posthorn.jms.message;

import io.posthorn.jms.convert.ValueConversions;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.message.Values;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Names and values (JMS 3.1 sections 3.11.3 and 3.11.4), in the order in which they were first set. Arrays are copied on the way
 * in and out.
 */
public final class PosthornMapMessage extends PosthornMessage implements MapMessage {

    private static final String ENTRY = "map entry";

    /** Null while the entries are still to be read from the received body. */
    private Map<String, Object> entries;

    public PosthornMapMessage() {
        entries = new LinkedHashMap<>();
    }

    PosthornMapMessage(Envelope envelope, int attempts, boolean redelivered) {
        super(envelope, attempts, redelivered);
    }

    @Override
    public boolean getBoolean(String name) throws JMSException {
        return ValueConversions.toBoolean(entries().get(name), ENTRY, name);
    }

    @Override
    public byte getByte(String name) throws JMSException {
        return ValueConversions.toByte(entries().get(name), ENTRY, name);
    }

    @Override
    public short getShort(String name) throws JMSException {
        return ValueConversions.toShort(entries().get(name), ENTRY, name);
    }

    @Override
    public char getChar(String name) throws JMSException {
        return ValueConversions.toChar(entries().get(name), ENTRY, name);
    }

    @Override
    public int getInt(String name) throws JMSException {
        return ValueConversions.toInt(entries().get(name), ENTRY, name);
    }

    @Override
    public long getLong(String name) throws JMSException {
        return ValueConversions.toLong(entries().get(name), ENTRY, name);
    }

    @Override
    public float getFloat(String name) throws JMSException {
        return ValueConversions.toFloat(entries().get(name), ENTRY, name);
    }

    @Override
    public double getDouble(String name) throws JMSException {
        return ValueConversions.toDouble(entries().get(name), ENTRY, name);
    }

    @Override
    public String getString(String name) throws JMSException {
        return ValueConversions.toText(entries().get(name), ENTRY, name);
    }

    @Override
    public byte[] getBytes(String name) throws JMSException {
        byte[] bytes = ValueConversions.toBytes(entries().get(name), ENTRY, name);
        return bytes == null ? null : bytes.clone();
    }

    @Override
    public Object getObject(String name) throws JMSException {
        return copy(entries().get(name));
    }

    @Override
    public Enumeration<String> getMapNames() throws JMSException {
        return Collections.enumeration(new ArrayList<>(entries().keySet()));
    }

    @Override
    public void setBoolean(String name, boolean value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setByte(String name, byte value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setShort(String name, short value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setChar(String name, char value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setInt(String name, int value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setLong(String name, long value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setFloat(String name, float value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setDouble(String name, double value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setString(String name, String value) throws JMSException {
        put(name, value);
    }

    @Override
    public void setBytes(String name, byte[] value) throws JMSException {
        put(name, copy(value));
    }

    @Override
    public void setBytes(String name, byte[] value, int offset, int length) throws JMSException {
        Objects.checkFromIndexSize(offset, length, value.length);
        put(name, Arrays.copyOfRange(value, offset, offset + length));
    }

    @Override
    public void setObject(String name, Object value) throws JMSException {
        ValueConversions.checkItemValue(value, ENTRY, name);
        put(name, copy(value));
    }

    @Override
    public boolean itemExists(String name) throws JMSException {
        return entries().containsKey(name);
    }

    @Override
    Object body() throws JMSException {
        if (entries().isEmpty()) {
            return null;
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        entries().forEach((name, value) -> copy.put(name, copy(value)));
        return copy;
    }

    @Override
    boolean accepts(Class<?> type, Object body) {
        return type == Map.class || type == Object.class;
    }

    @Override
    void clearContent() {
        entries = new LinkedHashMap<>();
    }

    @Override
    Body encodeBody() {
        ByteWriter out = new ByteWriter(32 * entries.size());
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
            out.writeString(entry.getKey());
            Values.write(out, entry.getValue());
        }
        return new Body(out.array(), out.size());
    }

    @Override
    BodyKind bodyKind() {
        return BodyKind.MAP;
    }

    private void put(String name, Object value) throws JMSException {
        checkBodyWriteable();
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("a map entry needs a name; it was " + (name == null ? "null" : "empty"));
        }
        entries.put(name, value);
    }

    private Map<String, Object> entries() throws JMSException {
        if (entries == null) {
            Map<String, Object> read = new LinkedHashMap<>();
            try {
                ByteReader body = encodedBody().reader();
                while (body.hasRemaining()) {
                    read.put(body.readString(), Values.read(body));
                }
            } catch (MalformedException e) {
                throw damagedBody(e);
            }
            entries = read;
        }
        return entries;
    }

    private static Object copy(Object value) {
        return value instanceof byte[] bytes ? bytes.clone() : value;
    }
}
