package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users, permissions and TLS as a client meets them. */
@Timeout(60)
class AccessTest {

    private static final int WAIT_MS = 10_000;
    private static final String USERS = "users=[{name: shop, password: s3cret}, {name: guest, password: g}]";
    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    private Path folder;

    @Test
    void shouldLetEverybodyInAsLongAsThereIsNoUser() throws Exception {
        try (Site site = new Site(folder)) {
            site.factory("").createConnection("whoever", "whatever").close();
            site.factory("?user=a&password=b").createConnection().close();
        }
    }

    @Test
    void shouldRefuseWrongAndMissingCredentials() throws Exception {
        try (Site site = new Site(folder, USERS)) {
            for (String[] wrong : new String[][] {{"shop", "wrong"}, {"nobody", "s3cret"}, {"shop", ""}}) {
                assertThatThrownBy(() -> site.factory("")
                                .createConnection(wrong[0], wrong[1])
                                .close())
                        .isInstanceOf(JMSSecurityException.class)
                        .hasMessageContaining("127.0.0.1:" + site.port());
            }
            assertThatThrownBy(() -> site.factory("").createConnection().close())
                    .isInstanceOf(JMSSecurityException.class);
            site.factory("").createConnection("shop", "s3cret").close();
        }
    }

    @Test
    void shouldLetStrangersInWhenAnonymousIsAllowed() throws Exception {
        try (Site site = new Site(folder, USERS, "anonymous=true")) {
            site.factory("").createConnection().close();
            assertThatThrownBy(() ->
                            site.factory("").createConnection("shop", "wrong").close())
                    .isInstanceOf(JMSSecurityException.class);
        }
    }

    @Test
    void shouldAskForPermissionByVerb() throws Exception {
        String permissions = "permissions=[{match: orders, user: shop, verbs: [send, consume, browse, create]},"
                + " {match: orders, user: guest, verbs: [browse]}]";
        try (Site site = new Site(folder, USERS, permissions);
                Connection shop = site.factory("").createConnection("shop", "s3cret");
                Connection guest = site.factory("").createConnection("guest", "g")) {
            shop.start();
            guest.start();
            Session session = shop.createSession();
            Queue orders = session.createQueue("orders");
            session.createProducer(orders).send(session.createTextMessage("for the shop"));
            Session looking = guest.createSession();

            assertThat(looking.createBrowser(orders).getEnumeration().hasMoreElements())
                    .isTrue();
            assertThatThrownBy(() -> looking.createConsumer(orders).receive(WAIT_MS))
                    .isInstanceOf(JMSSecurityException.class)
                    .hasMessageContaining("orders");
            assertThatThrownBy(() -> looking.createProducer(orders).send(looking.createTextMessage("no")))
                    .isInstanceOf(JMSSecurityException.class)
                    .hasMessageContaining("orders");
            assertThatThrownBy(() ->
                            looking.createProducer(looking.createQueue("other")).send(looking.createTextMessage("no")))
                    .isInstanceOf(JMSSecurityException.class)
                    .hasMessageContaining("other");

            assertThat(session.createConsumer(orders).receive(WAIT_MS).getBody(String.class))
                    .isEqualTo("for the shop");
        }
    }

    @Test
    void shouldTalkOverTls() throws Exception {
        Path keystore = folder.resolve("server.p12");
        Path certificate = folder.resolve("server.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                STORE_PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-keystore",
                keystore.toString(),
                "-storepass",
                STORE_PASSWORD,
                "-file",
                certificate.toString());
        assertThat(Files.readString(certificate)).contains("BEGIN CERTIFICATE");
        try (Site site = new Site(
                folder.resolve("data"), "tls.keystore=" + keystore, "tls.keystore-password=" + STORE_PASSWORD)) {
            String address = "ssl://127.0.0.1:" + site.port();
            exchange(address + "?trustCertificates=" + certificate);
            exchange(address + "?trustStore=" + keystore + "&trustStorePassword=" + STORE_PASSWORD);

            assertThatThrownBy(() -> exchange(address + "?connectTimeout=5s"))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("trust");
            assertThatThrownBy(() -> exchange("tcp://127.0.0.1:" + site.port() + "?connectTimeout=5s"))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("TLS");
        }
        try (Site plain = new Site(folder.resolve("plain"))) {
            assertThatThrownBy(() -> exchange(
                            "ssl://127.0.0.1:" + plain.port() + "?connectTimeout=5s&trustCertificates=" + certificate))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("TLS");
        }
    }

    private static void exchange(String url) throws JMSException {
        try (Connection connection = new PosthornConnectionFactory(url).createConnection()) {
            connection.start();
            Session session = connection.createSession();
            Queue queue = session.createQueue("secret");
            session.createProducer(queue).send(session.createTextMessage("over TLS"));
            assertThat(session.createConsumer(queue).receive(WAIT_MS).getBody(String.class))
                    .isEqualTo("over TLS");
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
