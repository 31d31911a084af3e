package io.posthorn.wire.selector;

import io.posthorn.wire.selector.expression.Comparison;
import io.posthorn.wire.selector.expression.Condition;
import io.posthorn.wire.selector.expression.Literal;
import io.posthorn.wire.selector.expression.Logic;
import java.util.Objects;
import java.util.Optional;

/**
 * An equality without which a selector matches nothing, so that a queue can find its consumers by value instead of asking
 * each one. A message whose value of {@code name} differs from {@code value} is never matched by the selector; one where
 * it is equal has still to be tested.
 *
 * <p>A {@code Long} also equals a float or double of the same value. Numbers beyond 2^53, where a double stands for
 * several of them, are not given out; so a double that equals the key is the key after a cast to {@code long}.
 *
 * @param name a property, or one of the header fields JMSMessageID, JMSCorrelationID, JMSType, JMSPriority, JMSTimestamp
 * @param value a {@code String} or a {@code Long}
 */
public record EqualityKey(String name, Object value) {

    private static final long EXACT_IN_DOUBLE_MAX = 1L << 53;

    public EqualityKey {
        Objects.requireNonNull(name, "name");
        if (!(value instanceof String) && !(value instanceof Long)) {
            throw new IllegalArgumentException("a key is a String or a Long, not " + value);
        }
    }

    /** The key of a condition that tells most messages apart: ids first, then strings, then numbers. */
    static Optional<EqualityKey> of(Condition condition) {
        return Optional.ofNullable(keyOf(condition));
    }

    private static EqualityKey keyOf(Condition condition) {
        if (condition instanceof Logic.And and) {
            EqualityKey best = null;
            for (Condition part : and.parts()) {
                EqualityKey key = keyOf(part);
                if (key != null && (best == null || key.rank() < best.rank())) {
                    best = key;
                }
            }
            return best;
        }
        // the delivery mode has two values: no use as a key
        if (condition instanceof Comparison.OfText text
                && text.isEqual()
                && !text.reference().name().equals("JMSDeliveryMode")) {
            return new EqualityKey(text.reference().name(), text.literal().text());
        }
        if (condition instanceof Comparison.OfNumber number
                && number.operator() == Comparison.Operator.EQUAL
                && isKey(number.literal())) {
            return new EqualityKey(number.reference().name(), number.literal().exact());
        }
        return null;
    }

    private static boolean isKey(Literal.Numeric literal) {
        return literal.isExact() && literal.exact() <= EXACT_IN_DOUBLE_MAX && literal.exact() >= -EXACT_IN_DOUBLE_MAX;
    }

    private int rank() {
        if (name.equals("JMSCorrelationID") || name.equals("JMSMessageID")) {
            return 0;
        }
        return value instanceof String ? 1 : 2;
    }
}
