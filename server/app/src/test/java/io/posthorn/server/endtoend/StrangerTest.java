package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who speaks something else: to the server, and instead of it. */
@Timeout(60)
class StrangerTest {

    private static final String QUICK = "?connectTimeout=2s";
    private static final int RANDOM_PEERS = 50;

    @TempDir
    private Path folder;

    static Stream<Arguments> strangers() {
        byte[] noise = new byte[4096];
        new Random(7).nextBytes(noise);
        return Stream.of(
                Arguments.of("HTTP", ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP"),
                Arguments.of("TLS", hex("16030100c8010000c40303" + "00".repeat(40)), "TLS"),
                Arguments.of("AMQP", hex("414d515000010000"), "AMQP"),
                Arguments.of("noise", noise, "does not speak the Posthorn protocol"),
                Arguments.of("newer", hex("5048524eff000000"), "version 255"),
                Arguments.of("huge frame", hex("5048524e01000000" + "7fffffff01"), "Closing the connection"),
                Arguments.of("unknown frame", hex("5048524e01000000" + "00000001fe"), "Closing the connection"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void shouldEndOnlyTheConnectionOfAStrangerWithOneLine(String name, byte[] bytes, String said) throws Exception {
        try (Site site = new Site(folder);
                JMSContext other = site.factory("").createContext()) {
            other.createProducer().send(other.createQueue("q"), "before");
            try (LogLines log = new LogLines();
                    Socket stranger = new Socket("127.0.0.1", site.port())) {
                stranger.setSoTimeout(20_000);
                stranger.getOutputStream().write(bytes);
                stranger.getOutputStream().flush();
                readToTheEnd(stranger);

                await().until(() -> !log.lines().isEmpty());
                assertThat(log.lines()).hasSize(1);
                assertThat(log.lines().get(0)).contains(said).contains("127.0.0.1:" + stranger.getLocalPort());
            }
            assertThat(other.createConsumer(other.createQueue("q")).receiveBody(String.class, 10_000))
                    .isEqualTo("before");
        }
    }

    @Test
    void shouldOutliveNoiseOfAllKinds() throws Exception {
        Random chance = new Random(42);
        try (Site site = new Site(folder);
                JMSContext other = site.factory("").createContext()) {
            for (int peer = 0; peer < RANDOM_PEERS; peer++) {
                byte[] noise = new byte[1 + chance.nextInt(2000)];
                chance.nextBytes(noise);
                try (Socket stranger = new Socket("127.0.0.1", site.port())) {
                    if (chance.nextBoolean()) {
                        stranger.getOutputStream().write(hex("5048524e01000000"));
                    }
                    stranger.getOutputStream().write(noise);
                } catch (IOException closedEarly) {
                    assertThat(closedEarly).isInstanceOf(IOException.class);
                }
            }
            other.createProducer().send(other.createQueue("q"), "still there");
            assertThat(other.createConsumer(other.createQueue("q")).receiveBody(String.class, 10_000))
                    .isEqualTo("still there");
        }
    }

    static Stream<Arguments> impostors() {
        return Stream.of(
                Arguments.of("HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
                Arguments.of("SSH-2.0-OpenSSH_9.6\r\n", "SSH"),
                Arguments.of("PHRN\u0009\u0000\u0000\u0000", "version 9"),
                Arguments.of("", "without a word"));
    }

    @ParameterizedTest
    @MethodSource("impostors")
    void shouldSayWhatAnswersInPlaceOfAServer(String greeting, String said) throws Exception {
        try (ServerSocket impostor = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread greeter = new Thread(() -> greet(impostor, ascii(greeting)), "impostor");
            greeter.start();

            assertThatThrownBy(() -> connect("tcp://127.0.0.1:" + impostor.getLocalPort() + QUICK))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("127.0.0.1:" + impostor.getLocalPort())
                    .hasMessageContaining(said);
            greeter.join();
        }
    }

    @Test
    void shouldGiveUpOnAServerThatSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            long startNs = System.nanoTime();

            assertThatThrownBy(() -> connect("tcp://127.0.0.1:" + silent.getLocalPort() + "?connectTimeout=500ms"))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("127.0.0.1:" + silent.getLocalPort())
                    .hasMessageContaining("500 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void shouldSayWhereNobodyListens() throws Exception {
        int free = freePort();
        int other = freePort();

        assertThatThrownBy(() -> connect("tcp://127.0.0.1:" + free + ",127.0.0.1:" + other + QUICK))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("127.0.0.1:" + free)
                .hasMessageContaining("127.0.0.1:" + other)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> connect("tcp://no.such.host.invalid" + QUICK))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("no.such.host.invalid");
    }

    @Test
    void shouldNameTheNearestOptionOfAUrl() {
        assertThatThrownBy(() -> new PosthornConnectionFactory("tcp://localhost?prefech=10"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefech")
                .hasMessageContaining("did you mean 'prefetch'");
        assertThatThrownBy(() -> new PosthornConnectionFactory("tcp://localhost?prefetch=many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefetch")
                .hasMessageContaining("many");
        assertThatThrownBy(() -> new PosthornConnectionFactory("http://localhost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http");
    }

    private static void connect(String url) throws JMSException {
        new PosthornConnectionFactory(url).createConnection().close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void greet(ServerSocket impostor, byte[] greeting) {
        try (Socket client = impostor.accept()) {
            client.getOutputStream().write(greeting);
            client.getOutputStream().flush();
            client.shutdownOutput();
            readToTheEnd(client);
        } catch (IOException e) {
            throw new IllegalStateException("The impostor was not called", e);
        }
    }

    private static void readToTheEnd(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.readAllBytes();
        } catch (IOException reset) {
            // A reset is an end, too.
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
