package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.message;
import static io.posthorn.wire.selector.Verdicts.parsed;
import static io.posthorn.wire.selector.Verdicts.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelectorErrorsTest {

    /** Selector, column, found, a part of what is expected. */
    private static void assertRefusals(Object[][] rows) {
        for (Object[] row : rows) {
            String selector = (String) row[0];
            assertThat(refusal(selector))
                    .as(selector)
                    .startsWith("Bad selector at column " + row[1] + ": found " + row[2] + ", expected ")
                    .contains((String) row[3])
                    .contains("The selector is: ");
        }
    }

    @Test
    void shouldNameColumnFoundAndExpected() {
        assertThat(refusal("myProp 'foo'"))
                .isEqualTo("Bad selector at column 8: found 'foo', expected an operator or the end."
                        + " The selector is: myProp 'foo'");
        assertRefusals(new Object[][] {
            {"=TEST 'test'", 1, "=", "an identifier, a literal or ("},
            {"a =", 4, "the end", "an identifier, a literal or ("},
            {"a = b = c", 7, "=", "an operator or the end"},
            {"a AND", 6, "the end", "an identifier"},
            {"a OR OR b", 6, "OR", "an identifier"},
            {"(a = 1", 7, "the end", "an operator or )"},
            {"a = 1)", 6, ")", "an operator or the end"},
            {"()", 2, ")", "an identifier"},
            {"a NOT b", 7, "b", "BETWEEN, IN or LIKE"},
            {"a IS 5", 6, "5", "NULL or NOT NULL"},
            {"a IS NOT TRUE", 10, "TRUE", "NULL after IS NOT"},
            {"a BETWEEN 1 OR 2", 13, "OR", "AND and the upper bound"},
            {"a IN 'x'", 6, "'x'", "( after IN"},
            {"a IN ()", 7, ")", "a string"},
            {"a NOT IN (1,2,3)", 11, "1", "a string"},
            {"a IN ('x' 'y')", 11, "'y'", ", or )"},
            {"a IN ('x',)", 11, ")", "a string"},
            {"a IN (b)", 7, "b", "a string"},
            {"a LIKE 7", 8, "7", "a string after LIKE"},
            {"a LIKE b", 8, "b", "a string after LIKE"},
            {"a = 'x", 5, "a string that does not end", "closing '"},
            {"a = \"x\"", 5, "a double quote", "single quotes"},
            {"a != 5", 3, "!", "<>"},
            {"a == 5", 4, "=", "an identifier"},
            {"a = #", 5, "#", "an identifier"},
            {"a.b = 5", 2, ".", "an identifier"},
            {"a = \u00A05", 5, "the character U+00A0", "an identifier"},
            {"a = NULL", 5, "NULL", "IS NULL"},
            {"a = 5 -- a note", 12, "note", "an operator or the end"},
        });
    }

    @Test
    void shouldRefuseKeywordsAsIdentifiers() {
        for (String word :
                new String[] {"NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE"}) {
            assertThat(refusal(word + " = 0")).as(word).startsWith("Bad selector at column ");
            assertThat(refusal(word.toLowerCase(java.util.Locale.ROOT) + " = 0"))
                    .as(word)
                    .contains("column");
        }
    }

    @Test
    void shouldRefuseComparisonsThatNeverHold() {
        assertRefusals(new Object[][] {
            {"'a' > 5", 5, "> between a string and a number", "one type"},
            {"TRUE = 0", 6, "= between a boolean and a number", "one type"},
            {"'a' = TRUE", 5, "= between a string and a boolean", "one type"},
            {"a > 'foo'", 3, "> with a string", "= or <>"},
            {"'foo' <= a", 7, "<= with a string", "= or <>"},
            {"a < TRUE", 3, "< with a boolean", "= or <>"},
            {"TRUE >= FALSE", 6, ">= with a boolean", "= or <>"},
            {"'foo' > TRUE ", 7, "> between a string and a boolean", "one type"},
            {"JMSType = 5", 9, "= between a string and a number", "one type"},
            {"JMSPriority = 'high'", 13, "= between a number and a string", "one type"},
            {"JMSDeliveryMode = 2", 17, "= between a string and a number", "one type"},
            {"a + 1 = 'x'", 7, "= between a number and a string", "one type"},
            {"(a = 1) = 1", 9, "= between a boolean and a number", "one type"},
        });
    }

    @Test
    void shouldRefuseOperatorsOnValuesTheyCannotHave() {
        assertRefusals(new Object[][] {
            {"TRUE + 1 = 2", 1, "a boolean", "a number beside +"},
            {"1 + 'a' = 2", 5, "a string", "a number beside +"},
            {"2 * (a = 1) = 2", 5, "a boolean", "a number beside *"},
            {"-'a' = 2", 2, "a string", "a number beside -"},
            {"+JMSType = 2", 2, "a string", "a number beside +"},
            {"a BETWEEN 'foo' and 'test'", 11, "a string", "a number beside BETWEEN"},
            {"a BETWEEN 1 AND 'x'", 17, "a string", "a number beside BETWEEN"},
            {"'a' BETWEEN 1 AND 2", 1, "a string", "a number beside BETWEEN"},
            {"JMSType NOT BETWEEN 1 AND 2", 1, "a string", "a number beside BETWEEN"},
            {"'a' LIKE 'b'", 1, "a string", "an identifier before LIKE"},
            {"5 LIKE 'b'", 1, "a number", "an identifier before LIKE"},
            {"JMSPriority LIKE '4'", 1, "JMSPriority, which is a number", "a string before LIKE"},
            {"a AND JMSTimestamp IN ('4')", 7, "JMSTimestamp, which is a number", "a string before IN"},
            {"a + 1 IN ('4')", 1, "a number", "an identifier before IN"},
            {"5 IS NULL", 1, "a number", "an identifier before IS NULL"},
            {"(a = 1) IS NULL", 1, "a boolean", "an identifier before IS NULL"},
        });
    }

    @Test
    void shouldRefuseWhatIsNoCondition() {
        assertRefusals(new Object[][] {
            {"5", 1, "a number", "a condition"},
            {"'a'", 1, "a string", "a condition"},
            {"a + 1", 1, "a number", "a condition"},
            {"JMSType", 1, "a string", "a condition"},
            {"JMSPriority", 1, "a number", "a condition"},
            {"a AND 5", 7, "a number", "a condition"},
            {"'x' OR a", 1, "a string", "a condition"},
            {"NOT 5", 5, "a number", "a condition"},
            {"NOT (a + 1)", 5, "a number", "a condition"},
        });
    }

    @Test
    void shouldRefuseOtherHeaderFields() {
        for (String name : new String[] {
            "JMSDestination",
            "JMSReplyTo",
            "JMSExpiration",
            "JMSRedelivered",
            "JMSDeliveryTime",
            "JMSfoo",
            "JMS",
            "JMSmessageID"
        }) {
            assertRefusals(new Object[][] {
                {"a OR " + name + " IS NULL", 6, name + ", which selectors cannot use", "JMSCorrelationID, JMSType"}
            });
        }
        assertThat(parsed("jmsFoo IS NULL AND JmsType IS NULL").matches(message()))
                .isTrue();
    }

    @Test
    void shouldBoundTheLength() throws Exception {
        String longest = "a = 1" + " ".repeat(Parser.LENGTH_MAX - 5);
        assertThat(longest).hasSize(65_536);
        assertThat(Selector.parse(longest).matches(message("a", 1))).isTrue();
        assertThat(refusal(longest + " ")).contains("a selector of 65537 characters, expected at most 65536");
    }

    @Test
    void shouldBoundTheNesting() throws Exception {
        assertThat(Selector.parse(nested("(", 200, "a", ")")).matches(message("a", true)))
                .isTrue();
        assertThat(Selector.parse(nested("NOT ", 200, "a", "")).matches(message("a", true)))
                .isTrue();
        assertThat(Selector.parse(nested("- ", 200, "a", "") + " = 1").matches(message("a", 1)))
                .isTrue();
        assertThat(Selector.parse(nested("NOT (", 100, "a", ")")).matches(message("a", true)))
                .isTrue();
        for (String tooDeep : new String[] {
            nested("(", 201, "a", ")"),
            nested("NOT ", 201, "a", ""),
            nested("-", 201, "a", "") + " = 1",
            nested("(", 60_000, "", ""),
            nested("-", 60_000, "", ""),
            nested("NOT ", 16_000, "", ""),
            nested("-(+", 70, "a", ")") + " = 1",
            nested("NOT (", 101, "a", ")")
        }) {
            assertThat(refusal(tooDeep)).contains("level 201 of parentheses").contains("at most 200");
        }
        // what stands side by side is not nested
        assertThat(Selector.parse("(a)" + " AND (a)".repeat(500)).matches(message("a", true)))
                .isTrue();
    }

    @Test
    void shouldShortenTheSelectorAndKeepItOnOneLine() {
        String text = refusal("good = 1\n AND ".repeat(100) + "bad bad" + " AND good = 1".repeat(1_000));
        assertThat(text)
                .hasSizeLessThan(300)
                .contains("bad bad")
                .doesNotContain("\n")
                .contains("...");
        assertThat(refusal("a 'x" + "y".repeat(1_000) + "'")).hasSizeLessThan(300);
    }

    private static String nested(String before, int times, String inner, String after) {
        return before.repeat(times) + inner + after.repeat(times);
    }
}
