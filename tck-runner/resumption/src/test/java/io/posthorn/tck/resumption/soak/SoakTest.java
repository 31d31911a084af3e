package io.posthorn.tck.resumption.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.tck.resumption.Rig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short on every build; {@code -Dposthorn.soak.minutes=10} is the long form, {@code -Dposthorn.soak.seed=N} repeats the breaks of a run. */
class SoakTest {

    private static final Duration SHORT = Duration.ofSeconds(25);

    /** By default what is rolled back for the fifth time in a row waits, so that its successors overtake: sole consumers expect order. */
    private static final String NO_PAUSE = "destinations=[{match: \"*\", redelivery-delay: 0s}]";

    @Test
    void shouldLoseNothingAndRepeatNothingThatWasFinished(@TempDir Path home) throws Exception {
        int minutes = Integer.getInteger("posthorn.soak.minutes", 0);
        long given = Long.getLong("posthorn.soak.seed", 0);
        long seed = given != 0 ? given : new SecureRandom().nextInt(1, Integer.MAX_VALUE);
        try (Rig rig = new Rig(home, "resume-window=2m", NO_PAUSE)) {
            assertThat(new Soak(rig, seed).run(minutes == 0 ? SHORT : Duration.ofMinutes(minutes)))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }
}
