package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.ValuePlace;
import java.util.List;

/**
 * The logical operators (tables 3-4 to 3-6 of JMS 3.1) and the conditions that are an identifier or a literal alone. AND
 * and OR hold a whole chain, so that a long one needs no deep stack.
 */
public final class Logic {

    private Logic() {}

    /** False as soon as one part is, otherwise unknown as soon as one part is. */
    public record And(List<Condition> parts) implements Condition {

        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public Truth test(Envelope message) {
            Truth result = Truth.TRUE;
            for (int i = 0; i < parts.size(); i++) {
                Truth part = parts.get(i).test(message);
                if (part == Truth.FALSE) {
                    return Truth.FALSE;
                }
                if (part == Truth.UNKNOWN) {
                    result = Truth.UNKNOWN;
                }
            }
            return result;
        }
    }

    /** True as soon as one part is, otherwise unknown as soon as one part is. */
    public record Or(List<Condition> parts) implements Condition {

        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public Truth test(Envelope message) {
            Truth result = Truth.FALSE;
            for (int i = 0; i < parts.size(); i++) {
                Truth part = parts.get(i).test(message);
                if (part == Truth.TRUE) {
                    return Truth.TRUE;
                }
                if (part == Truth.UNKNOWN) {
                    result = Truth.UNKNOWN;
                }
            }
            return result;
        }
    }

    /** Unknown stays unknown. */
    public record Not(Condition part) implements Condition {

        @Override
        public Truth test(Envelope message) {
            return part.test(message).negated();
        }
    }

    /** TRUE or FALSE in the text. */
    public record Constant(boolean value) implements Condition {

        @Override
        public Truth test(Envelope message) {
            return Truth.of(value);
        }
    }

    /** A property alone is short for {@code property = TRUE}; false for one that is no boolean. */
    public record IsFlag(Reference reference, boolean wanted) implements Condition {

        @Override
        public Truth test(Envelope message) {
            long place = reference.locate(message);
            if (ValuePlace.isNull(place)) {
                return Truth.UNKNOWN;
            }
            return Truth.of(ValuePlace.isFlag(place) && ValuePlace.flag(reference.source(message), place) == wanted);
        }
    }

    /** IS NULL and IS NOT NULL; never unknown. */
    public record IsNull(Reference reference, boolean negated) implements Condition {

        @Override
        public Truth test(Envelope message) {
            return Truth.of(ValuePlace.isNull(reference.locate(message)) != negated);
        }
    }
}
