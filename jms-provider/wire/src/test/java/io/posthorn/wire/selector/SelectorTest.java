package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.assertAll;
import static io.posthorn.wire.selector.Verdicts.assertVerdicts;
import static io.posthorn.wire.selector.Verdicts.message;
import static io.posthorn.wire.selector.Verdicts.parsed;
import static io.posthorn.wire.selector.Verdicts.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.MalformedException;
import org.junit.jupiter.api.Test;

class SelectorTest {

    private static final Envelope EMPTY = message();
    private static final Envelope MIXED = message(
            "text",
            "abc",
            "int",
            5,
            "long",
            5L,
            "double",
            5.5,
            "yes",
            true,
            "no",
            false,
            "byte",
            (byte) -7,
            "short",
            (short) 300,
            "float",
            0.1f,
            "nothing",
            null,
            "char",
            'x',
            "bytes",
            new byte[] {1},
            "empty",
            "");

    @Test
    void shouldSelectEverythingWithoutText() {
        assertThat(parsed(null).matches(EMPTY)).isTrue();
        assertThat(parsed("").matches(EMPTY)).isTrue();
        assertThat(parsed(" \t\f\r\n").matches(EMPTY)).isTrue();
        assertThat(parsed(null)).hasToString("");
    }

    @Test
    void shouldKeepItsTextAsItWasWritten() {
        assertThat(parsed(" a  = 'x' ")).hasToString(" a  = 'x' ");
    }

    @Test
    void shouldFollowTheTruthTables() {
        // a missing property is unknown
        Envelope message = message("t", true, "f", false);
        assertVerdicts(message, new String[][] {
            {"t AND t", "TRUE"},
            {"t AND f", "FALSE"},
            {"t AND u", "UNKNOWN"},
            {"f AND t", "FALSE"},
            {"f AND f", "FALSE"},
            {"f AND u", "FALSE"},
            {"u AND t", "UNKNOWN"},
            {"u AND f", "FALSE"},
            {"u AND u", "UNKNOWN"},
            {"t OR t", "TRUE"},
            {"t OR f", "TRUE"},
            {"t OR u", "TRUE"},
            {"f OR t", "TRUE"},
            {"f OR f", "FALSE"},
            {"f OR u", "UNKNOWN"},
            {"u OR t", "TRUE"},
            {"u OR f", "UNKNOWN"},
            {"u OR u", "UNKNOWN"},
            {"NOT t", "FALSE"},
            {"NOT f", "TRUE"},
            {"NOT u", "UNKNOWN"},
            {"NOT NOT t", "TRUE"},
            {"t AND t AND u AND f", "FALSE"},
            {"f OR u OR f OR t", "TRUE"},
            {"f OR u OR f", "UNKNOWN"},
        });
    }

    @Test
    void shouldBindNotBeforeAndBeforeOr() {
        Envelope message = message("t", true, "f", false, "n", 1);
        assertVerdicts(message, new String[][] {
            {"NOT t AND f", "FALSE"}, {"NOT (t AND f)", "TRUE"},
            {"t OR t AND f", "TRUE"}, {"(t OR t) AND f", "FALSE"},
            {"f AND t OR t", "TRUE"}, {"f AND (t OR t)", "FALSE"},
            {"NOT f OR t", "TRUE"}, {"NOT (f OR t)", "FALSE"},
            {"NOT n = 2", "TRUE"}, {"NOT n BETWEEN 2 AND 3 AND t", "TRUE"},
            {"t AND n BETWEEN 0 AND 1 AND t", "TRUE"},
        });
    }

    @Test
    void shouldCompareStringsForEqualityOfAllCharacters() {
        assertVerdicts(MIXED, new String[][] {
            {"text = 'abc'", "TRUE"},
            {"text <> 'abc'", "FALSE"},
            {"text = 'ab'", "FALSE"},
            {"text <> 'abcd'", "TRUE"},
            {"text = 'ABC'", "FALSE"},
            {"'abc' = text", "TRUE"},
            {"'x' <> text", "TRUE"},
            {"text = text", "TRUE"},
            {"text <> empty", "TRUE"},
            {"empty = ''", "TRUE"},
            {"'a' = 'a'", "TRUE"},
            {"'a' <> 'a'", "FALSE"},
            {"missing = ''", "UNKNOWN"},
            {"missing <> 'x'", "UNKNOWN"},
            {"nothing = 'x'", "UNKNOWN"},
            {"missing = missing", "UNKNOWN"},
            {"text = missing", "UNKNOWN"},
        });
    }

