package io.posthorn.wire.selector;

import io.posthorn.wire.selector.expression.Literal;

/**
 * The values of numeric literals, which are Java's (JLS 3.10.1 and 3.10.2) with one difference: an exact literal is a
 * {@code long} with or without its suffix. All errors are {@link NumberFormatException}s.
 */
final class Numerals {

    private Numerals() {}

    /** A decimal up to the range of long (2^63 only when negated), or 64 bits in hexadecimal, octal or binary. */
    static Literal.Numeric exact(String text, boolean negated) {
        String digits = withoutUnderscores(text);
        if (digits.endsWith("l") || digits.endsWith("L")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        int radix = radixOf(digits);
        if (radix == 10) {
            return Literal.of(Long.parseLong(negated ? "-" + digits : digits));
        }
        String bare = digits.substring(radix == 8 ? 1 : 2);
        long value = Long.parseUnsignedLong(bare, radix);
        return Literal.of(negated ? -value : value);
    }

    /** A float with suffix f, otherwise a double. */
    static Literal.Numeric approximate(String text, boolean negated) {
        String digits = withoutUnderscores(text);
        char last = digits.charAt(digits.length() - 1);
        boolean isFloat = last == 'f' || last == 'F';
        double value = isFloat ? Float.parseFloat(digits) : Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw new NumberFormatException(text);
        }
        return Literal.of(negated ? -value : value);
    }

    static boolean isHexDigit(int unit) {
        return unit >= '0' && unit <= '9' || unit >= 'a' && unit <= 'f' || unit >= 'A' && unit <= 'F';
    }

    private static int radixOf(String digits) {
        if (digits.length() < 2 || digits.charAt(0) != '0') {
            return 10;
        }
        return switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
        };
    }

    /** Underscores may stand between digits only. */
    private static String withoutUnderscores(String text) {
        if (text.indexOf('_') < 0) {
            return text;
        }
        boolean hex = radixOf(text) == 16;
        StringBuilder digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '_') {
                digits.append(text.charAt(i));
            } else if (!isDigitOrUnderscore(text, i - 1, hex) || !isDigitOrUnderscore(text, i + 1, hex)) {
                throw new NumberFormatException(text);
            }
        }
        return digits.toString();
    }

    private static boolean isDigitOrUnderscore(String text, int index, boolean hex) {
        if (index < 0 || index >= text.length()) {
            return false;
        }
        char unit = text.charAt(index);
        return unit == '_' || unit >= '0' && unit <= '9' || hex && isHexDigit(unit);
    }
}
