package io.posthorn.tck.crashes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Short on every build; {@code -Dposthorn.crash.minutes=60} is the long form, {@code -Dposthorn.crash.seed=N} repeats its chances. */
class RealCrashTest {

    private static final Duration SHORT = Duration.ofSeconds(15);

    @Test
    void shouldLoseNothingAndRepeatNothingAndDoNothingByHalf() throws Exception {
        int minutes = Integer.getInteger("posthorn.crash.minutes", 0);
        long given = Long.getLong("posthorn.crash.seed", 0);
        long seed = given != 0 ? given : new SecureRandom().nextInt(1, Integer.MAX_VALUE);
        Path folder = emptied(Path.of(System.getProperty("posthorn.crash.folder", "target/crashes")));
        try (CrashRun run = new CrashRun(folder, seed)) {
            assertThat(run.run(minutes == 0 ? SHORT : Duration.ofMinutes(minutes)))
                    .as("seed %d; diaries and logs are in %s", seed, folder)
                    .isEmpty();
        }
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder.toAbsolutePath());
    }
}
