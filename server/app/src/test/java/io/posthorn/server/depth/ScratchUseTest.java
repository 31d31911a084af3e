package io.posthorn.server.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.server.PosthornServer;
import io.posthorn.server.config.SettingsLoader;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the folder of the scratch log takes while a deep backlog of NON_PERSISTENT messages comes and goes. */
class ScratchUseTest {

    private static final int COUNT = 300_000;
    private static final int STAYS = 10_000;

    /** Slack of two, the one that is written, the one made ready. */
    private static final long FIXED_BYTES = 4 * (8L << 20);

    @TempDir
    private Path data;

    private long scratchBytes() {
        try (Stream<Path> files = Files.list(data.resolve("scratch"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Test
    void shouldFallWithoutARestartOnceAllButOneIn10000AreTaken() throws Exception {
        SettingsLoader loader =
                new SettingsLoader().set("listen.port", "0", "test").set("memory.contents", "1MiB", "test");
        try (PosthornServer server = PosthornServer.start(loader.load().withData(data))) {
            String url = "tcp://127.0.0.1:" + server.port();
            DeepQueueCommand.main(new String[] {url, "volatile", "" + COUNT, "200"});
            assertThat(scratchBytes()).isGreaterThan(COUNT * 200L);
            DeepQueueCommand.main(new String[] {url, "thin", "" + COUNT, "" + STAYS});
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(scratchBytes()).isLessThanOrEqualTo(FIXED_BYTES));

            try (JMSContext context = new PosthornConnectionFactory(url).createContext();
                    JMSConsumer consumer = context.createConsumer(context.createQueue("deep"))) {
                for (int left = COUNT / STAYS; left > 0; left--) {
                    assertThat(consumer.receive(10_000)).isNotNull();
                }
                assertThat(consumer.receiveNoWait()).isNull();
            }
        }
    }
}
