package io.posthorn.journal.segment;

/** A position in the log is the number of a segment and an offset in its file: {@code segment << 32 | offset}. */
public final class Position {

    /** Where a log stands that has no segment yet. */
    public static final long START = of(0, SegmentHeader.LENGTH);

    private Position() {}

    public static long of(long segment, int offset) {
        return segment << 32 | offset & 0xffff_ffffL;
    }

    public static long segment(long position) {
        return position >>> 32;
    }

    public static int offset(long position) {
        return (int) position;
    }

    /** For people: {@code 7:4096} is offset 4096 in segment 7. */
    public static String text(long position) {
        return segment(position) + ":" + (position & 0xffff_ffffL);
    }
}
