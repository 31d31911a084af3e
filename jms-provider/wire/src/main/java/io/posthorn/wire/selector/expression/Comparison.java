package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.ValuePlace;
import java.util.Arrays;

/**
 * The six comparisons. Null on either side is unknown, values of unlike types compare as false whatever the operator, an
 * order is asked of numbers only. The forms that most selectors have, an identifier beside a literal, are classes of
 * their own that make no object; {@link General} does the rest.
 */
public final class Comparison {

    private Comparison() {}

    /** One of = &lt;&gt; &lt; &lt;= &gt; &gt;=. */
    public enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        /** Whether it asks for an order, and not only for equality. */
        public boolean isOrder() {
            return this != EQUAL && this != NOT_EQUAL;
        }

        /** The operator that says the same with the sides changed. */
        Operator mirrored() {
            return switch (this) {
                case EQUAL, NOT_EQUAL -> this;
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            };
        }

        boolean holds(long left, long right) {
            return switch (this) {
                case EQUAL -> left == right;
                case NOT_EQUAL -> left != right;
                case LESS -> left < right;
                case LESS_OR_EQUAL -> left <= right;
                case GREATER -> left > right;
                case GREATER_OR_EQUAL -> left >= right;
            };
        }

        /** As Java compares: NaN only ever differs, and the two zeros are equal. */
        boolean holds(double left, double right) {
            return switch (this) {
                case EQUAL -> left == right;
                case NOT_EQUAL -> left != right;
                case LESS -> left < right;
                case LESS_OR_EQUAL -> left <= right;
                case GREATER -> left > right;
                case GREATER_OR_EQUAL -> left >= right;
            };
        }
    }

    /** The fastest condition that compares the two; their static types were checked before. */
    public static Condition of(Operand left, Operator operator, Operand right) {
        if (left instanceof Reference reference) {
            if (right instanceof Literal.Text text) {
                return new OfText(reference, operator == Operator.EQUAL, text);
            }
            if (right instanceof Literal.Numeric number) {
                return new OfNumber(reference, operator, number);
            }
            if (right instanceof Logic.Constant constant) {
                return new Logic.IsFlag(reference, constant.value() == (operator == Operator.EQUAL));
            }
        } else if (right instanceof Reference && (left instanceof Literal || left instanceof Logic.Constant)) {
            return of(right, operator.mirrored(), left);
        }
        return new General(left, operator, right);
    }

    /** An identifier = or &lt;&gt; a string literal. */
    public record OfText(Reference reference, boolean isEqual, Literal.Text literal) implements Condition {

        @Override
        public Truth test(Envelope message) {
            long place = reference.locate(message);
            if (ValuePlace.isNull(place)) {
                return Truth.UNKNOWN;
            }
            if (!ValuePlace.isText(place)) {
                return Truth.FALSE;
            }
            byte[] bytes = reference.source(message);
            byte[] wanted = literal.utf8();
            long span = ValuePlace.textSpan(bytes, place);
            int start = ValuePlace.spanStart(span);
            int length = ValuePlace.spanLength(span);
            boolean same =
                    length == wanted.length && Arrays.equals(bytes, start, start + length, wanted, 0, wanted.length);
            return Truth.of(same == isEqual);
        }
    }

    /** An identifier beside a number. */
    public record OfNumber(Reference reference, Operator operator, Literal.Numeric literal) implements Condition {

        @Override
        public Truth test(Envelope message) {
            long place = reference.locate(message);
            if (ValuePlace.isNull(place)) {
                return Truth.UNKNOWN;
            }
            byte[] bytes = reference.source(message);
            if (ValuePlace.isExact(place)) {
                long value = ValuePlace.exact(bytes, place);
                return Truth.of(
                        literal.isExact()
                                ? operator.holds(value, literal.exact())
                                : operator.holds((double) value, literal.approximate()));
            }
            return Truth.of(ValuePlace.isApproximate(place)
                    && operator.holds(ValuePlace.approximate(bytes, place), literal.approximate()));
        }
    }

    /** Any two operands. */
    private record General(Operand left, Operator operator, Operand right) implements Condition {

        @Override
        public Truth test(Envelope message) {
            Cell a = new Cell();
            Cell b = new Cell();
            left.read(message, a);
            right.read(message, b);
            if (a.kind() == Cell.Kind.NULL || b.kind() == Cell.Kind.NULL) {
                return Truth.UNKNOWN;
            }
            if (a.isNumber() && b.isNumber()) {
                boolean exact = a.kind() == Cell.Kind.EXACT && b.kind() == Cell.Kind.EXACT;
                return Truth.of(
                        exact
                                ? operator.holds(a.exact(), b.exact())
                                : operator.holds(a.approximate(), b.approximate()));
            }
            if (a.kind() != b.kind() || operator.isOrder()) {
                return Truth.FALSE;
            }
            return switch (a.kind()) {
                case TEXT -> Truth.of(a.sameText(b) == (operator == Operator.EQUAL));
                case FLAG -> Truth.of((a.flag() == b.flag()) == (operator == Operator.EQUAL));
                default -> Truth.FALSE;
            };
        }
    }
}
