package io.posthorn.servers;

import java.nio.charset.StandardCharsets;

/** Changes constant texts of compiled classes: annotations can have no others, and some of them depend on the run or on the server. */
final class ClassTexts {

    /** Of CONSTANT_Utf8 in a class file; two bytes with the length come between it and the text. */
    private static final char UTF8_TAG = 1;

    private ClassTexts() {}

    /** The class with {@code to} in place of the constant {@code from}, which is the whole text; both in ASCII. */
    static byte[] replace(byte[] code, String from, String to) {
        return new String(code, StandardCharsets.ISO_8859_1)
                .replace(constant(from), constant(to))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String constant(String text) {
        return "" + UTF8_TAG + (char) (text.length() >> Byte.SIZE) + (char) (text.length() & 0xff) + text;
    }
}
