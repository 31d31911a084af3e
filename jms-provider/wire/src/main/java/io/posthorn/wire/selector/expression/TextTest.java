package io.posthorn.wire.selector.expression;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.ValuePlace;

/**
 * IN and LIKE with their NOT: unknown for a null, false for a value that is no string (also with NOT, since the whole is
 * one comparison of unlike types), otherwise what the criterion says of the string's UTF-8.
 */
public record TextTest(Reference reference, Criterion criterion, boolean negated) implements Condition {

    /** A question to a text in UTF-8. */
    public sealed interface Criterion permits TextSet, LikePattern {

        boolean accepts(byte[] bytes, int start, int length);
    }

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
        long span = ValuePlace.textSpan(bytes, place);
        return Truth.of(criterion.accepts(bytes, ValuePlace.spanStart(span), ValuePlace.spanLength(span)) != negated);
    }
}
