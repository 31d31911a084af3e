package io.posthorn.wire.message;

/**
 * Typed values, as properties, map entries and stream items hold them: a type byte, then the value. The types are those
 * of JMS 3.1 section 3.5.4 and 3.11: null, boolean, byte, short, char, int, long, float, double, String and byte[].
 */
public final class Values {

    static final int NULL = 0;
    static final int BOOLEAN = 1;
    static final int BYTE = 2;
    static final int SHORT = 3;
    static final int CHAR = 4;
    static final int INT = 5;
    static final int LONG = 6;
    static final int FLOAT = 7;
    static final int DOUBLE = 8;
    static final int STRING = 9;
    static final int BYTES = 10;

    /** So many bytes of a value tell how long it is; a value may be shorter. */
    public static final int HEAD_LENGTH_MAX = 11;

    private Values() {}

    /** Writes a value. A type that is not listed above is an {@link IllegalArgumentException}. */
    public static void write(ByteWriter out, Object value) {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof String text) {
            out.writeByte(STRING);
            out.writeString(text);
        } else if (value instanceof Integer number) {
            out.writeByte(INT);
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (value instanceof Boolean flag) {
            out.writeByte(BOOLEAN);
            out.writeBoolean(flag);
        } else if (value instanceof Double number) {
            out.writeByte(DOUBLE);
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof Float number) {
            out.writeByte(FLOAT);
            out.writeInt(Float.floatToRawIntBits(number));
        } else if (value instanceof Short number) {
            out.writeByte(SHORT);
            out.writeShort(number);
        } else if (value instanceof Byte number) {
            out.writeByte(BYTE);
            out.writeByte(number);
        } else if (value instanceof Character unit) {
            out.writeByte(CHAR);
            out.writeShort(unit);
        } else if (value instanceof byte[] array) {
            out.writeByte(BYTES);
            out.writeSized(array);
        } else {
            throw new IllegalArgumentException(
                    "no value type for " + value.getClass().getName());
        }
    }

    public static Object read(ByteReader in) {
        int type = in.readByte();
        return switch (type) {
            case NULL -> null;
            case BOOLEAN -> in.readBoolean();
            case BYTE -> (byte) in.readByte();
            case SHORT -> in.readShort();
            case CHAR -> (char) in.readShort();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> Float.intBitsToFloat(in.readInt());
            case DOUBLE -> Double.longBitsToDouble(in.readLong());
            case STRING -> in.readString();
            case BYTES -> in.readSized();
            default -> throw new MalformedException("unknown value type " + type);
        };
    }

    /** How many bytes the next value claims to have, its type byte included; {@link #HEAD_LENGTH_MAX} are enough to tell. */
    public static long length(ByteReader in) {
        int start = in.index();
        int type = in.readByte();
        return switch (type) {
            case NULL -> 1;
            case BOOLEAN, BYTE -> 2;
            case SHORT, CHAR -> 3;
            case INT, FLOAT -> 5;
            case LONG, DOUBLE -> 9;
            case STRING, BYTES -> {
                long length = in.readVarint();
                yield length < 0 ? Long.MAX_VALUE : Math.min(length, Integer.MAX_VALUE) + in.index() - start;
            }
            default -> throw new MalformedException("unknown value type " + type);
        };
    }

    /** Passes over a value without making it. */
    public static void skip(ByteReader in) {
        int type = in.readByte();
        switch (type) {
            case NULL -> {}
            case BOOLEAN, BYTE -> in.skip(1);
            case SHORT, CHAR -> in.skip(2);
            case INT, FLOAT -> in.skip(4);
            case LONG, DOUBLE -> in.skip(8);
            case STRING, BYTES -> in.skip(in.readLength());
            default -> throw new MalformedException("unknown value type " + type);
        }
    }
}
