package io.posthorn.wire.message;

import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link ByteWriter} wrote, in place, within bounds. Running over the end or an impossible length is a {@link
 * MalformedException}, never another exception. Not thread-safe.
 */
public final class ByteReader {

    private final byte[] bytes;
    private final int end;
    private int index;

    public ByteReader(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.index = offset;
        this.end = offset + length;
    }

    public int index() {
        return index;
    }

    public int remaining() {
        return end - index;
    }

    public boolean hasRemaining() {
        return index < end;
    }

    public int readByte() {
        need(1);
        return bytes[index++];
    }

    public int readUnsignedByte() {
        return readByte() & 0xFF;
    }

    public boolean readBoolean() {
        return readByte() != 0;
    }

    public short readShort() {
        need(2);
        short value = (short) ByteWriter.SHORT.get(bytes, index);
        index += 2;
        return value;
    }

    public int readInt() {
        need(4);
        int value = (int) ByteWriter.INT.get(bytes, index);
        index += 4;
        return value;
    }

    public long readLong() {
        need(8);
        long value = (long) ByteWriter.LONG.get(bytes, index);
        index += 8;
        return value;
    }

    public long readVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("a varint of more than 64 bits");
    }

    /** A varint that counts bytes of this very reader, so that a wild value costs no memory. */
    public int readLength() {
        long length = readVarint();
        if (length < 0 || length > remaining()) {
            throw new MalformedException(
                    "a length of " + Long.toUnsignedString(length) + " where " + remaining() + " bytes are left");
        }
        return (int) length;
    }

    public byte[] readSized() {
        int length = readLength();
        byte[] value = Arrays.copyOfRange(bytes, index, index + length);
        index += length;
        return value;
    }

    public String readString() {
        int length = readLength();
        String text = Utf8.decode(bytes, index, length);
        index += length;
        return text;
    }

    /** The rest as UTF-8. */
    public String readRemainingString() {
        String text = Utf8.decode(bytes, index, remaining());
        index = end;
        return text;
    }

    public byte[] readRemaining() {
        byte[] value = Arrays.copyOfRange(bytes, index, end);
        index = end;
        return value;
    }

    public void skip(int length) {
        need(length);
        index += length;
    }

    /** Skips {@code other.length} bytes that were length-checked before, and says whether they equal {@code other}. */
    boolean skipAndCompare(int length, byte[] other) {
        boolean same = Arrays.equals(bytes, index, index + length, other, 0, other.length);
        index += length;
        return same;
    }

    private void need(int length) {
        if (length < 0 || remaining() < length) {
            throw new MalformedException(length + " bytes wanted where " + remaining() + " are left");
        }
    }
}
