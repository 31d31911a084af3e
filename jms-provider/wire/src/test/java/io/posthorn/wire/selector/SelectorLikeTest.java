package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.assertVerdicts;
import static io.posthorn.wire.selector.Verdicts.message;
import static io.posthorn.wire.selector.Verdicts.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.posthorn.wire.message.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SelectorLikeTest {

    /** Text, pattern, expected. */
    private static void assertLikes(String[][] rows) {
        for (String[] row : rows) {
            Envelope message = message("p", row[0]);
            String quoted = "'" + row[1].replace("'", "''") + "'";
            boolean expected = Boolean.parseBoolean(row[2]);
            assertThat(Verdicts.verdict("p LIKE " + quoted, message))
                    .as("%s LIKE %s", row[0], row[1])
                    .isEqualTo(expected ? "TRUE" : "FALSE");
            assertThat(Verdicts.verdict("p NOT LIKE " + quoted, message))
                    .as("%s NOT LIKE %s", row[0], row[1])
                    .isEqualTo(expected ? "FALSE" : "TRUE");
        }
    }

    @Test
    void shouldMatchAnySequenceWithPercent() {
        assertLikes(new String[][] {
            {"123", "12%3", "true"},
            {"12993", "12%3", "true"},
            {"1234", "12%3", "false"},
            {"12", "12%3", "false"},
            {"abcd", "%cd", "true"},
            {"abcd", "ab%", "true"},
            {"abcd", "%", "true"},
            {"", "%", "true"},
            {"", "%%", "true"},
            {"abcd", "%bc%", "true"},
            {"abcd", "%cb%", "false"},
            {"abcd", "a%b%c%d", "true"},
            {"abcd", "abcd%", "true"},
            {"abcd", "%abcd", "true"},
            {"abcd", "abc%bcd", "false"},
            {"aa", "a%a", "true"},
            {"a", "a%a", "false"},
            {"abab", "%ab", "true"},
            {"ababc", "%abc%", "true"},
            {"aabaabaaab", "%aabaaab", "true"},
            {"aabaabaaabz", "%aabaaab%", "true"},
            {"xaaab", "%aab%", "true"},
            {"ababacx", "%abac%", "true"},
            {"aaab", "%aab%b", "false"},
            {"mississippi", "%iss%iss%pi", "true"},
            {"mississippi", "%iss%iss%iss%", "false"},
            {"abc", "%a%%b%%%c%", "true"},
            {"abcabc", "abc%%abc", "true"},
            {"abcab", "abc%%abc", "false"},
        });
    }

    @Test
    void shouldMatchOneCharacterWithUnderscore() {
        assertLikes(new String[][] {
            {"lose", "l_se", "true"},
            {"loose", "l_se", "false"},
            {"", "_", "false"},
            {"a", "_", "true"},
            {"ab", "_", "false"},
            {"ab", "__", "true"},
            {"abc", "_%_", "true"},
            {"a", "_%_", "false"},
            {"ab", "_%_", "true"},
            {"abcd", "%_cd", "true"},
            {"cd", "%_cd", "false"},
            {"abcd", "ab_%", "true"},
            {"ab", "ab_%", "false"},
            {"xxaybzz", "%a_b%", "true"},
            {"xxabzz", "%a_b%", "false"},
            {"aaxab", "%a_ab", "true"},
            {"abc", "%_%_%_%", "true"},
            {"ab", "%_%_%_%", "false"},
            {"a%c", "a_c", "true"},
            {"aab", "%_b%", "true"},
            {"b", "%_b%", "false"},
            {"abcabd", "%a_d%", "true"},
        });
    }

    @Test
    void shouldTakeAllOtherCharactersForThemselves() {
        assertLikes(new String[][] {
            {"jms", "jms", "true"},
            {"jms", "JMS", "false"},
            {"jmsx", "jms", "false"},
            {"jm", "jms", "false"},
            {"", "", "true"},
            {"a", "", "false"},
            {"a.c", "a.c", "true"},
            {"abc", "a.c", "false"},
            {"[a]", "[a]", "true"},
            {"a*b", "a*b", "true"},
            {"it's", "it's", "true"},
            {"a\\b", "a\\b", "true"},
            {"a\nb", "a%b", "true"},
            {"a\nb", "a_b", "true"},
        });
    }

    @Test
    void shouldCountCharactersAndNotBytes() {
        assertLikes(new String[][] {
            {"ž", "_", "true"},
            {"ž", "__", "false"},
            {"\uD83D\uDE00", "_", "true"},
            {"\uD83D\uDE00", "__", "false"},
            {"a\uD83D\uDE00b", "a_b", "true"},
            {"řeřicha", "_e_icha", "true"},
            {"xžy", "%_y", "true"},
            {"žžž", "%___", "true"},
            {"žžž", "%____", "false"},
            {"žžž", "____%", "false"},
            {"a€b€c", "%€_€%", "true"},
            {"€x", "%_x%", "true"},
            {"x", "%_x%", "false"},
            {"€€x€", "%_€x_%", "true"},
            {"€x€", "%_€x_%", "false"},
        });
    }

    @Test
    void shouldEscape() {
        assertVerdicts(
                message("p", "_foo", "q", "bar", "r", "_foo%foo", "s", "%foo_", "t", "a\\b", "u", "_a%b"),
                new String[][] {
                    {"p LIKE '\\_%' ESCAPE '\\'", "TRUE"}, {"q LIKE '\\_%' ESCAPE '\\'", "FALSE"},
                    {"r LIKE 'A_fo_A%f%' ESCAPE 'A'", "TRUE"}, {"s LIKE 'A%fooA_' ESCAPE 'A'", "TRUE"},
                    {"p LIKE 'A%fooA_' ESCAPE 'A'", "FALSE"}, {"u LIKE '\\__\\%%' ESCAPE '\\'", "TRUE"},
                    {"p NOT LIKE '\\_%' ESCAPE '\\'", "FALSE"}, {"t LIKE 'a\\\\b' ESCAPE '\\'", "TRUE"},
                    {"t LIKE 'a\\b'", "TRUE"}, {"q LIKE 'xbxaxr' ESCAPE 'x'", "TRUE"},
                    {"p LIKE '__foo' ESCAPE '_'", "TRUE"}, {"q LIKE '%%bar' ESCAPE '%'", "FALSE"},
                    {"s LIKE '%%foo_' ESCAPE '%'", "TRUE"}, {"p LIKE '''_foo' ESCAPE ''''", "TRUE"},
                    {"p LIKE '\uD83D\uDE00_foo' ESCAPE '\uD83D\uDE00'", "TRUE"},
                });
    }

    @Test
    void shouldBeUnknownForNullAndFalseForWhatIsNoString() {
        assertVerdicts(message("n", 123, "b", true), new String[][] {
            {"missing LIKE '%'", "UNKNOWN"}, {"missing NOT LIKE '%'", "UNKNOWN"}, {"n LIKE '1_3'", "FALSE"},
            {"n NOT LIKE '1_3'", "FALSE"}, {"NOT n LIKE '1_3'", "TRUE"}, {"b LIKE '%'", "FALSE"},
        });
    }

    @Test
    void shouldRefuseABadEscape() {
        assertThat(refusal("p LIKE 'a%' ESCAPE ''")).contains("column 20").contains("one character");
        assertThat(refusal("p LIKE 'a%' ESCAPE 'ab'")).contains("column 20").contains("found 'ab'");
        assertThat(refusal("p LIKE 'a%' ESCAPE 5")).contains("column 20");
        assertThat(refusal("p LIKE 'a\\' ESCAPE '\\'")).contains("column 8").contains("ends with its escape");
    }

    @Test
    void shouldBoundPiecesThatAreSearchedForCharacterByCharacter() {
        String atTheBound = "_" + "a".repeat(255);
        assertLikes(new String[][] {{"b" + "a".repeat(256), "%" + atTheBound + "%", "true"}});
        assertThat(refusal("p LIKE '%" + atTheBound + "a%'")).contains("at most 256");
        // anchored ones are tried once, plain ones searched for in linear time
        assertLikes(new String[][] {
            {"a".repeat(600), atTheBound + "a%_" + atTheBound, "true"},
            {"b" + "a".repeat(600) + "b", "%" + "a".repeat(600) + "%", "true"},
            {"b" + "a".repeat(599) + "b", "%" + "a".repeat(600) + "%", "false"},
        });
    }

    @Test
    void shouldNotBlowUpOnHardPatterns() {
        Envelope message = message("p", "a".repeat(100_000));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(Verdicts.verdict("p LIKE '" + "%a".repeat(10_000) + "%b'", message))
                    .isEqualTo("FALSE");
            assertThat(Verdicts.verdict("p LIKE '" + "%a".repeat(10_000) + "b%'", message))
                    .isEqualTo("FALSE");
            assertThat(Verdicts.verdict("p LIKE '%" + "a".repeat(30_000) + "b%'", message))
                    .isEqualTo("FALSE");
            assertThat(Verdicts.verdict("p LIKE '%_" + "a".repeat(254) + "b%'", message))
                    .isEqualTo("FALSE");
            assertThat(Verdicts.verdict("p LIKE '" + "%_".repeat(10_000) + "'", message))
                    .isEqualTo("TRUE");
        });
    }

    @Test
    void shouldStandBytesThatAreNoUtf8() throws Exception {
        byte[] text = "abcdefgh".getBytes(StandardCharsets.UTF_8);
        byte[] envelope = message("p", "abcdefgh").bytes().clone();
        int at = envelope.length - text.length;
        for (int broken : new int[] {0x80, 0xC3, 0xF0, 0xFF}) {
            Arrays.fill(envelope, at, envelope.length, (byte) broken);
            Envelope message = Envelope.of(envelope);
            for (String pattern : new String[] {"%_a%", "_%_", "%____%", "________", "a%", "%é_%", "%"}) {
                Selector like = Selector.parse("p LIKE '" + pattern + "'");
                assertThatCode(() -> like.matches(message)).as(pattern).doesNotThrowAnyException();
            }
        }
    }
}
