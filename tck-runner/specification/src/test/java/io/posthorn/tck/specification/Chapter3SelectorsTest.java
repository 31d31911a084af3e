package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Mail.browse;
import static io.posthorn.tck.specification.Mail.receive;
import static io.posthorn.tck.specification.Mail.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.InvalidSelectorException;
import jakarta.jms.InvalidSelectorRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Selectors as a client meets them. One message lies on a queue; whether a condition is true, false or unknown for it shows in which
 * of {@code condition} and {@code NOT (condition)} find it: one, the other, or none of the two.
 */
@Timeout(60)
@ExtendWith(SiteOfTest.class)
class Chapter3SelectorsTest {

    @Test
    @Section("3.8.1.1")
    void shouldReadLiteralsAndIdentifiers(Site site) throws Exception {
        verify(site, """
                T | int = 42
                T | int = 0x2A
                T | int = 052
                T | int = 42L
                T | int = +42
                T | -int = -42
                T | max = 9223372036854775807
                T | min = -9223372036854775808
                T | double = 2.5
                T | double = 25E-1
                T | double = .25e1
                T | double = 2.5D
                T | byte = 7.
                T | float = 1.5F
                T | text = 'text'
                F | text = 'Text'
                T | quote = 'it''s'
                T | empty = ''
                T | umlaut = 'größe'
                T | größe = 'umlaut'
                T | _under = 1 AND $dollar = 2
                U | INT = 42
                T | yes
                T | yes = TRUE
                T | yes <> FaLsE
                F | no
                T | NOT no
                T | int   =\t42 AnD yes
                T | ((int) = (42))
                T | JMSXGroupID = 'group' AND JMSXGroupSeq = 3
                T | JMS_of_others IS NULL
                """);
    }

    @Test
    @Section("3.8.1.1")
    void shouldPromoteNumbersAsJavaDoes(Site site) throws Exception {
        verify(site, """
                T | byte = 7 AND short = 300 AND int = 42 AND long = 5000000000
                T | byte = 7.0
                T | int < 42.5 AND int > 41.5
                T | long = 5E9
                T | float = 1.5
                T | tenth > 0.1
                F | tenth = 0.1
                T | 9007199254740993 = 9007199254740992.0
                T | 9007199254740993 > 9007199254740992
                T | byte + short + int = 349
                T | int / 5 = 8
                T | int / 5.0 = 8.4
                T | -7 / 2 = -3
                T | int - 2 * 20 = 2
                T | (int - 2) * 20 = 800
                T | int - 2 - 20 = 20
                T | 100 / 10 / 5 = 2
                T | - int + 2 = -40
                T | - (int + 2) = -44
                T | double * 2 = int - 37
                T | int <> 41 AND int >= 42 AND int <= 42 AND NOT int < 42 AND NOT int > 42
                F | double / 0 = 1
                """);
    }

    @Test
    @Section("3.8.1.1")
    void shouldCompareOnlyLikeTypes(Site site) throws Exception {
        verify(site, """
                F | digits = 42
                F | digits > 1
                F | text = 42
                F | int = 'text'
                F | yes = 'TRUE'
                F | yes = 1
                F | text <> 42
                T | digits = '42'
                T | text <> 'other'
                F | yes <> TRUE
                """);
    }

    @Test
    @Section("3.8.1.1")
    void shouldMatchBetweenInLikeAndNull(Site site) throws Exception {
        verify(site, """
                T | int BETWEEN 42 AND 42
                T | int BETWEEN byte AND short
                F | int BETWEEN 43 AND 41
                F | int NOT BETWEEN 40 AND 44
                T | int NOT BETWEEN 1 + 1 AND 41.9
                T | int BETWEEN 40 AND 44 AND yes
                T | text IN ('a', 'text', 'b')
                F | text IN ('a')
                T | text NOT IN ('a', 'b')
                F | text NOT IN ('text')
                T | text LIKE 'text'
                T | text LIKE 't%t'
                T | text LIKE '%'
                T | text LIKE '____'
                F | text LIKE '___'
                F | text LIKE 'TEXT'
                T | text LIKE 'text%'
                T | text LIKE '%e_t%'
                F | text NOT LIKE 't%'
                T | text NOT LIKE 'x%'
                T | empty LIKE '%'
                T | empty LIKE ''
                F | empty LIKE '_'
                T | percent LIKE '50\\%' ESCAPE '\\'
                F | text LIKE 'tex\\%' ESCAPE '\\'
                T | under LIKE 'a!_b' ESCAPE '!'
                F | letters LIKE 'a!_b' ESCAPE '!'
                T | letters LIKE 'a_b'
                T | under LIKE '%$_%' ESCAPE '$'
                T | bang LIKE 'a!!%' ESCAPE '!'
                T | dots LIKE 'a.b*'
                F | under LIKE 'a.b*'
                T | lines LIKE 'one%two'
                T | umlaut LIKE 'gr__e'
                T | text IS NOT NULL
                F | text IS NULL
                T | missing IS NULL
                F | missing IS NOT NULL
                T | JMSCorrelationID IS NULL
                """);
    }

