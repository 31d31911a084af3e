package io.posthorn.engine.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ssl://}, with certificates made for the test. */
@Timeout(120)
class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        makeKey("server", "ip:127.0.0.1,dns:localhost");
        makeKey("stranger", "dns:other.example");
        makeKey("client", "dns:client");
        trust("server", "trust.p12", "PKCS12");
        trust("server", "trust.jks", "JKS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trustCertificates=FOLDER/server.pem",
                "trustStore=FOLDER/trust.p12&trustStorePassword=changeit",
                "trustStore=FOLDER/trust.jks&trustStorePassword=changeit",
                "trustStore=FOLDER/trust.jks",
                "trustStore=FOLDER/trust.jks&trustStorePassword=changeit&trustCertificates=FOLDER/client.pem"
            })
    void shouldTrustWhomItIsToldTo(String query) throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(tls("server", false), TlsTest::confirm)) {
            for (String url : List.of("ssl://" + peer.address() + "?", "tls://localhost:" + peer.port() + "?")) {
                assertWorks(url + query);
            }
            assertWorks("tcp://" + peer.address() + "?ssl=true&" + query);
        }
    }

    @Test
    void shouldSayWhoIsNotTrustedAndHowToTrust() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(tls("stranger", false), TlsTest::confirm)) {
            String trust = "?trustCertificates=FOLDER/server.pem";
            for (String query : List.of("", trust, trust + "&verifyHost=false")) {
                EngineException cause = failure("ssl://" + peer.address() + query);

                assertThat(cause.code()).isEqualTo(ErrorCode.SECURITY);
                assertThat(cause)
                        .hasMessageContainingAll(
                                "ssl://" + peer.address(),
                                "CN=stranger",
                                "is not trusted",
                                "trustCertificates",
                                "trustStore");
            }
        }
    }

    @Test
    void shouldSayThatACertificateIsForAnotherHost() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(tls("stranger", false), TlsTest::confirm)) {
            String url = "ssl://" + peer.address() + "?trustCertificates=FOLDER/stranger.pem";
            EngineException cause = failure(url);

            assertThat(cause.code()).isEqualTo(ErrorCode.SECURITY);
            assertThat(cause)
                    .hasMessageContainingAll(
                            "ssl://" + peer.address(), "other.example", "not for the host", "verifyHost");
            assertWorks(url + "&verifyHost=false");
        }
    }

    @Test
    void shouldShowItsCertificateToAServerThatWantsOne() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(tls("server", true), TlsTest::confirm)) {
            String url = "ssl://" + peer.address() + "?trustCertificates=FOLDER/server.pem";
            assertWorks(url + "&keyStore=FOLDER/client.p12&keyStorePassword=" + PASSWORD);
            EngineException cause = failure(url);

            assertThat(cause.code()).isEqualTo(ErrorCode.SECURITY);
            assertThat(cause)
                    .hasMessageContainingAll("ssl://" + peer.address(), "certificate of this client", "keyStore");
        }
    }

    @Test
    void shouldSayThatAServerDoesNotSpeakTls() throws Exception {
        try (ScriptedPeer peer =
                ScriptedPeer.start(side -> side.writeRaw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)))) {
            EngineException cause = failure("ssl://" + peer.address());

            assertThat(cause.code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(cause).hasMessageContainingAll("ssl://" + peer.address(), "does not speak TLS", "tcp://");
        }
    }

    @Test
    void shouldSayThatAServerSpeaksTls() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(tls("server", false), TlsTest::confirm)) {
            EngineException cause = failure("tcp://" + peer.address());

            assertThat(cause.code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(cause).hasMessageContainingAll("tcp://" + peer.address(), "TLS", "ssl://");
        }
    }

    @Test
    void shouldTryAgainAfterAHandshakeThatBrokeOff() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(ScriptedPeer.Side::readPreface)) {
            EngineException cause = failure("ssl://" + peer.address());

            assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(cause).hasMessageContainingAll("ssl://" + peer.address(), "TLS");
        }
    }

    @Test
    void shouldBoundTheHandshakeByTheConnectTimeout() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(ScriptedPeer.Side::awaitEnd)) {
            EngineException cause = failure("ssl://" + peer.address() + "?connectTimeout=300");

            assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(cause).hasMessageContainingAll("ssl://" + peer.address(), "within 300 ms");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trustStore=FOLDER/none",
                "trustStore=FOLDER/server.pem",
                "trustStore=FOLDER/trust.p12&trustStorePassword=wrong",
                "trustStore=FOLDER/trust.p12",
                "trustCertificates=FOLDER/none",
                "trustCertificates=FOLDER/trust.p12",
                "keyStore=FOLDER/none",
                "keyStore=FOLDER/client.p12&keyStorePassword=wrong",
                "keyStore=FOLDER/client.p12"
            })
    void shouldNameAFileThatCannotBeUsed(String query) {
        String option = query.substring(0, query.indexOf('='));

        assertThatThrownBy(() -> open("ssl://127.0.0.1?" + query))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SECURITY))
                .hasMessageContainingAll("option " + option, folder.toString())
                .message()
                .doesNotContain("wrong;");
    }

    private static void confirm(ScriptedPeer.Side side) throws IOException {
        side.greet();
        side.read();
        side.write(new ServerFrame.Confirmed(1));
        side.awaitEnd();
    }

    private static void assertWorks(String url) throws EngineException {
        Transport transport = open(url);
        RecordingListener listener = new RecordingListener(transport);
        transport.connect(0, listener);
        Link link = listener.awaitOpen();
        assertThat(transport.tryHere(link::beginHere)).as("past TLS").isFalse();
        transport.execute(() -> {
            link.send(new ClientFrame.Heartbeat());
            link.flush();
        });
        assertThat(listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(1));
        transport.release();
        assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
    }

    private static EngineException failure(String url) throws EngineException {
        Transport transport = open(url);
        RecordingListener listener = new RecordingListener(transport);
        transport.connect(0, listener);
        return listener.awaitClosed();
    }

    private static Transport open(String url) throws EngineException {
        return Transports.open(ServerUrl.parse(url.replace("FOLDER", folder.toString())));
    }

    /** A server with the key of this name, which takes the client's certificate, and only that, when it wants one. */
    private static ServerSocketFactory tls(String name, boolean clientCertificate) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(name), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), clientTrust(), null);
        return new Delegating(context.getServerSocketFactory(), clientCertificate);
    }

    private static TrustManager[] clientTrust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", store("client").getCertificate("client"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private static KeyStore store(String name) throws Exception {
        return KeyStore.getInstance(new File(folder.toFile(), name + ".p12"), PASSWORD.toCharArray());
    }

    private static void makeKey(String name, String names) throws Exception {
        keytool("-genkeypair -alias " + name + " -keyalg EC -dname CN=" + name + " -ext san=" + names
                + " -storetype PKCS12 -validity 2 -storepass " + PASSWORD + " -keystore " + name + ".p12");
        Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + base64.encodeToString(store(name).getCertificate(name).getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static void trust(String name, String file, String type) throws Exception {
        KeyStore trusted = KeyStore.getInstance(type);
        trusted.load(null, null);
        trusted.setCertificateEntry(name, store(name).getCertificate(name));
        try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
            trusted.store(out, PASSWORD.toCharArray());
        }
    }

    private static void keytool(String arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ", -1)));
        Path output = Files.createTempFile(folder, "keytool", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    /** Asks for client certificates where wanted. */
    private static final class Delegating extends ServerSocketFactory {

        private final ServerSocketFactory factory;
        private final boolean clientCertificate;

        private Delegating(ServerSocketFactory factory, boolean clientCertificate) {
            this.factory = factory;
            this.clientCertificate = clientCertificate;
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            SSLServerSocket socket = (SSLServerSocket) factory.createServerSocket(port, backlog, address);
            socket.setNeedClientAuth(clientCertificate);
            return socket;
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 10, null);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, null);
        }
    }
}
