package io.posthorn.wire.message;

import java.nio.charset.StandardCharsets;

/**
 * UTF-8 that loses nothing. A Java string may hold surrogates that are not in pairs; UTF-8 has no form for them, and the
 * JDK's encoder puts question marks in their place. Here such a surrogate is written as the three bytes that UTF-8 would use
 * for its number (ED A0..BF 80..BF), and read back as it was. Every other string has its ordinary UTF-8 form.
 */
public final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** The bytes of a text; {@link #decode} gives back the very same text. */
    public static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == text.length() && !mayBeReplaced(bytes)) {
            return bytes;
        }
        // Both ways are intrinsics, so looking back costs less than looking at each character.
        if (new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            return bytes;
        }
        return encodeLoneSurrogates(text);
    }

    /** Whether one of the bytes may stand for a surrogate, of which the encoder makes a question mark. */
    private static boolean mayBeReplaced(byte[] bytes) {
        for (byte each : bytes) {
            if (each == '?') {
                return true;
            }
        }
        return false;
    }

    /** The text of bytes; what is neither UTF-8 nor a surrogate on its own becomes U+FFFD. */
    public static String decode(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeLoneSurrogates(bytes, offset, offset + length);
    }

    private static byte[] encodeLoneSurrogates(String text) {
        ByteWriter out = new ByteWriter(3 * Math.min(text.length(), Integer.MAX_VALUE / 4));
        int from = 0;
        int index = 0;
        while (index < text.length()) {
            int point = text.codePointAt(index);
            int next = index + Character.charCount(point);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                encodeRun(out, text, from, index);
                out.writeByte(0xE0 | point >> 12);
                out.writeByte(0x80 | point >> 6 & 0x3F);
                out.writeByte(0x80 | point & 0x3F);
                from = next;
            }
            index = next;
        }
        encodeRun(out, text, from, index);
        return out.toByteArray();
    }

    private static void encodeRun(ByteWriter out, String text, int from, int to) {
        byte[] run = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        out.writeBytes(run, 0, run.length);
    }

    private static String decodeLoneSurrogates(byte[] bytes, int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        int from = start;
        int index = start;
        while (index + 2 < end) {
            boolean surrogate = bytes[index] == (byte) 0xED
                    && (bytes[index + 1] & 0xE0) == 0xA0
                    && (bytes[index + 2] & 0xC0) == 0x80;
            if (surrogate) {
                text.append(new String(bytes, from, index - from, StandardCharsets.UTF_8));
                text.append((char) (0xD000 | (bytes[index + 1] & 0x3F) << 6 | bytes[index + 2] & 0x3F));
                index += 3;
                from = index;
            } else {
                index++;
            }
        }
        return text.append(new String(bytes, from, end - from, StandardCharsets.UTF_8))
                .toString();
    }
}
