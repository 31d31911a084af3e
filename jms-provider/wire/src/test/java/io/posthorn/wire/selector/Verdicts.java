package io.posthorn.wire.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;

/** Asks a selector for its truth value through its public surface: unknown is what NOT does not turn into true. */
final class Verdicts {

    private Verdicts() {}

    static Selector parsed(String selector) {
        try {
            return Selector.parse(selector);
        } catch (InvalidSelectorSyntaxException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    static String verdict(String selector, Envelope message) {
        boolean isTrue = parsed(selector).matches(message);
        boolean isFalse = parsed("NOT (" + selector + ")").matches(message);
        assertThat(isTrue && isFalse).as(selector).isFalse();
        return isTrue ? "TRUE" : isFalse ? "FALSE" : "UNKNOWN";
    }

    /** Rows of a selector and the expected verdict. */
    static void assertVerdicts(Envelope message, String[][] rows) {
        for (String[] row : rows) {
            assertThat(verdict(row[0], message)).as(row[0]).isEqualTo(row[1]);
        }
    }

    static void assertAll(String expected, Envelope message, String... selectors) {
        for (String selector : selectors) {
            assertThat(verdict(selector, message)).as(selector).isEqualTo(expected);
        }
    }

    /** A message with properties: name, value, name, value... */
    static Envelope message(Object... namesAndValues) {
        EnvelopeBuilder builder = new EnvelopeBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.property((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    static String refusal(String selector) {
        try {
            Selector.parse(selector);
        } catch (InvalidSelectorSyntaxException e) {
            return e.getMessage();
        }
        throw new AssertionError("accepted: " + selector);
    }
}
