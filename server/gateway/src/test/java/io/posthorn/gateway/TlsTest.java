package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.gateway.tls.TlsSettings;
import io.posthorn.wire.frame.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;

    private static Path first;
    private static Path second;

    @BeforeAll
    static void makeCertificates() throws Exception {
        first = keystore("first");
        second = keystore("second");
    }

    /** With the JDK's own tool: there is no interface for it. */
    private static Path keystore(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        tool.toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-validity",
                        "10",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return file;
    }

    @Test
    void shouldServeWithAKeystoreAndShowANewCertificateWhenTheFileChanges() throws Exception {
        Path used = folder.resolve("used.p12");
        Files.copy(first, used);
        TlsSettings tls = TlsSettings.keystore(used, PASSWORD);
        try (TestGateway gateway = TestGateway.start(TestGateway.settings(1, 0, 10_000, tls));
                Peer old = tlsPeer(gateway)) {
            assertThat(old.connect(0)).isNotNull();
            assertThat(subject(old)).isEqualTo("CN=first");
            Path fresh = Files.copy(second, folder.resolve("fresh.p12"));
            Files.move(fresh, used, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            String seen = "";
            long commands = 0;
            while (!seen.equals("CN=second") && System.nanoTime() < untilNs) {
                try (Peer peer = tlsPeer(gateway)) {
                    peer.connect(0);
                    seen = subject(peer);
                }
                old.proveAlive(++commands);
            }
            assertThat(seen).isEqualTo("CN=second");
        }
    }

    @Test
    void shouldServeWithPemFiles() throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        writePem(first, certificate, key);
        try (TestGateway gateway =
                        TestGateway.start(TestGateway.settings(3, 0, 10_000, TlsSettings.pem(certificate, key)));
                Peer peer = tlsPeer(gateway)) {
            assertThat(peer.connect(0)).isInstanceOf(ServerFrame.Connected.class);
            peer.proveAlive(1);
        }
    }

    @Test
    void shouldEndAPlainClientWithOneLine() throws Exception {
        try (TestGateway gateway =
                        TestGateway.start(TestGateway.settings(1, 0, 10_000, TlsSettings.keystore(first, PASSWORD)));
                LogLines log = new LogLines();
                Peer plain = Peer.open(gateway.address())) {
            plain.sendPreface();
            plain.sendBytes(new byte[100]);
            plain.receiveToEnd();
            assertThat(log.awaitLines(1))
                    .singleElement()
                    .asString()
                    .startsWith("INFO")
                    .contains("TLS");
        }
    }

    @Test
    void shouldRefuseAClientWithoutCertificateWhenOneIsNeeded() throws Exception {
        Path certificate = folder.resolve("trusted.pem");
        writePem(second, certificate, folder.resolve("unused.pem"));
        TlsSettings tls = new TlsSettings(null, null, first, PASSWORD, certificate, TlsSettings.ClientAuth.NEED);
        try (TestGateway gateway = TestGateway.start(TestGateway.settings(1, 0, 10_000, tls))) {
            assertThatThrownBy(() -> {
                        try (Peer peer = tlsPeer(gateway)) {
                            assertThat(peer.connect(0)).isNotNull();
                        }
                    })
                    .isInstanceOfAny(java.io.IOException.class, AssertionError.class);
        }
    }

    @Test
    void shouldNameTheFileAndTheWayOutWhenTheCertificateIsUnusable() {
        assertThatThrownBy(() ->
                        TestGateway.start(TestGateway.settings(1, 0, 10_000, TlsSettings.keystore(first, "wrong"))))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(first.toString())
                .hasMessageContaining("tls.keystore-password");
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(
                        () -> TestGateway.start(TestGateway.settings(1, 0, 10_000, TlsSettings.pem(missing, missing))))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void shouldRefuseContradictorySettings() {
        assertThatThrownBy(() -> new TlsSettings(first, null, null, null, null, TlsSettings.ClientAuth.NONE))
                .hasMessageContaining("tls.key");
        assertThatThrownBy(() -> new TlsSettings(null, null, first, null, null, TlsSettings.ClientAuth.NEED))
                .hasMessageContaining("tls.trusted");
        assertThat(TlsSettings.keystore(first, "secret").toString()).doesNotContain("secret");
    }

    private static void writePem(Path keystore, Path certificate, Path key) throws Exception {
        KeyStore store = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
        String alias = store.aliases().nextElement();
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate(alias).getEncoded()));
        Files.writeString(
                key,
                pem("PRIVATE KEY", store.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
    }

    private static String pem(String type, byte[] content) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    private static String subject(Peer peer) throws Exception {
        X509Certificate shown =
                (X509Certificate) ((SSLSocket) peer.socket()).getSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    private static Peer tlsPeer(TestGateway gateway) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        int port = ((java.net.InetSocketAddress) gateway.address()).getPort();
        return new Peer(context.getSocketFactory().createSocket("127.0.0.1", port));
    }

    /** The test looks at the certificate itself. */
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
