package io.posthorn.engine.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pauses between attempts. */
class BackoffTest {

    private static List<Long> pauses(long seed) {
        Backoff backoff = new Backoff(50, 5_000, new Random(seed));
        return IntStream.range(0, 40).mapToObj(round -> backoff.nextMs()).toList();
    }

    @Test
    void shouldDoubleUpToACap() {
        for (long seed = 0; seed < 200; seed++) {
            List<Long> pauses = pauses(seed);
            long bound = 50;
            for (long pause : pauses) {
                assertThat(pause).isBetween(0L, bound);
                bound = Math.min(5_000, 2 * bound);
            }
        }
    }

    @Test
    void shouldSpreadClientsOverTheWholePause() {
        Set<Long> tenths = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            tenths.add(pauses(seed).get(20) / 501);
        }
        assertThat(tenths).hasSize(10);
    }

    @Test
    void shouldBeginAnewAfterAReset() {
        Backoff backoff = new Backoff(50, 5_000, new Random(1));
        IntStream.range(0, 20).forEach(round -> backoff.nextMs());

        backoff.reset();

        assertThat(backoff.nextMs()).isLessThanOrEqualTo(50);
    }
}
