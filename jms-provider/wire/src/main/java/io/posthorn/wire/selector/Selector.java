package io.posthorn.wire.selector;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.expression.Condition;
import io.posthorn.wire.selector.expression.Logic;
import io.posthorn.wire.selector.expression.Truth;
import java.util.Optional;

/**
 * A parsed selector (JMS 3.1 section 3.8). Immutable and thread-safe. Where the specification leaves room, this is how
 * it is filled:
 *
 * <ul>
 *   <li><b>Null.</b> A header field or property that is missing or null makes a comparison or arithmetic unknown. So does
 *       the division of an exact number by an exact zero.
 *   <li><b>Unlike types.</b> A comparison of values of unlike types is false, whichever its operator: with {@code n} set
 *       to a string, {@code n = 1}, {@code n <> 1} and {@code n + 1 > 0} are all false. BETWEEN, IN and LIKE are
 *       comparisons with or without their own NOT: {@code n NOT IN ('a')} is false for a number. A false comparison is
 *       false like any other, so that a NOT in front of it, as in {@code NOT (n = 1)}, is true. Byte arrays and chars are
 *       like nothing. A property alone is short for {@code property = TRUE}.
 *   <li><b>Numbers.</b> All exact numbers are computed and compared as {@code long}, wrapping round; all others, and
 *       those beside them, as {@code double}. An int that would overflow in Java does not overflow here, and a float is
 *       widened, so {@code f = 0.1} is false for a float property 0.1 and {@code f = 0.1f} is true.
 *   <li><b>Literals.</b> Exact and approximate literals are Java's, of any radix, with or without suffix; an exact one is
 *       always a {@code long}.
 *   <li><b>Header fields.</b> The six that the specification allows; another name that begins with JMS, unless with JMSX
 *       or JMS_, is refused. JMSCorrelationID is null when it was set as bytes. What belongs to a delivery and not to
 *       the message (JMSXDeliveryCount) is null.
 *   <li><b>Strings</b> are equal when their UTF-8 is. The _ of LIKE is one Unicode character.
 *   <li><b>Static types.</b> What can match nothing whatever the message holds, as {@code 'a' > 5}, {@code TRUE + 1} or
 *       {@code JMSPriority = 'high'}, is refused when it is parsed.
 * </ul>
 */
public final class Selector {

    private final String text;
    private final Condition condition;

    private Selector(String text, Condition condition) {
        this.text = text;
        this.condition = condition;
    }

    /**
     * Parses a selector of at most 65,536 characters and at most 200 levels of nesting. Null and blank text select
     * everything. Errors say what was found at which column and what was expected there.
     */
    public static Selector parse(String text) throws InvalidSelectorSyntaxException {
        if (text == null || text.isBlank()) {
            return new Selector(text == null ? "" : text, new Logic.Constant(true));
        }
        return new Selector(text, new Parser(text).parse());
    }

    /**
     * Whether the condition is true (not false, not unknown) for the message. Identifiers that are compared with literals
     * cost no memory. The only exception is a {@link io.posthorn.wire.message.MalformedException} for an envelope whose
     * headers or properties are broken.
     */
    public boolean matches(Envelope envelope) {
        return condition.test(envelope) == Truth.TRUE;
    }

    /** An equality that every matched message fulfils, when the text shows one in its outermost chain of ANDs. */
    public Optional<EqualityKey> requiredEquality() {
        return EqualityKey.of(condition);
    }

    /** The text as it was parsed; empty for null. */
    @Override
    public String toString() {
        return text;
    }
}
