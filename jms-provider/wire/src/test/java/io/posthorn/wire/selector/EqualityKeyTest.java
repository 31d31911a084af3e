package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.parsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EqualityKeyTest {

    @Test
    void shouldFindTheEqualityThatASelectorRequires() {
        assertKey("JMSCorrelationID = 'c-1'", "JMSCorrelationID", "c-1");
        assertKey("'c-1' = JMSCorrelationID", "JMSCorrelationID", "c-1");
        assertKey("customer = 'o''hara' AND weight > 5", "customer", "o'hara");
        assertKey("weight > 5 AND (urgent AND (customer = 'x'))", "customer", "x");
        assertKey("n = 5", "n", 5L);
        assertKey("-5 = n", "n", -5L);
        assertKey("n = 0x10 + 1", "n", 17L);
        assertKey("JMSPriority = 9", "JMSPriority", 9L);
        assertKey("n = 9007199254740992", "n", 1L << 53);
    }

    @Test
    void shouldPreferTheKeyThatTellsMostMessagesApart() {
        assertKey("n = 5 AND a = 'x' AND b = 'y'", "a", "x");
        assertKey("JMSType = 'car' AND JMSCorrelationID = 'c-1'", "JMSCorrelationID", "c-1");
        assertKey("JMSDeliveryMode = 'PERSISTENT' AND n = 5", "n", 5L);
    }

    @Test
    void shouldFindNoneWhereNoneIsRequired() {
        for (String selector : new String[] {
            null,
            "",
            "a = 'x' OR b = 'y'",
            "NOT a = 'x'",
            "a <> 'x'",
            "a > 5",
            "a = 5.0",
            "a = b",
            "a = TRUE",
            "a IN ('x')",
            "a LIKE 'x'",
            "a BETWEEN 5 AND 5",
            "(a = 'x') = b",
            "a + 1 = 5",
            "a = 9007199254740993",
            "a = -9007199254740993",
            "JMSDeliveryMode = 'PERSISTENT'",
            "a <> 5"
        }) {
            assertThat(parsed(selector).requiredEquality()).as("%s", selector).isEmpty();
        }
    }

    @Test
    void shouldHoldStringsAndLongsOnly() {
        assertThatThrownBy(() -> new EqualityKey("a", 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EqualityKey(null, 5L)).isInstanceOf(NullPointerException.class);
    }

    private static void assertKey(String selector, String name, Object value) {
        assertThat(parsed(selector).requiredEquality()).as(selector).contains(new EqualityKey(name, value));
    }
}
