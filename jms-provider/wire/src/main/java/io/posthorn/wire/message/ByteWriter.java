package io.posthorn.wire.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing array of bytes, big-endian, with the primitive encodings of the protocol. Not thread-safe. */
public final class ByteWriter {

    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteWriter(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    public int size() {
        return size;
    }

    /** The array behind this writer, valid until the next write; only the first {@link #size()} bytes count. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets all that was written and keeps the room. */
    public void clear() {
        size = 0;
    }

    public void writeByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public void writeShort(int value) {
        ensure(2);
        SHORT.set(bytes, size, (short) value);
        size += 2;
    }

    public void writeInt(int value) {
        ensure(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    public void writeLong(long value) {
        ensure(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    /** Overwrites four bytes written before. */
    public void setInt(int index, int value) {
        INT.set(bytes, index, value);
    }

    /** Unsigned LEB128: seven bits a byte, lowest first; 1 to 10 bytes. */
    public void writeVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void writeBytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Length as varint, then the bytes. */
    public void writeSized(byte[] source) {
        writeVarint(source.length);
        writeBytes(source, 0, source.length);
    }

    /** Length in bytes as varint, then {@link Utf8}, which keeps unpaired surrogates. */
    public void writeString(String text) {
        writeSized(Utf8.encode(text));
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            long wanted = Math.max((long) size + more, Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length));
            if (wanted > Integer.MAX_VALUE - 8) {
                throw new MalformedException("more than 2 GiB in one piece");
            }
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
    }
}