    @Test
    @Section({"3.8.1.2", "3.8.1.1"})
    void shouldFollowTheTablesOfTheUnknown(Site site) throws Exception {
        Map<String, String> operands = new LinkedHashMap<>();
        operands.put("T", "int = 42");
        operands.put("F", "int = 0");
        operands.put("U", "missing = 0");
        Map<String, String> and = Map.of("TT", "T", "TF", "F", "TU", "U", "FF", "F", "FU", "F", "UU", "U");
        Map<String, String> or = Map.of("TT", "T", "TF", "T", "TU", "T", "FF", "F", "FU", "U", "UU", "U");
        List<String> lines = new ArrayList<>();
        operands.forEach((left, leftText) -> operands.forEach((right, rightText) -> {
            String key = and.containsKey(left + right) ? left + right : right + left;
            lines.add(and.get(key) + " | " + leftText + " AND " + rightText);
            lines.add(or.get(key) + " | " + leftText + " OR " + rightText);
        }));
        lines.add("F | NOT int = 42");
        lines.add("T | NOT int = 0");
        lines.add("U | NOT missing = 0");
        lines.add("T | int = 42 OR missing = 0 AND int = 0");
        lines.add("T | NOT int = 0 AND int = 42");
        lines.add("F | NOT (int = 0 OR int = 42)");
        verify(site, String.join("\n", lines));
        verify(site, """
                U | missing > 1
                U | missing = missing
                U | missing + 1 = 2
                U | -missing < 0
                U | missing BETWEEN 1 AND 2
                U | missing NOT BETWEEN 1 AND 2
                U | int BETWEEN missing AND 50
                F | int BETWEEN missing AND 41
                U | missing IN ('a', 'b')
                U | missing NOT IN ('a', 'b')
                U | missing LIKE '%'
                U | missing NOT LIKE '%'
                U | missing
                U | missing = 'a'
                U | missing <> 'a'
                U | JMSCorrelationID = 'a'
                """);
    }

    @Test
    @Section({"3.8.1.3", "3.8.1.1", "3.5.9"})
    void shouldSeeTheHeaderFieldsThatItMayName(Site site) throws Exception {
        verify(site, """
                T | JMSDeliveryMode = 'PERSISTENT'
                F | JMSDeliveryMode = 'NON_PERSISTENT'
                T | JMSPriority = 4 AND JMSPriority BETWEEN 0 AND 9
                T | JMSType = 'car'
                T | JMSMessageID LIKE 'ID:%'
                T | JMSTimestamp > 1700000000000
                """);
    }

    @Test
    @Section({"3.8.1", "4.1.2", "4.2.2", "8.1"})
    void shouldSelectForConsumersOfQueuesAndTopicsAlike(Site site) throws Exception {
        Session session = site.session();
        Topic topic = site.topic();
        Queue queue = site.queue();
        List<String> selectors = List.of(
                "number = 1", "number = 2", "number > 1 AND number < 4", "text LIKE '_' AND missing IS NULL", "", "  ");
        List<MessageConsumer> subscribers = new ArrayList<>();
        for (String selector : selectors) {
            subscribers.add(session.createConsumer(topic, selector));
        }
        for (int number = 1; number <= 4; number++) {
            Message message = session.createTextMessage("" + number);
            message.setIntProperty("number", number);
            message.setStringProperty("text", "" + number);
            session.createProducer(topic).send(message);
            session.createProducer(queue).send(message);
        }
        List<List<String>> expected = List.of(
                List.of("1"),
                List.of("2"),
                List.of("2", "3"),
                List.of("1", "2", "3", "4"),
                List.of("1", "2", "3", "4"),
                List.of("1", "2", "3", "4"));
        for (int index = 0; index < selectors.size(); index++) {
            assertThat(receive(subscribers.get(index), expected.get(index).size()))
                    .as(selectors.get(index))
                    .isEqualTo(expected.get(index));
            assertThat(Mail.drain(subscribers.get(index))).isEmpty();
        }
        try (MessageConsumer some = session.createConsumer(queue, selectors.get(2))) {
            assertThat(receive(some, 2)).containsExactly("2", "3");
            assertThat(some.receiveNoWait()).isNull();
        }
        assertThat(Mail.drain(session, queue)).containsExactly("1", "4");
    }

