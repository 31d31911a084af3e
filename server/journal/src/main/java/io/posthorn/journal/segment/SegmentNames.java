package io.posthorn.journal.segment;

/** Names of the files in a data folder. Numbers have sixteen digits, so that names sort as numbers do. */
public final class SegmentNames {

    private static final int DIGITS = 16;
    private static final String SEGMENT = "segment-";
    private static final String SPARE = "spare-";
    private static final String LOG = ".log";

    private SegmentNames() {}

    public static String segment(long number) {
        return name(SEGMENT, number, LOG);
    }

    /** A file that held segment {@code number} and waits to become another one. */
    public static String spare(long number) {
        return name(SPARE, number, LOG);
    }

    /** The number in the name of a segment's file, or -1 for any other name. */
    public static long segmentNumber(String name) {
        return number(name, SEGMENT, LOG);
    }

    /** The number in the name of a spare file, or -1 for any other name. */
    public static long spareNumber(String name) {
        return number(name, SPARE, LOG);
    }

    public static String name(String prefix, long number, String suffix) {
        return prefix + String.format("%0" + DIGITS + "d", number) + suffix;
    }

    /** The number between prefix and suffix, or -1 if the name is not made so. */
    public static long number(String name, String prefix, String suffix) {
        if (name.length() != prefix.length() + DIGITS + suffix.length()
                || !name.startsWith(prefix)
                || !name.endsWith(suffix)) {
            return -1;
        }
        long number = 0;
        for (int i = prefix.length(); i < prefix.length() + DIGITS; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
