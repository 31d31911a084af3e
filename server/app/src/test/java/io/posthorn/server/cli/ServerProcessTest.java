package io.posthorn.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own. Few tests: each start costs a second or so. */
@Timeout(120)
class ServerProcessTest {

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As the runnable jar's manifest has it; later Java versions print a warning otherwise.
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.posthorn.server.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
        started.add(process);
        return process;
    }

    private String output(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void shouldSayReadyServeRefuseASecondAndEndInOrder() throws Exception {
        Path portFile = folder.resolve("port");
        String data = folder.resolve("data").toString();
        Process first = start("first", "run", "--port", "0", "--data", data, "--port-file", portFile.toString());
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(portFile) || !first.isAlive());
        int port = Integer.parseInt(Files.readString(portFile).strip());
        assertThat(output("first.out"))
                .containsPattern("INFO .* Posthorn \\S+ ready: listening on 127\\.0\\.0\\.1:" + port
                        + ", data in \\S+, \\d+ ms");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            assertThat(socket.isConnected()).isTrue();
        }

        Process second = start("second", "run", "--port", "0", "--data", data);
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(output("second.err"))
                .startsWith("posthorn: ")
                .contains(String.valueOf(first.pid()))
                .hasLineCount(1);

        Process taken = start("taken", "run", "--port", String.valueOf(port), "--data", data + "2");
        assertThat(taken.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(taken.exitValue()).isEqualTo(1);
        assertThat(output("taken.err"))
                .startsWith("posthorn: ")
                .contains("127.0.0.1:" + port, "--port")
                .hasLineCount(1);

        first.destroy();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();
        assertThat(output("first.err")).isEmpty();
    }

    @Test
    void shouldEndWithStatusTwoForWrongUsage() throws Exception {
        Process process = start("wrong", "run", "--prot", "1");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(output("wrong.err")).contains("--prot");
    }
}