    @ParameterizedTest
    @Section({"3.8.1.1", "10.3"})
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            int =|                        6
            int == 1|                     6
            int = 1 AND|                  12
            (int = 1|                     9
            int = 1)|                     8
            text = 'open|                 8
            int BETWEEN 1|                14
            int BETWEEN 1 OR 2|           15
            text IN ()|                   10
            text IN (1)|                  10
            text IN ('a',)|               14
            text LIKE 1|                  11
            text LIKE 'a' ESCAPE 'ab'|    22
            text LIKE 'a' ESCAPE|         21
            int IS 1|                     8
            NULL = 1|                     1
            int = 1 /* why */|            10
            int = 08|                     7
            int = 99999999999999999999|   7
            int # 1|                      5
            NOT|                          4
            JMSDestination = 'q'|         1
            """)
    void shouldRefuseWhatIsNoSelectorAndSayWhere(String selector, int column, Site site) throws Exception {
        Session session = site.session();
        Queue queue = site.queue();
        Topic topic = site.topic();
        String name = site.name("subscription");
        List<Worker.Action> ways = List.of(
                () -> session.createConsumer(queue, selector),
                () -> session.createBrowser(queue, selector),
                () -> session.createConsumer(topic, selector, true),
                () -> session.createSharedConsumer(topic, name, selector),
                () -> session.createSharedDurableConsumer(topic, name, selector));
        for (Worker.Action way : ways) {
            assertThatThrownBy(way::run)
                    .isInstanceOf(InvalidSelectorException.class)
                    .hasMessageContaining("column " + column + ":")
                    .hasMessageContaining(selector);
        }
        JMSContext context = site.context(JMSContext.AUTO_ACKNOWLEDGE);
        assertThatThrownBy(() -> context.createConsumer(queue, selector))
                .isInstanceOf(InvalidSelectorRuntimeException.class)
                .hasMessageContaining("column " + column + ":");
        send(session, queue, "the session is none the worse");
        assertThat(Mail.drain(session, queue)).hasSize(1);
    }

    /** Each line is a truth value (T, F or U for unknown), a bar and a condition. */
    private static void verify(Site site, String lines) throws JMSException {
        Session session = site.session();
        Queue queue = site.queue();
        session.createProducer(queue).send(sample(session));
        List<String> wrong = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            String[] parts = line.split(" \\| ", 2);
            String found = truth(session, queue, parts[1]);
            if (!found.equals(parts[0])) {
                wrong.add(parts[1] + " was " + found + " and not " + parts[0]);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String truth(Session session, Queue queue, String condition) throws JMSException {
        int yes = browse(session, queue, condition).size();
        int no = browse(session, queue, "NOT (" + condition + ")").size();
        return yes == 1 && no == 0 ? "T" : yes == 0 && no == 1 ? "F" : yes == 0 ? "U" : "both";
    }

    private static Message sample(Session session) throws JMSException {
        Message message = session.createTextMessage("sample");
        message.setJMSType("car");
        message.setByteProperty("byte", (byte) 7);
        message.setShortProperty("short", (short) 300);
        message.setIntProperty("int", 42);
        message.setLongProperty("long", 5_000_000_000L);
        message.setLongProperty("max", Long.MAX_VALUE);
        message.setLongProperty("min", Long.MIN_VALUE);
        message.setFloatProperty("float", 1.5f);
        message.setFloatProperty("tenth", 0.1f);
        message.setDoubleProperty("double", 2.5);
        message.setBooleanProperty("yes", true);
        message.setBooleanProperty("no", false);
        message.setIntProperty("_under", 1);
        message.setIntProperty("$dollar", 2);
        message.setStringProperty("JMSXGroupID", "group");
        message.setIntProperty("JMSXGroupSeq", 3);
        Map<String, String> texts = Map.of(
                "text", "text",
                "digits", "42",
                "quote", "it's",
                "empty", "",
                "percent", "50%",
                "under", "a_b",
                "bang", "a!b",
                "dots", "a.b*",
                "umlaut", "größe",
                "größe", "umlaut");
        for (Map.Entry<String, String> text : texts.entrySet()) {
            message.setStringProperty(text.getKey(), text.getValue());
        }
        message.setStringProperty("letters", "aXb");
        message.setStringProperty("lines", "one\ntwo");
        return message;
    }
}
