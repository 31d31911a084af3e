package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.server.PosthornServer;
import io.posthorn.server.StartException;
import io.posthorn.server.cli.TestCommandLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may use the management port, and who may not. */
@Timeout(60)
class AdminPortTest {

    private static final String USERS =
            "users=[{name: shop, password: s}, {name: clerk, password: c}, {name: boss, password: b}]";
    private static final String RULES = "permissions=[{match: \"*\", user: boss, verbs: [admin]},"
            + " {match: \"shop.*\", user: shop, verbs: [send, consume, create, admin]},"
            + " {match: \"*\", user: clerk, verbs: [send, consume, browse, create]}]";

    @TempDir
    private Path folder;

    private final TestCommandLine commands = new TestCommandLine();

    private PosthornServer start(String... given) throws Exception {
        return PosthornServer.start(Site.settings(folder, given));
    }

    /** Sends a request as it is, and returns the status. */
    private static int status(String url, String request, String... headers) throws IOException {
        URI uri = URI.create(url);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            StringBuilder text = new StringBuilder(request + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n");
            boolean named = String.join("\n", headers).contains("Host: ");
            text.append(named ? "" : "Host: " + uri.getHost() + ":" + uri.getPort() + "\r\n");
            for (String header : headers) {
                text.append(header).append("\r\n");
            }
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return Integer.parseInt(line.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }
    }

    private static String basic(String user, String password) {
        String pair = user + ":" + password;
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldKeepPagesOfBrowsersOut() throws Exception {
        try (PosthornServer server = start("admin.port=0")) {
            String url = server.openAdministration().orElseThrow();
            String own = "Origin: " + url;
            assertThat(status(url, "GET /api/queues")).isEqualTo(200);
            assertThat(status(url, "GET /api/queues", own, "Sec-Fetch-Site: same-origin"))
                    .isEqualTo(200);
            assertThat(status(url, "GET /api/queues", "Origin: http://evil.example"))
                    .isEqualTo(403);
            assertThat(status(url, "GET /api/queues", "Origin: null")).isEqualTo(403);
            assertThat(status(url, "GET /api/queues", "Sec-Fetch-Site: cross-site"))
                    .isEqualTo(403);
            assertThat(status(url, "GET /api/queues", "Host: evil.example:7661"))
                    .isEqualTo(421);
            assertThat(status(url, "GET /api/queues", "Host: localhost:7661")).isEqualTo(200);
            assertThat(status(url, "POST /api/queues/x/purge")).isEqualTo(403);
            assertThat(status(url, "POST /api/queues/x/purge", "X-Posthorn-Client: t"))
                    .isEqualTo(404);
            assertThat(status(url, "POST /api/queues", "X-Posthorn-Client: t")).isEqualTo(400);
            assertThat(status(url, "GET /api/nothing")).isEqualTo(404);
            assertThat(status(url, "GET /api/queues?limit=ten")).isEqualTo(400);
            assertThat(status(url, "GET /health/live", "Host: evil.example")).isEqualTo(200);
            assertThat(status(url, "GET /health/ready")).isEqualTo(200);
        }
    }

    @Test
    void shouldAskForCredentialsAndPermissionsOnceThereAreUsers() throws Exception {
        try (PosthornServer server = start("admin.port=0", USERS, RULES, "anonymous=true")) {
            String url = server.openAdministration().orElseThrow();
            assertThat(status(url, "GET /api/queues")).isEqualTo(401);
            assertThat(status(url, "GET /api/queues", basic("boss", "wrong"))).isEqualTo(401);
            assertThat(status(url, "GET /api/queues", "Authorization: Basic ???"))
                    .isEqualTo(401);
            assertThat(status(url, "GET /health/ready")).isEqualTo(200);

            assertThat(as("boss", "b", url, "queue", "create", "orders")).isZero();
            assertThat(as("boss", "b", url, "connections", "list")).isZero();
            assertThat(as("shop", "s", url, "queue", "create", "shop.orders")).isZero();
            assertThat(as("shop", "s", url, "queues")).isZero();
            assertThat(commands.out()).contains("shop.orders").doesNotContain("\norders");
            assertThat(as("shop", "s", url, "queue", "drop", "orders")).isEqualTo(1);
            assertThat(commands.err()).contains("user 'shop' may not administer queue 'orders'");
            assertThat(as("shop", "s", url, "disk")).isEqualTo(1);
            assertThat(as("clerk", "c", url, "queue", "purge", "shop.orders")).isEqualTo(1);
        }
    }

    private int as(String user, String password, String url, String... arguments) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), password + "\n");
        String[] all = new String[arguments.length + 6];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        String[] options = {"--url", url, "--user", user, "--password-file", file.toString()};
        System.arraycopy(options, 0, all, arguments.length, options.length);
        return commands.run(all);
    }

    @Test
    void shouldOpenToOthersOnlyOnceThereIsAUser() throws Exception {
        try (PosthornServer server = start("admin.port=0", "admin.host=0.0.0.0")) {
            assertThatThrownBy(server::openAdministration)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("as long as there is no user");
        }
        try (PosthornServer server = start("admin.port=0", "admin.host=0.0.0.0", USERS)) {
            String url = server.openAdministration().orElseThrow();
            assertThat(status(url, "GET /api/queues", basic("boss", "b"))).isEqualTo(200);
        }
    }

    @Test
    void shouldTakeAnotherPortOnlyWhenNoneWasChosen() throws Exception {
        try (PosthornServer server = start("admin.port=0")) {
            String url = server.openAdministration().orElseThrow();
            Path other = folder.resolve("other");
            try (PosthornServer second = PosthornServer.start(
                    Site.settings(other, "admin.port=" + URI.create(url).getPort()))) {
                assertThatThrownBy(second::openAdministration)
                        .isInstanceOf(StartException.class)
                        .hasMessageContaining("admin.port");
            }
            try (PosthornServer second = PosthornServer.start(Site.settings(other, "admin.port=auto"));
                    PosthornServer third =
                            PosthornServer.start(Site.settings(folder.resolve("third"), "admin.port=auto"))) {
                assertThat(second.openAdministration()).isPresent();
                assertThat(third.openAdministration()).isPresent().isNotEqualTo(second.openAdministration());
            }
        }
        try (PosthornServer server = start("admin.port=off")) {
            assertThat(server.openAdministration()).isEmpty();
        }
        assertThat(folder.resolve("admin.url")).doesNotExist();
    }
}
