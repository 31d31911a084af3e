package io.posthorn.tck.both;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.tck.both.Letter.Kind;
import io.posthorn.tck.both.jakarta.JakartaClient;
import io.posthorn.tck.both.javax.JavaxClient;
import io.posthorn.testkit.process.ServerCommand;
import io.posthorn.testkit.process.ServerProcess;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BothClientsTest {
    private static final int LARGE_TEXT_CHARACTERS = 2_000_000;
    private static final String TRUST = "?deserializationAllowList=io.posthorn.tck.both.*";

    /** Who sends and who receives. */
    enum Way {
        JAKARTA_TO_JAVAX(JakartaClient::new, JavaxClient::new),
        JAVAX_TO_JAKARTA(JavaxClient::new, JakartaClient::new);

        private final Function<String, Client> sender;
        private final Function<String, Client> receiver;

        Way(Function<String, Client> sender, Function<String, Client> receiver) {
            this.sender = sender;
            this.receiver = receiver;
        }
    }

    private ServerProcess server;

    @BeforeAll
    void startServer(@TempDir Path home) {
        server = ServerProcess.start(ServerCommand.ofConfiguredJar(home));
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("lettersBothWays")
    void shouldReadWhatTheOtherSends(Way way, Letter letter, Sending how) {
        String queue = "both.letters";
        try (Client sender = way.sender.apply(server.url() + TRUST);
                Client receiver = way.receiver.apply(server.url() + TRUST)) {
            Headers sent = sender.send(queue, letter, how);

            Letter received = receiver.receive(queue, null);

            assertThat(received).usingRecursiveComparison().isEqualTo(letter.with(sent));
            assertThat(received.headers().priority()).isEqualTo(how.priority());
            assertThat(received.headers().expiration() > 0).isEqualTo(how.timeToLive() > 0);
        }
    }

    static Stream<Arguments> lettersBothWays() {
        return Stream.of(Way.values())
                .flatMap(way -> letters().stream()
                        .flatMap(letter ->
                                Stream.of(Sending.USUAL, Sending.UNUSUAL).map(how -> Arguments.of(way, letter, how))));
    }

    private static List<Letter> letters() {
        Map<String, Object> body = new TreeMap<>(properties());
        body.put("character", '\u00e9');
        body.put("bytes", new byte[] {0, -1, 127});
        body.put("nothing", null);
        List<Object> stream = new ArrayList<>(body.values());
        List<Object> bytes = List.of(
                true,
                (byte) -1,
                (short) 300,
                '\u20ac',
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                0.5f,
                Math.PI,
                "gr\u00fc\u00df",
                allBytes());
        return List.of(
                Letter.of(Kind.PLAIN, null, Map.of()),
                Letter.of(Kind.PLAIN, null, properties()).with("correlated", "a type", "topic:answers.here"),
                Letter.of(Kind.TEXT, "gr\u00fc\u00df \ud834\udd1e", properties())
                        .with("ID:1", "text", "queue:answers.here"),
                Letter.of(Kind.TEXT, "", Map.of()),
                Letter.of(Kind.TEXT, null, Map.of()),
                Letter.of(Kind.BYTES, bytes, properties()).with("c", "bytes", "queue:q"),
                Letter.of(Kind.MAP, body, properties()).with("c", "map", "queue:q"),
                Letter.of(Kind.MAP, new TreeMap<>(), Map.of()),
                Letter.of(Kind.STREAM, stream, properties()).with("c", "stream", "queue:q"),
                Letter.of(Kind.STREAM, List.of(), Map.of()),
                Letter.of(Kind.OBJECT, new ArrayList<>(List.of(1, "two", LocalDate.EPOCH)), properties())
                        .with("c", "object", "queue:q"),
                Letter.of(Kind.OBJECT, new Parcel("p", List.of(1, 2), new BigDecimal("9.90")), properties()),
                Letter.of(Kind.OBJECT, null, Map.of()));
    }

    private static Map<String, Object> properties() {
        Map<String, Object> properties = new TreeMap<>();
        properties.put("flag", true);
        properties.put("tiny", (byte) 1);
        properties.put("small", (short) -2);
        properties.put("number", 3);
        properties.put("large", Long.MIN_VALUE);
        properties.put("single", Float.MIN_VALUE);
        properties.put("twice", Double.MAX_VALUE);
        properties.put("text", "\u00fcber");
        properties.put("JMSXGroupID", "group");
        properties.put("JMSXGroupSeq", 5);
        return properties;
    }

    private static byte[] allBytes() {
        byte[] all = new byte[256];
        for (int index = 0; index < all.length; index++) {
            all[index] = (byte) index;
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadALargeBodyThatTheOtherCompressed(Way way) {
        char[] text = new char[LARGE_TEXT_CHARACTERS];
        Arrays.fill(text, 'x');
        new Random(1).ints(1000, 0, text.length).forEach(index -> text[index] = '\u20ac');
        Letter letter = Letter.of(Kind.TEXT, new String(text), Map.of());
        try (Client sender = way.sender.apply(server.url() + "?useCompression=true");
                Client receiver = way.receiver.apply(server.url())) {
            sender.send("both.large", letter, Sending.USUAL);

            assertThat(receiver.receive("both.large", null).body()).isEqualTo(letter.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSelectByPropertiesThatTheOtherSet(Way way) {
        try (Client sender = way.sender.apply(server.url());
                Client receiver = way.receiver.apply(server.url())) {
            sender.send("both.selected", Letter.of(Kind.TEXT, "no", Map.of("number", 2)), Sending.USUAL);
            sender.send("both.selected", Letter.of(Kind.TEXT, "yes", properties()), Sending.USUAL);

            assertThat(receiver.receive("both.selected", "number = 3 AND text LIKE '_ber' AND JMSXGroupSeq = 5")
                            .body())
                    .isEqualTo("yes");
            assertThat(receiver.receive("both.selected", null).body()).isEqualTo("no");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerWhatTheOtherAsks(Way way) {
        try (Client asking = way.sender.apply(server.url());
                Client answering = way.receiver.apply(server.url())) {
            Headers question = asking.ask("both.questions", "question");
            answering.answer("both.questions", "answer");

            Letter answer = asking.awaitAnswer();

            assertThat(answer.body()).isEqualTo("answer to question");
            assertThat(answer.correlationId()).isEqualTo(question.messageId());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithADurableSubscriptionOfTheOther(Way way) {
        String subscription = "subscription " + way;
        try (Client sender = way.sender.apply(server.url());
                Client receiver = way.receiver.apply(server.url())) {
            sender.subscribe("both.news", subscription);
            sender.publish("both.news", Letter.of(Kind.TEXT, "news", Map.of()));

            assertThat(receiver.receiveFrom("both.news", subscription).body()).isEqualTo("news");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMeetInOneServerInsideTheirJvm(Way way) {
        String url = "vm://both-" + way + "?persistent=false";
        try (Client sender = way.sender.apply(url);
                Client receiver = way.receiver.apply(url)) {
            sender.send("both.vm", Letter.of(Kind.TEXT, "inside", Map.of()), Sending.USUAL);

            assertThat(receiver.receive("both.vm", null).body()).isEqualTo("inside");
        }
    }

    @Test
    void shouldBothBeFoundThroughJndi() throws NamingException {
        Object ofJakarta = lookUp("io.posthorn.jms.PosthornInitialContextFactory");
        Object ofJavax = lookUp("io.posthorn.javax.jms.PosthornInitialContextFactory");

        assertThat(ofJakarta)
                .isInstanceOf(jakarta.jms.ConnectionFactory.class)
                .isNotInstanceOf(javax.jms.ConnectionFactory.class);
        assertThat(ofJavax)
                .isInstanceOf(javax.jms.ConnectionFactory.class)
                .isNotInstanceOf(jakarta.jms.ConnectionFactory.class);
    }

    private static Object lookUp(String initialContextFactory) throws NamingException {
        Hashtable<String, Object> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, initialContextFactory);
        return new InitialContext(environment).lookup("ConnectionFactory");
    }
}
