package io.posthorn.journal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, really killed. */
class KillTest {

    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @Test
    void shouldKeepEverythingThatAKilledProcessSawSynced() throws Exception {
        Random random = new Random(99);
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int synced = found;
            try (Appender appender = Appender.start(folder)) {
                assertThat(appender.readLine()).isEqualTo("open " + found);
                for (int lines = 5 + random.nextInt(60); lines > 0; lines--) {
                    synced = Integer.parseInt(appender.readLine().substring("synced ".length()));
                }
                appender.kill();
                for (String line = appender.readLine();
                        line != null && line.matches("synced [0-9]+");
                        line = appender.readLine()) {
                    synced = Integer.parseInt(line.substring("synced ".length()));
                }
            }
            try (Owner owner = new Owner(folder)) {
                assertThat(owner.journal.closedCleanly()).isFalse();
                assertThat(owner.journal.epoch()).isEqualTo(2L * (round + 1));
                owner.replayed.removeIf("|"::equals);
                found = owner.replayed.size();
                assertThat(found).isEven().isGreaterThanOrEqualTo(synced);
                for (int i = 0; i < found; i++) {
                    assertThat(owner.replayed.get(i)).isEqualTo(Appender.record(i));
                }
            }
        }
    }
}
