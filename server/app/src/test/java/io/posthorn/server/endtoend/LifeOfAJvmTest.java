package io.posthorn.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which JVMs of clients live on after {@code main} has returned, and which end. */
@Timeout(120)
class LifeOfAJvmTest {

    private static final int WAIT_S = 30;

    @TempDir
    private Path folder;

    private Site site;
    private Process child;

    @BeforeEach
    void start() throws Exception {
        site = new Site(folder.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        if (child != null) {
            child.destroyForcibly().waitFor(WAIT_S, TimeUnit.SECONDS);
        }
        site.close();
    }

    @Test
    void shouldKeepTheJvmAliveForAListenerUntilItIsClosed() throws Exception {
        run("listener");
        try (JMSContext context = site.factory("").createContext()) {
            await().atMost(WAIT_S, TimeUnit.SECONDS).until(() -> output().contains("main has returned"));
            context.createProducer().send(context.createQueue("life"), "still there?");
            await().atMost(WAIT_S, TimeUnit.SECONDS).until(() -> output().contains("heard still there?"));
            assertThat(child.isAlive()).isTrue();

            context.createProducer().send(context.createQueue("life"), "close");
        }
        assertThat(child.waitFor(WAIT_S, TimeUnit.SECONDS)).as(output()).isTrue();
        assertThat(child.exitValue()).isZero();
    }

    @Test
    void shouldLetSystemExitEndAListener() throws Exception {
        run("listener");
        try (JMSContext context = site.factory("").createContext()) {
            context.createProducer().send(context.createQueue("life"), "exit");
        }
        assertThat(child.waitFor(WAIT_S, TimeUnit.SECONDS)).as(output()).isTrue();
        assertThat(child.exitValue()).isEqualTo(3);
    }

    @Test
    void shouldLetTheJvmOfAClientWithoutListenerEnd() throws Exception {
        run("receiver");

        assertThat(child.waitFor(WAIT_S, TimeUnit.SECONDS)).as(output()).isTrue();
        assertThat(child.exitValue()).isZero();
        assertThat(output()).contains("main has returned");
    }

    @Test
    void shouldLetTheJvmOfAnEmbeddedServerEnd() throws Exception {
        run("embedded");

        assertThat(child.waitFor(WAIT_S, TimeUnit.SECONDS)).as(output()).isTrue();
        assertThat(child.exitValue()).as(output()).isZero();
        assertThat(output()).contains("main has returned");
    }

    private void run(String part) throws IOException {
        child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildClient.class.getName(),
                        part,
                        "tcp://127.0.0.1:" + site.port())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
    }
}
