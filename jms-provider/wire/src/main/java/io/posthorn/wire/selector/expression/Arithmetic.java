package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;
import java.util.List;

/**
 * A chain of sums or of products, worked from left to right in {@code long}, and in {@code double} from the first
 * approximate operand on. A null operand makes the result null, an operand that is no number makes it a value that is like
 * no other, and an exact division by zero makes it null; nothing throws.
 */
public final class Arithmetic implements Operand {

    /** What joins two operands of a chain. */
    public enum Sign {
        PLUS,
        MINUS,
        TIMES,
        DIVIDED_BY
    }

    private final Operand first;
    private final List<Sign> signs;
    private final List<Operand> others;

    private Arithmetic(Operand first, List<Sign> signs, List<Operand> others) {
        this.first = first;
        this.signs = List.copyOf(signs);
        this.others = List.copyOf(others);
    }

    /** {@code first signs[0] others[0] signs[1] others[1] …}; a literal when all operands are literals. */
    public static Operand of(Operand first, List<Sign> signs, List<Operand> others) {
        Arithmetic chain = new Arithmetic(first, signs, others);
        return chain.isConstant() ? chain.folded() : chain;
    }

    /** {@code +operand} or {@code -operand}: a product, which keeps the sign of a zero as Java does. */
    public static Operand signed(Operand operand, boolean negative) {
        return of(Literal.of(negative ? -1L : 1L), List.of(Sign.TIMES), List.of(operand));
    }

    @Override
    public Type type() {
        return Type.NUMBER;
    }

    @Override
    public void read(Envelope message, Cell out) {
        first.read(message, out);
        if (out.kind() != Cell.Kind.NULL && !out.isNumber()) {
            out.setOdd();
        }
        Cell right = new Cell();
        for (int i = 0; i < others.size() && out.kind() != Cell.Kind.NULL; i++) {
            others.get(i).read(message, right);
            if (right.kind() == Cell.Kind.NULL) {
                out.setNull();
            } else if (!right.isNumber() || !out.isNumber()) {
                out.setOdd();
            } else if (out.kind() == Cell.Kind.EXACT && right.kind() == Cell.Kind.EXACT) {
                exact(out, signs.get(i), right.exact());
            } else {
                out.setApproximate(approximate(out.approximate(), signs.get(i), right.approximate()));
            }
        }
    }

    private static void exact(Cell out, Sign sign, long right) {
        long left = out.exact();
        switch (sign) {
            case PLUS -> out.setExact(left + right);
            case MINUS -> out.setExact(left - right);
            case TIMES -> out.setExact(left * right);
            case DIVIDED_BY -> {
                if (right == 0) {
                    out.setNull();
                } else {
                    out.setExact(left / right);
                }
            }
        }
    }

    private static double approximate(double left, Sign sign, double right) {
        return switch (sign) {
            case PLUS -> left + right;
            case MINUS -> left - right;
            case TIMES -> left * right;
            case DIVIDED_BY -> left / right;
        };
    }

    private boolean isConstant() {
        return first instanceof Literal && others.stream().allMatch(Literal.class::isInstance);
    }

    /** The value of a constant chain; the chain itself where it has none, since it divides by zero. */
    private Operand folded() {
        Cell value = new Cell();
        read(null, value); // literals look at no message
        return switch (value.kind()) {
            case EXACT -> Literal.of(value.exact());
            case APPROXIMATE -> Literal.of(value.approximate());
            default -> this;
        };
    }
}
