package io.posthorn.wire.message;

import java.util.Arrays;

/**
 * Where a value lies in an envelope: its type and the index of its first byte in one {@code long}, so that a value can be
 * found, typed, compared and read without making an object. Meant for selectors, which look at thousands of values a
 * message.
 *
 * <p>A place is found with the {@code of…} methods and is good for the bytes of that envelope only. Finding one checks
 * that the whole value lies within its part of the envelope; broken bytes are a {@link MalformedException} then, and
 * reading cannot fail later. What is absent and what is null both are {@link #isNull}. No state; any thread.
 */
public final class ValuePlace {

    private static final long ABSENT = 0;

    private ValuePlace() {}

    /** The first property of this name (in UTF-8). */
    public static long ofProperty(Envelope envelope, byte[] name) {
        byte[] bytes = envelope.bytes();
        int index = Envelope.FIXED_LENGTH + (int) ByteWriter.INT.get(bytes, Envelope.HEADERS_LENGTH_OFFSET);
        int end = index + (int) ByteWriter.INT.get(bytes, Envelope.PROPERTIES_LENGTH_OFFSET);
        while (index < end) {
            long span = span(bytes, index, end);
            int start = spanStart(span);
            int value = start + spanLength(span);
            int next = valueEnd(bytes, value, end);
            if (spanLength(span) == name.length && Arrays.equals(bytes, start, value, name, 0, name.length)) {
                return place(bytes[value], value + 1);
            }
            index = next;
        }
        return ABSENT;
    }

    /** The message id, a text. */
    public static long ofMessageId(Envelope envelope) {
        return header(envelope, Envelope.TAG_MESSAGE_ID);
    }

    /** The correlation id when it was set as text; one that was set as bytes is absent here. */
    public static long ofCorrelationId(Envelope envelope) {
        return header(envelope, Envelope.TAG_CORRELATION_ID);
    }

    /** The JMS type, a text. */
    public static long ofType(Envelope envelope) {
        return header(envelope, Envelope.TAG_TYPE);
    }

    /** The priority, an exact number that is never absent. */
    public static long ofPriority() {
        return place(Values.BYTE, Envelope.PRIORITY_OFFSET);
    }

    /** The timestamp, an exact number that is never absent; 0 when the sender disabled it. */
    public static long ofTimestamp() {
        return place(Values.LONG, Envelope.TIMESTAMP_OFFSET);
    }

    /** A text in other bytes than an envelope's, where {@link ByteWriter#writeString} put it at {@code index}. */
    public static long ofText(int index) {
        return place(Values.STRING, index);
    }

    public static boolean isNull(long place) {
        return type(place) == Values.NULL;
    }

    public static boolean isText(long place) {
        return type(place) == Values.STRING;
    }

    public static boolean isFlag(long place) {
        return type(place) == Values.BOOLEAN;
    }

    /** Whether it is a byte, short, int or long. */
    public static boolean isExact(long place) {
        int type = type(place);
        return type == Values.INT || type == Values.LONG || type == Values.SHORT || type == Values.BYTE;
    }

    /** Whether it is a float or double. */
    public static boolean isApproximate(long place) {
        int type = type(place);
        return type == Values.DOUBLE || type == Values.FLOAT;
    }

    /** The number at a place that {@link #isExact}. */
    public static long exact(byte[] bytes, long place) {
        int index = index(place);
        return switch (type(place)) {
            case Values.BYTE -> bytes[index];
            case Values.SHORT -> (short) ByteWriter.SHORT.get(bytes, index);
            case Values.INT -> (int) ByteWriter.INT.get(bytes, index);
            case Values.LONG -> (long) ByteWriter.LONG.get(bytes, index);
            default -> throw new IllegalArgumentException("no exact number but type " + type(place));
        };
    }

    /** The number at a place that {@link #isApproximate}. */
    public static double approximate(byte[] bytes, long place) {
        int index = index(place);
        return switch (type(place)) {
            case Values.FLOAT -> Float.intBitsToFloat((int) ByteWriter.INT.get(bytes, index));
            case Values.DOUBLE -> Double.longBitsToDouble((long) ByteWriter.LONG.get(bytes, index));
            default -> throw new IllegalArgumentException("no approximate number but type " + type(place));
        };
    }

    /** The boolean at a place that {@link #isFlag}. */
    public static boolean flag(byte[] bytes, long place) {
        return bytes[index(place)] != 0;
    }

    /** Where the UTF-8 of a place that {@link #isText} lies; see {@link #spanStart} and {@link #spanLength}. */
    public static long textSpan(byte[] bytes, long place) {
        return span(bytes, index(place), bytes.length);
    }

    /** Index of the first byte of a span. */
    public static int spanStart(long span) {
        return (int) (span >>> 32);
    }

    /** Number of bytes of a span. */
    public static int spanLength(long span) {
        return (int) span;
    }

    private static long header(Envelope envelope, int wanted) {
        byte[] bytes = envelope.bytes();
        int index = Envelope.FIXED_LENGTH;
        int end = index + (int) ByteWriter.INT.get(bytes, Envelope.HEADERS_LENGTH_OFFSET);
        while (index < end) {
            int tag = bytes[index++];
            long span = span(bytes, index, end);
            if (tag == wanted) {
                return place(Values.STRING, index);
            }
            index = spanStart(span) + spanLength(span);
        }
        return ABSENT;
    }

    private static long place(int type, int index) {
        return (long) type << 32 | index;
    }

    private static int type(long place) {
        return (int) (place >>> 32);
    }

    private static int index(long place) {
        return (int) place;
    }

    /** Where the value ends whose type byte is at {@code index}. */
    private static int valueEnd(byte[] bytes, int index, int end) {
        if (index >= end) {
            throw new MalformedException("a name without a value");
        }
        int type = bytes[index];
        int start = index + 1;
        int length = switch (type) {
            case Values.NULL -> 0;
            case Values.BOOLEAN, Values.BYTE -> 1;
            case Values.SHORT, Values.CHAR -> 2;
            case Values.INT, Values.FLOAT -> 4;
            case Values.LONG, Values.DOUBLE -> 8;
            case Values.STRING, Values.BYTES -> {
                long span = span(bytes, start, end);
                yield spanStart(span) + spanLength(span) - start;
            }
            default -> throw new MalformedException("unknown value type " + type);
        };
        if (length > end - start) {
            throw new MalformedException(length + " bytes wanted where " + (end - start) + " are left");
        }
        return start + length;
    }

    /** Reads the varint length at {@code from} and checks it against {@code end}. */
    private static long span(byte[] bytes, int from, int end) {
        int index = from;
        long length = 0;
        for (int shift = 0; shift < 64 && index < end; shift += 7) {
            int next = bytes[index++];
            length |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                if (length < 0 || length > end - index) {
                    throw new MalformedException("a length of " + Long.toUnsignedString(length) + " where "
                            + (end - index) + " bytes are left");
                }
                return (long) index << 32 | length;
            }
        }
        throw new MalformedException("a length that does not end");
    }
}
