package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;
import java.nio.charset.StandardCharsets;

/** A value that is the same for every message. The boolean literals are conditions: {@link Logic.Constant}. */
public abstract sealed class Literal implements Operand {

    private Literal() {}

    public static Text of(String text) {
        return new Text(text);
    }

    public static Numeric of(long value) {
        return new Numeric(true, value, value);
    }

    public static Numeric of(double value) {
        return new Numeric(false, 0, value);
    }

    /** A string literal. */
    public static final class Text extends Literal {

        private final String text;
        private final byte[] utf8;

        private Text(String text) {
            this.text = text;
            this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        }

        public String text() {
            return text;
        }

        byte[] utf8() {
            return utf8;
        }

        @Override
        public Type type() {
            return Type.TEXT;
        }

        @Override
        public void read(Envelope message, Cell out) {
            out.setText(utf8, 0, utf8.length);
        }
    }

    /** A number in the text, or arithmetic over such numbers. */
    public static final class Numeric extends Literal {

        private final boolean isExact;
        private final long exact;
        private final double approximate;

        private Numeric(boolean isExact, long exact, double approximate) {
            this.isExact = isExact;
            this.exact = exact;
            this.approximate = approximate;
        }

        public boolean isExact() {
            return isExact;
        }

        /** Meaningful when {@link #isExact()}. */
        public long exact() {
            return exact;
        }

        /** The number as a double, also of an exact one. */
        double approximate() {
            return approximate;
        }

        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public void read(Envelope message, Cell out) {
            if (isExact) {
                out.setExact(exact);
            } else {
                out.setApproximate(approximate);
            }
        }
    }
}
