package io.posthorn.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    private static final int SIGTERM_STATUS = 143;

    @TempDir
    Path home;

    @Test
    void shouldBeReachableOnceStarted() throws IOException {
        try (ServerProcess server = ServerProcess.start(standIn())) {
            assertThat(server.isRunning()).isTrue();
            assertThat(server.url()).isEqualTo("tcp://127.0.0.1:" + server.port());
            assertReachable(server.port());
        }
    }

    @Test
    void shouldComeBackOnTheSamePortAndDataAfterAKill() throws IOException {
        try (ServerProcess server = ServerProcess.start(standIn().withEnvironment("STAND_IN", "set"))) {
            int port = server.port();
            long firstPid = server.pid();
            server.kill();
            assertThat(server.isRunning()).isFalse();

            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(server.pid()).isNotEqualTo(firstPid);
            assertThat(server.data().resolve("starts")).hasContent("set\nset");
            assertReachable(port);
        }
    }

    @Test
    void shouldGiveTheExitStatusOfAStoppedServer() {
        try (ServerProcess server = ServerProcess.start(standIn())) {
            assertThat(server.stop()).isEqualTo(SIGTERM_STATUS);
        }
    }

    @Test
    void shouldRefuseToRestartAServerThatRuns() {
        try (ServerProcess server = ServerProcess.start(standIn())) {
            assertThatThrownBy(server::restart)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("still runs as process " + server.pid());
        }
    }

    @Test
    void shouldShowTheLogOfAServerThatEndsBeforeItIsReady() {
        ServerCommand refusing = standIn().withOption("--refuse");

        assertThatThrownBy(() -> ServerProcess.start(refusing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with status 1 before it was ready")
                .hasMessageContaining("no room in the data folder");
    }

    @Test
    void shouldKillAServerThatIsNotReadyInTime() {
        ServerCommand mute = standIn().withOption("--mute").withReadyWithin(Duration.ofMillis(500));

        assertThatThrownBy(() -> ServerProcess.start(mute))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not written " + home.resolve("port"));
        assertThat(ProcessHandle.current().children().filter(ServerProcessTest::isStandIn))
                .allSatisfy(child -> child.onExit().get(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldEndWithItsParent() throws IOException, InterruptedException {
        Process child =
                new ProcessBuilder(standIn().line(0)).redirectErrorStream(true).start();
        try {
            child.getOutputStream().close();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(Tether.PARENT_GONE);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void shouldNameTheJarThatIsMissing() {
        assertThatThrownBy(() -> ServerCommand.ofJar(home.resolve("none.jar"), home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(home.resolve("none.jar").toString())
                .hasMessageContaining("mvn package");
    }

    @Test
    void shouldRefuseAJarWithoutAMainClass() throws IOException {
        Path jar = home.resolve("library.jar");
        new JarOutputStream(Files.newOutputStream(jar), new Manifest()).close();

        assertThatThrownBy(() -> ServerCommand.ofJar(jar, home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no Main-Class");
    }

    private ServerCommand standIn() {
        List<Path> classPath = Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(Path::of)
                .toList();
        return ServerCommand.ofMain(classPath, StandInServer.class.getName(), home);
    }

    private static void assertReachable(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private static boolean isStandIn(ProcessHandle child) {
        return Stream.of(child.info().arguments().orElse(new String[0]))
                .anyMatch(StandInServer.class.getName()::equals);
    }
}
