package io.posthorn.jms.convert;

import jakarta.jms.MessageFormatException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A compressed body: its length before compression (i32, big-endian), then a zlib stream of exactly that many bytes. A length
 * above {@link #LENGTH_MAX}, or one that a stream of this size cannot reach, is refused before any memory is taken for it.
 */
public final class Compression {

    /** Bodies of up to this many bytes are not worth it. */
    public static final int LENGTH_MIN = 1024;

    /** Longest body, in bytes, that is taken from a compressed one. */
    public static final int LENGTH_MAX = 1 << 30;

    private static final int PREFIX = 4;

    /** What deflate reaches at most: 258 bytes from two bits, rounded up. */
    private static final int RATIO_MAX = 1032;

    private Compression() {}

    /** The compressed form, or null when it would not be shorter, or the body is not worth it or too long. */
    public static byte[] deflate(byte[] body, int length) {
        if (length <= LENGTH_MIN || length > LENGTH_MAX) {
            return null;
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(body, 0, length);
            deflater.finish();
            byte[] out = new byte[length];
            out[0] = (byte) (length >>> 24);
            out[1] = (byte) (length >>> 16);
            out[2] = (byte) (length >>> 8);
            out[3] = (byte) length;
            int size = PREFIX;
            while (!deflater.finished() && size < length) {
                size += deflater.deflate(out, size, length - size);
            }
            return deflater.finished() && size < length ? Arrays.copyOf(out, size) : null;
        } finally {
            deflater.end();
        }
    }

    /** The body as it was before {@link #deflate}. */
    public static byte[] inflate(byte[] bytes, int offset, int length) throws MessageFormatException {
        if (length < PREFIX) {
            throw new MessageFormatException("the compressed body has " + length + " bytes, too few for its length");
        }
        int declared = (bytes[offset] & 0xFF) << 24
                | (bytes[offset + 1] & 0xFF) << 16
                | (bytes[offset + 2] & 0xFF) << 8
                | bytes[offset + 3] & 0xFF;
        if (declared < 0 || declared > LENGTH_MAX || declared > (long) (length - PREFIX) * RATIO_MAX) {
            throw new MessageFormatException("the compressed body of " + length + " bytes claims to hold "
                    + Integer.toUnsignedLong(declared) + "; at most " + LENGTH_MAX + " are taken, and never more than "
                    + RATIO_MAX + " times the bytes that came");
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes, offset + PREFIX, length - PREFIX);
            byte[] body = new byte[declared];
            int size = 0;
            while (size < declared) {
                int more = inflater.inflate(body, size, declared - size);
                if (more == 0) {
                    throw new MessageFormatException(
                            "the compressed body ends after " + size + " of " + declared + " bytes");
                }
                size += more;
            }
            checkEnd(inflater, declared);
            return body;
        } catch (DataFormatException e) {
            throw Causes.link(new MessageFormatException("the compressed body is damaged: " + e.getMessage()), e);
        } finally {
            inflater.end();
        }
    }

    private static void checkEnd(Inflater inflater, int declared) throws DataFormatException, MessageFormatException {
        if (inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
            throw new MessageFormatException(
                    "the compressed body does not end after the " + declared + " bytes it claims");
        }
    }
}
