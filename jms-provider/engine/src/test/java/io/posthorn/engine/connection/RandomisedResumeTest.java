package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Applications at work while links break and the server is killed, at any moment. The seed is the test's name; one run of
 * each build has a seed that nobody has tried before. {@code -Dposthorn.seed=N} runs one seed.
 */
class RandomisedResumeTest {

    private static final int SEEDS = Integer.getInteger("posthorn.seeds", 150);
    private static final int STEPS = 400;

    static Stream<Long> seeds() {
        Long given = Long.getLong("posthorn.seed");
        return given != null
                ? Stream.of(given)
                : Stream.concat(LongStream.rangeClosed(1, SEEDS).boxed(), Stream.of(new Random().nextLong() >>> 16));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldDoEverythingOnceAndInOrder(long seed) throws Exception {
        Turmoil turmoil = new Turmoil(seed);
        try {
            turmoil.run(STEPS);
            turmoil.calm();
            turmoil.check();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
        assertThat(turmoil.faults()).as("faults with seed %d", seed).isPositive();
    }
}
