package io.posthorn.wire.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes random selectors together with a naive evaluator of each, written from the specification on boxed values and
 * independent of the production code: null is unknown, numbers are Long or Double.
 */
final class RandomSelectors {

    /** What is like nothing: a char, bytes, or arithmetic on something that is no number. */
    static final Object ODD = new Object();

    static final String[] PROPERTIES = {"p0", "p1", "p2", "p3", "p4", "$x", "žluť"};

    private static final int OR = 0;
    private static final int AND = 1;
    private static final int NOT = 2;
    private static final int PREDICATE = 3;
    private static final int SUM = 4;
    private static final int PRODUCT = 5;
    private static final int SIGN = 6;
    private static final int PRIMARY = 7;

    private static final String[] LETTERS = {"a", "b", "ab", "%", "_", "ž", "\uD83D\uDE00", "'", "!"};
    private static final String[] ORDER = {"=", "<>", "<", "<=", ">", ">="};

    /** A piece of selector text, how tightly it binds, and its value for a message. */
    record Made(String text, int level, Function<Map<String, Object>, Object> value) {

        Object in(Map<String, Object> message) {
            return value.apply(message);
        }
    }

    private final Random random;

    RandomSelectors(Random random) {
        this.random = random;
    }

    Made condition(int depth) {
        switch (random.nextInt(depth <= 0 ? 8 : 14)) {
            case 0:
                return flagProperty();
            case 1:
                return textComparison();
            case 2:
                return isNull();
            case 3:
                return in();
            case 4:
                return like();
            case 5:
                return compared(property(), anyOf(ORDER), property());
            case 6:
                return numberComparison(0);
            case 7:
                return between(0);
            case 8:
                return numberComparison(depth);
            case 9:
                return between(depth);
            case 10:
                return compared(comparable(depth - 1), anyOf("=", "<>"), anyFlag());
            case 11:
                Made part = condition(depth - 1);
                return new Made(word("NOT") + " " + wrapped(part, NOT).text, NOT, m -> not(part.in(m)));
            case 12:
                return joined(depth, AND, "AND", RandomSelectors::and);
            default:
                return joined(depth, OR, "OR", RandomSelectors::or);
        }
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(anyOf(LETTERS));
        }
        return text.toString();
    }

    private Made joined(int depth, int level, String operator, BiFunction<Boolean, Boolean, Boolean> function) {
        Made result = wrapped(condition(depth - 1), level);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Made left = result;
            Made right = wrapped(condition(depth - 1), level + 1);
            result = new Made(
                    left.text + " " + word(operator) + " " + right.text,
                    level,
                    m -> function.apply((Boolean) left.in(m), (Boolean) right.in(m)));
        }
        return result;
    }

    private Made flagProperty() {
        Made property = property();
        return new Made(property.text, PRIMARY, m -> compare(property.in(m), "=", true));
    }

    /** A condition that is no property alone: beside an operator that would be the property and not a condition. */
    private Made comparable(int depth) {
        Made made = condition(depth);
        while (made.level == PRIMARY) {
            made = condition(depth);
        }
        return made;
    }

    private Made anyFlag() {
        if (random.nextBoolean()) {
            return property();
        }
        boolean value = random.nextBoolean();
        return new Made(word(value ? "TRUE" : "FALSE"), PRIMARY, m -> value);
    }

    private Made textComparison() {
        Made one = random.nextInt(3) > 0 ? property() : textHeader();
        Made other = textLiteral(text());
        String operator = anyOf("=", "<>");
        return random.nextBoolean() ? compared(one, operator, other) : compared(other, operator, one);
    }

    private Made isNull() {
        Made one = random.nextBoolean() ? property() : textHeader();
        boolean negated = random.nextBoolean();
        String text = one.text + " " + word("IS") + (negated ? " " + word("NOT") : "") + " " + word("NULL");
        return new Made(text, PREDICATE, m -> (one.in(m) == null) != negated);
    }

    private Made in() {
        Made one = random.nextInt(3) > 0 ? property() : textHeader();
        boolean negated = random.nextBoolean();
        List<String> members = new ArrayList<>();
        StringBuilder list = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            members.add(text());
            list.append(quoted(members.get(members.size() - 1))).append(i > 0 ? "," : "");
        }
        String text = one.text + negation(negated) + " " + word("IN") + space() + "(" + list + ")";
        return new Made(text, PREDICATE, m -> ofText(one.in(m), negated, members::contains));
    }

    private Made like() {
        Made one = random.nextInt(3) > 0 ? property() : textHeader();
        boolean negated = random.nextBoolean();
        boolean escaped = random.nextBoolean();
        String pattern = escaped ? text() + "!_" + text() : text();
        String end = escaped ? " " + word("ESCAPE") + " '!'" : "";
        if (escaped && pattern.replace("!!", "").endsWith("!")) {
            pattern += "!";
        }
        String safe = pattern;
        String text = one.text + negation(negated) + " " + word("LIKE") + " " + quoted(pattern) + end;
        int[] units = safe.codePoints().toArray();
        return new Made(
                text,
                PREDICATE,
                m -> ofText(one.in(m), negated, t -> like(t.codePoints().toArray(), 0, units, 0, escaped)));
    }

    private Made between(int depth) {
        Made value = wrapped(number(depth), SUM);
        Made low = wrapped(number(depth), SUM);
        Made high = wrapped(number(depth), SUM);
        boolean negated = random.nextBoolean();
        String text = value.text + negation(negated) + " " + word("BETWEEN") + " " + low.text + " " + word("AND") + " "
                + high.text;
        return new Made(
                text,
                PREDICATE,
                m -> negated
                        ? or(compare(value.in(m), "<", low.in(m)), compare(value.in(m), ">", high.in(m)))
                        : and(compare(value.in(m), ">=", low.in(m)), compare(value.in(m), "<=", high.in(m))));
    }

    private Made numberComparison(int depth) {
        return compared(number(depth), anyOf(ORDER), number(depth));
    }

    private Made compared(Made left, String operator, Made right) {
        Made a = wrapped(left, SUM);
        Made b = wrapped(right, SUM);
        return new Made(
                a.text + space() + operator + space() + b.text, PREDICATE, m -> compare(a.in(m), operator, b.in(m)));
    }

    private Made number(int depth) {
        switch (random.nextInt(depth <= 0 ? 5 : 8)) {
            case 0:
                return numberHeader();
            case 1:
                double real = random.nextInt(4) == 0 ? random.nextDouble() * 1e10 : random.nextInt(20) / 2.0;
                return new Made(String.valueOf(real) + (random.nextBoolean() ? "d" : ""), PRIMARY, m -> real);
            case 2:
                long whole = random.nextInt(4) == 0 ? random.nextLong() >>> 1 : random.nextInt(6);
                String[] forms = {
                    "" + whole, whole + "L", "0x" + Long.toHexString(whole), "0" + Long.toOctalString(whole)
                };
                return new Made(anyOf(forms), PRIMARY, m -> whole);
            case 5:
                String sign = anyOf("+", "-");
                Made signed = wrapped(number(depth - 1), SIGN);
                return new Made(
                        sign + space() + signed.text,
                        SIGN,
                        m -> arithmetic(sign.equals("-") ? -1L : 1L, "*", signed.in(m)));
            case 6:
                return chain(depth, SUM, "+", "-");
            case 7:
                return chain(depth, PRODUCT, "*", "/");
            default:
                return property();
        }
    }

    private Made chain(int depth, int level, String... operators) {
        Made result = wrapped(number(depth - 1), level);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Made left = result;
            Made right = wrapped(number(depth - 1), level + 1);
            String operator = anyOf(operators);
            result = new Made(
                    left.text + space() + operator + space() + right.text,
                    level,
                    m -> arithmetic(left.in(m), operator, right.in(m)));
        }
        return result;
    }

    private Made property() {
        String name = anyOf(PROPERTIES);
        return new Made(name, PRIMARY, m -> m.get(name));
    }

    private Made textHeader() {
        String name = anyOf("JMSMessageID", "JMSCorrelationID", "JMSType", "JMSDeliveryMode");
        return new Made(name, PRIMARY, m -> m.get(name));
    }

    private Made numberHeader() {
        String name = anyOf("JMSPriority", "JMSTimestamp");
        return new Made(name, PRIMARY, m -> m.get(name));
    }

    private Made textLiteral(String text) {
        return new Made(quoted(text), PRIMARY, m -> text);
    }

    /** In parentheses where the place binds tighter than the piece, and sometimes without need. */
    private Made wrapped(Made made, int level) {
        if (made.level >= level && random.nextInt(8) > 0) {
            return made;
        }
        return new Made("(" + space() + made.text + space() + ")", PRIMARY, made.value);
    }

    private String negation(boolean negated) {
        return negated ? " " + word("NOT") : "";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private String word(String keyword) {
        return random.nextBoolean() ? keyword : keyword.toLowerCase(Locale.ROOT);
    }

    private String space() {
        return anyOf("", " ", " ", "\t", "\n ", "\r\n");
    }

    private String anyOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Boolean ofText(Object value, boolean negated, Function<String, Boolean> question) {
        if (value == null) {
            return null;
        }
        return value instanceof String text && question.apply(text) != negated;
    }

    static boolean like(int[] text, int at, int[] pattern, int from, boolean escaped) {
        if (from == pattern.length) {
            return at == text.length;
        }
        int unit = pattern[from];
        if (escaped && unit == '!') {
            return at < text.length && text[at] == pattern[from + 1] && like(text, at + 1, pattern, from + 2, escaped);
        }
        if (unit == '%') {
            return like(text, at, pattern, from + 1, escaped)
                    || at < text.length && like(text, at + 1, pattern, from, escaped);
        }
        return at < text.length && (unit == '_' || unit == text[at]) && like(text, at + 1, pattern, from + 1, escaped);
    }

    private static Boolean not(Object value) {
        return value == null ? null : Boolean.valueOf(!(Boolean) value);
    }

    private static Boolean and(Boolean left, Boolean right) {
        if (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right)) {
            return false;
        }
        return left == null || right == null ? null : Boolean.TRUE;
    }

    private static Boolean or(Boolean left, Boolean right) {
        return not(and(not(left), not(right)));
    }

    private static Object arithmetic(Object left, String operator, Object right) {
        if (left == null || right == null) {
            return null;
        }
        if (!(left instanceof Number a) || !(right instanceof Number b)) {
            return ODD;
        }
        if (left instanceof Long && right instanceof Long) {
            long x = a.longValue();
            long y = b.longValue();
            Supplier<Long> quotient = () -> y == 0 ? null : Long.valueOf(x / y);
            return switch (operator) {
                case "+" -> x + y;
                case "-" -> x - y;
                case "*" -> x * y;
                default -> quotient.get();
            };
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            default -> x / y;
        };
    }

    private static Boolean compare(Object left, String operator, Object right) {
        if (left == null || right == null) {
            return null;
        }
        if (left instanceof Number a && right instanceof Number b) {
            boolean exact = left instanceof Long && right instanceof Long;
            boolean less = exact ? a.longValue() < b.longValue() : a.doubleValue() < b.doubleValue();
            boolean same = exact ? a.longValue() == b.longValue() : a.doubleValue() == b.doubleValue();
            boolean more = exact ? a.longValue() > b.longValue() : a.doubleValue() > b.doubleValue();
            return switch (operator) {
                case "=" -> same;
                case "<>" -> !same;
                case "<" -> less;
                case "<=" -> less || same;
                case ">" -> more;
                default -> more || same;
            };
        }
        boolean alike = left instanceof String && right instanceof String
                || left instanceof Boolean && right instanceof Boolean;
        if (!alike || operator.startsWith("<") && !operator.equals("<>") || operator.startsWith(">")) {
            return false;
        }
        return left.equals(right) == operator.equals("=");
    }
}
