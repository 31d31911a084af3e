package io.posthorn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.config.ServerSettings.Access;
import io.posthorn.server.config.UserEntry;
import io.posthorn.server.security.UsersFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PosthornServerTest {

    @TempDir
    private Path folder;

    private ServerSettings settings() {
        return ServerSettings.defaults().withData(folder.resolve("data")).withListen("127.0.0.1", 0);
    }

    @Test
    void shouldListenOnTheChosenPortUntilClosed() throws Exception {
        int port;
        try (PosthornServer server = PosthornServer.start(settings())) {
            port = server.port();
            try (Socket socket = new Socket("127.0.0.1", port)) {
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(folder.resolve("data/journal")).isDirectory();
        }
        assertThatThrownBy(() -> connectAndClose(port)).isInstanceOf(java.io.IOException.class);
    }

    private static void connectAndClose(int port) throws java.io.IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.close();
    }

    @Test
    void shouldStartAgainOnTheSameFolderManyTimes() throws Exception {
        for (int start = 0; start < 5; start++) {
            try (PosthornServer server = PosthornServer.start(settings())) {
                assertThat(server.port()).isPositive();
            }
        }
    }

    @Test
    void shouldBeClosedOnlyOnce() throws Exception {
        try (PosthornServer server = PosthornServer.start(settings())) {
            Thread.currentThread().interrupt();
            closeTwice(server);
            assertThat(Thread.interrupted()).isTrue();
        }
        try (PosthornServer server = PosthornServer.start(settings())) {
            assertThat(server.port()).isPositive();
        }
    }

    private static void closeTwice(PosthornServer server) {
        server.close();
        server.close();
    }

    @Test
    void shouldRefuseASecondServerOnTheSameFolderAndNameTheHolder() throws Exception {
        try (PosthornServer first = PosthornServer.start(settings())) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> PosthornServer.start(settings()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()))
                    .hasMessageContaining("data");
        }
    }

    @Test
    void shouldNameThePortThatIsInUseAndHowToChangeIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> PosthornServer.start(settings().withListen("127.0.0.1", taken.getLocalPort())))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("--port");
        }
        try (PosthornServer server = PosthornServer.start(settings())) {
            assertThat(server.port()).as("the folder is free again").isPositive();
        }
    }

    @Test
    void shouldNameTheFileThatStandsWhereTheFolderShouldBe() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertThatThrownBy(() -> PosthornServer.start(settings().withData(file)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data");
        assertThatThrownBy(() -> PosthornServer.start(settings().withData(file.resolve("below"))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void shouldNameTheFolderThatCannotBeWritten() throws Exception {
        Path readOnly = Files.createDirectory(folder.resolve("read-only"));
        assertThat(readOnly.toFile().setWritable(false)).isTrue();
        assumeThat(Files.isWritable(readOnly)).as("root can write anywhere").isFalse();
        assertThatThrownBy(() -> PosthornServer.start(settings().withData(readOnly)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(readOnly.toString());
    }

    @Test
    void shouldRefuseToListenElsewhereWithoutUsers() {
        assertThatThrownBy(() -> PosthornServer.start(settings().withListen("0.0.0.0", 0)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("user add");
    }

    @Test
    void shouldListenElsewhereOnceAUserExists() throws Exception {
        Access access = new Access(false, List.of(new UserEntry("alice", "secret")), List.of());
        try (PosthornServer server =
                PosthornServer.start(settings().withListen("0.0.0.0", 0).withAccess(access))) {
            assertThat(server.port()).isPositive();
        }
        new UsersFile(folder.resolve("data")).put("bob", "secret");
        try (PosthornServer server = PosthornServer.start(settings().withListen("0.0.0.0", 0))) {
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void shouldNameTheHostThatDoesNotExist() {
        assertThatThrownBy(() -> PosthornServer.start(settings().withListen("no.such.host.invalid", 0)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no.such.host.invalid")
                .hasMessageContaining("--host");
    }
}