    @Test
    void shouldUndoubleQuotesInStrings() {
        Envelope message = message("p", "literal's", "q", "'", "r", "''");
        assertAll("TRUE", message, "p = 'literal''s'", "q = ''''", "r = ''''''", "q <> ''");
    }

    @Test
    void shouldCompareTextBeyondAscii() {
        Envelope message = message("größe", "žluťoučký", "smile", "\uD83D\uDE00", "\uD835\uDC9C", 1);
        assertAll("TRUE", message, "größe = 'žluťoučký'", "smile = '\uD83D\uDE00'", "\uD835\uDC9C = 1");
        assertAll("FALSE", message, "größe = 'zlutoucky'", "smile = '?'");
    }

    @Test
    void shouldCompareBooleans() {
        assertVerdicts(MIXED, new String[][] {
            {"yes", "TRUE"},
            {"no", "FALSE"},
            {"missing", "UNKNOWN"},
            {"yes = TRUE", "TRUE"},
            {"yes = FALSE", "FALSE"},
            {"yes <> TRUE", "FALSE"},
            {"yes <> FALSE", "TRUE"},
            {"no = false", "TRUE"},
            {"TRUE = yes", "TRUE"},
            {"FALSE <> no", "FALSE"},
            {"yes = no", "FALSE"},
            {"yes <> no", "TRUE"},
            {"missing = TRUE", "UNKNOWN"},
            {"TRUE", "TRUE"},
            {"FALSE", "FALSE"},
            {"TRUE = TRUE", "TRUE"},
            {"TRUE <> TRUE", "FALSE"},
            {"(int > 1) = yes", "TRUE"},
            {"(int > 1) = (long > 9)", "FALSE"},
            {"(missing > 1) = TRUE", "UNKNOWN"},
        });
    }

    @Test
    void shouldFindComparisonsOfUnlikeTypesFalseWhateverTheOperator() {
        assertAll(
                "FALSE",
                MIXED,
                "text = 5",
                "text <> 5",
                "text < 5",
                "text >= 5",
                "5 > text",
                "int = 'abc'",
                "int <> 'abc'",
                "yes = 'true'",
                "yes <> 'true'",
                "yes = 1",
                "int = TRUE",
                "int <> TRUE",
                "text = TRUE",
                "text <> FALSE",
                "text = int",
                "text <> int",
                "text < text",
                "yes < no",
                "yes > 0",
                "text",
                "int",
                "char = 'x'",
                "char <> 'x'",
                "char = 120",
                "char > 1",
                "char = char",
                "bytes = bytes",
                "bytes <> 1");
    }

    @Test
    void shouldNegateAFalseComparisonOfUnlikeTypes() {
        assertAll("TRUE", MIXED, "NOT (text = 5)", "NOT text < 5", "NOT int = 'x'", "NOT text");
    }

    @Test
    void shouldFindArithmeticOnWhatIsNoNumberUnlikeAnything() {
        assertAll(
                "FALSE",
                MIXED,
                "text + 1 > 0",
                "text + 1 <= 0",
                "-text = 1",
                "+text = text",
                "1 + yes = 2",
                "int * text = 5",
                "text + 1 = text + 1",
                "text + 1 BETWEEN 0 AND 9",
                "text + 1 NOT BETWEEN 0 AND 9");
        assertAll("UNKNOWN", MIXED, "text + missing = 1", "missing * yes > 0", "-missing = 1", "int + nothing < 5");
    }

    @Test
    void shouldTestForNull() {
        assertVerdicts(MIXED, new String[][] {
            {"missing IS NULL", "TRUE"}, {"missing IS NOT NULL", "FALSE"}, {"nothing IS NULL", "TRUE"},
            {"nothing is not null", "FALSE"}, {"text IS NULL", "FALSE"}, {"text IS NOT NULL", "TRUE"},
            {"empty IS NULL", "FALSE"}, {"no IS NOT NULL", "TRUE"}, {"bytes IS NOT NULL", "TRUE"},
            {"(int) IS NOT NULL", "TRUE"}, {"NOT missing IS NULL", "FALSE"},
        });
    }

