package io.posthorn.wire.selector.expression;

import java.util.Arrays;

/** Room for one value of any type, so that general expressions need no boxes. Mutable; used by one evaluation. */
public final class Cell {

    enum Kind {
        NULL,
        EXACT,
        APPROXIMATE,
        TEXT,
        FLAG,
        /** A value that is like no other: a char, bytes, or the result of arithmetic on something that is no number. */
        ODD
    }

    private Kind kind = Kind.NULL;
    private long exact;
    private double approximate;
    private boolean flag;
    private byte[] bytes;
    private int start;
    private int length;

    Kind kind() {
        return kind;
    }

    boolean isNumber() {
        return kind == Kind.EXACT || kind == Kind.APPROXIMATE;
    }

    long exact() {
        return exact;
    }

    /** The number as a double, whatever it was before. */
    double approximate() {
        return kind == Kind.EXACT ? exact : approximate;
    }

    boolean flag() {
        return flag;
    }

    boolean sameText(Cell other) {
        return Arrays.equals(bytes, start, start + length, other.bytes, other.start, other.start + other.length);
    }

    void setNull() {
        kind = Kind.NULL;
    }

    void setOdd() {
        kind = Kind.ODD;
    }

    void setExact(long value) {
        kind = Kind.EXACT;
        exact = value;
    }

    void setApproximate(double value) {
        kind = Kind.APPROXIMATE;
        approximate = value;
    }

    void setFlag(boolean value) {
        kind = Kind.FLAG;
        flag = value;
    }

    void setText(byte[] source, int textStart, int textLength) {
        kind = Kind.TEXT;
        bytes = source;
        start = textStart;
        length = textLength;
    }
}