    @Test
    void shouldTreatBetweenAsTwoComparisons() {
        assertVerdicts(MIXED, new String[][] {
            {"int BETWEEN 5 AND 5", "TRUE"},
            {"int BETWEEN 4 AND 6", "TRUE"},
            {"int BETWEEN 6 AND 4", "FALSE"},
            {"int BETWEEN 6 AND 9", "FALSE"},
            {"int BETWEEN 1 AND 4", "FALSE"},
            {"int BETWEEN 4.5 AND 5.5", "TRUE"},
            {"int NOT BETWEEN 5 AND 5", "FALSE"},
            {"int NOT BETWEEN 6 AND 4", "TRUE"},
            {"int NOT BETWEEN 6 AND 9", "TRUE"},
            {"int NOT BETWEEN 1 AND 4", "TRUE"},
            {"int + 1 BETWEEN long AND double + 1", "TRUE"},
            {"5 BETWEEN int AND long", "TRUE"},
            {"byte between -8 and +0", "TRUE"},
            {"short BETWEEN 0x12B AND 0455", "TRUE"},
            {"short BETWEEN 0x12D AND 0777", "FALSE"},
            {"missing BETWEEN 1 AND 2", "UNKNOWN"},
            {"missing NOT BETWEEN 1 AND 2", "UNKNOWN"},
            {"int BETWEEN missing AND 9", "UNKNOWN"},
            {"int BETWEEN missing AND 4", "FALSE"},
            {"int NOT BETWEEN missing AND 4", "TRUE"},
            {"int NOT BETWEEN 1 AND missing", "UNKNOWN"},
            {"text BETWEEN 1 AND 9", "FALSE"},
            {"text NOT BETWEEN 1 AND 9", "FALSE"},
            {"int BETWEEN text AND 9", "FALSE"},
            {"NOT text BETWEEN 1 AND 9", "TRUE"},
        });
    }

    @Test
    void shouldLookForMembersOfAList() {
        assertVerdicts(MIXED, new String[][] {
            {"text IN ('abc')", "TRUE"},
            {"text in ('x', 'abc','y')", "TRUE"},
            {"text IN ('x','ab','abcd','')", "FALSE"},
            {"text NOT IN ('abc')", "FALSE"},
            {"text NOT IN ('x')", "TRUE"},
            {"empty IN ('')", "TRUE"},
            {"text IN ('a''bc')", "FALSE"},
            {"missing IN ('abc')", "UNKNOWN"},
            {"missing NOT IN ('abc')", "UNKNOWN"},
            {"int IN ('5')", "FALSE"},
            {"int NOT IN ('5')", "FALSE"},
            {"NOT int IN ('5')", "TRUE"},
            {"yes NOT IN ('true')", "FALSE"},
        });
    }

    @Test
    void shouldLookForMembersOfALongList() throws Exception {
        StringBuilder list = new StringBuilder("'member0'");
        for (int i = 1; i < 1_000; i++) {
            list.append(",'member").append(i).append('\'');
        }
        Selector in = Selector.parse("p IN (" + list + ",'member7')");
        Selector notIn = Selector.parse("p NOT IN (" + list + ")");
        for (int i = 0; i < 2_000; i++) {
            Envelope message = message("p", "member" + i);
            assertThat(in.matches(message)).as("member%d", i).isEqualTo(i < 1_000);
            assertThat(notIn.matches(message)).as("member%d", i).isEqualTo(i >= 1_000);
        }
        assertThat(in.matches(message("p", ""))).isFalse();
    }

    @Test
    void shouldReadOperatorsInAnyCase() {
        Envelope message = message("a", 20, "b", "foo_test", "c", true);
        assertAll(
                "TRUE",
                message,
                "x is null and b like 'fooG_%' escape 'G' and b in ('foo_test') and a not between 0 and 10 and (c or false)",
                "X Is Null AnD b LiKe 'foo%' oR nOt TrUe");
    }

    @Test
    void shouldReadIdentifiersWithTheirCase() {
        Envelope message =
                message("myProp", 1, "MYpROP", 2, "$a", 3, "_b", 4, "ıs", 5, "order", 6, "nulls", 7, "a1", 8);
        assertAll(
                "TRUE",
                message,
                "myProp = 1",
                "MYpROP = 2",
                "$a = 3 AND _b = 4",
                "order = 6 AND nulls = 7 AND a1 = 8",
                // a keyword is made of ASCII: this i has no dot
                "ıs = 5");
        assertThat(verdict("myprop = 1", message)).isEqualTo("UNKNOWN");
    }

    @Test
    void shouldPassOverJavaWhitespace() {
        Envelope message = message("a", "foo");
        assertAll(
                "TRUE",
                message,
                "a\t=\t'foo'",
                "a\f=\f'foo'",
                "a\n= \r\n'foo'",
                "  a='foo'  ",
                "a='foo'AND(a)IN('foo')");
    }

    @Test
    void shouldSeeTheHeaderFieldsThatSelectorsMayName() {
        Envelope message = new EnvelopeBuilder()
                .persistent(true)
                .priority(7)
                .timestamp(1_700_000_000_000L)
                .messageId("ID:1")
                .correlationId("c-1")
                .type("car")
                .build();
        assertAll(
                "TRUE",
                message,
                "JMSDeliveryMode = 'PERSISTENT'",
                "JMSDeliveryMode <> 'NON_PERSISTENT'",
                "JMSPriority = 7",
                "JMSPriority > 6.5",
                "JMSPriority BETWEEN 7 AND 9",
                "JMSTimestamp = 1700000000000",
                "JMSTimestamp - 1 < 1700000000000",
                "JMSMessageID = 'ID:1'",
                "JMSCorrelationID = 'c-1'",
                "JMSType = 'car'",
                "JMSType IN ('bus', 'car')",
                "JMSType LIKE 'c_r'",
                "JMSMessageID IS NOT NULL",
                "JMSDeliveryMode LIKE 'PERS%'",
                "JMSDeliveryMode IN ('PERSISTENT')",
                "JMSDeliveryMode IS NOT NULL",
                "JMSType <> JMSMessageID",
                "JMSDeliveryMode <> JMSType",
                "JMSPriority < JMSTimestamp");
        assertAll(
                "FALSE",
                message,
                "JMSDeliveryMode = 'NON_PERSISTENT'",
                "JMSDeliveryMode = 'persistent'",
                "JMSType = 'ca'",
                "JMSPriority IS NULL",
                "JMSTimestamp IS NULL");
    }

    @Test
    void shouldTreatAbsentHeaderFieldsAsNull() {
        assertAll(
                "UNKNOWN",
                EMPTY,
                "JMSMessageID = 'x'",
                "JMSCorrelationID <> 'x'",
                "JMSType LIKE '%'",
                "JMSType NOT IN ('x')");
        assertAll(
                "TRUE",
                EMPTY,
                "JMSMessageID IS NULL",
                "JMSCorrelationID IS NULL",
                "JMSType IS NULL",
                "JMSTimestamp = 0",
                "JMSPriority = 4",
                "JMSDeliveryMode = 'NON_PERSISTENT'");
        Envelope withBytes =
                new EnvelopeBuilder().correlationBytes(new byte[] {'x'}).build();
        assertThat(verdict("JMSCorrelationID = 'x'", withBytes)).isEqualTo("UNKNOWN");
    }

    @Test
    void shouldTakeDefinedAndProviderPropertiesForProperties() {
        Envelope message = message("JMSXGroupID", "g", "JMSXGroupSeq", 2, "JMS_Posthorn_x", true);
        assertAll("TRUE", message, "JMSXGroupID = 'g' AND JMSXGroupSeq > 1 AND JMS_Posthorn_x");
        assertThat(verdict("JMSXDeliveryCount > 1", message)).isEqualTo("UNKNOWN");
    }

    @Test
    void shouldAnswerTheExampleOfTheSpecification() throws Exception {
        Selector selector = Selector.parse("JMSType = 'car' AND color = 'blue' AND weight > 2500");
        EnvelopeBuilder car =
                new EnvelopeBuilder().type("car").property("color", "blue").property("weight", 2501);
        assertThat(selector.matches(car.build())).isTrue();
        assertThat(selector.matches(car.property("weight", 2500).build())).isFalse();
        assertThat(selector.matches(car.property("weight", "2501").build())).isFalse();
        assertThat(selector.matches(car.property("weight", null).build())).isFalse();
    }

    @Test
    void shouldEvaluateLongChainsWithoutADeepStack() throws Exception {
        String and = "a=1" + " AND a=1".repeat(8_000);
        String or = "a=2" + " OR a=2".repeat(8_000) + " OR a=1";
        String sum = "a" + "+a".repeat(30_000) + " = 30001";
        String product = "a" + "*a".repeat(30_000) + " = 1";
        for (String selector : new String[] {and, or, sum, product}) {
            assertThat(Selector.parse(selector).matches(message("a", 1))).isTrue();
        }
    }

    @Test
    void shouldReportABrokenEnvelopeAsMalformed() throws Exception {
        byte[] bytes = message("a", "xyz").bytes().clone();
        bytes[40] = 100; // the length of the name
        Envelope broken = Envelope.of(bytes);
        assertThatThrownBy(() -> parsed("a = 'x'").matches(broken)).isInstanceOf(MalformedException.class);
    }
}
