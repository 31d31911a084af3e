package io.posthorn.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Many short lives of a broker and its clients, each from a seed. A seed that fails is printed with what happened last; it
 * becomes a test of its own once it is understood. {@code -Dposthorn.simulation.seeds=10000} and {@code
 * -Dposthorn.simulation.first=1} choose others, {@code -Dposthorn.simulation.verbose=true} shows the frames.
 */
@Execution(ExecutionMode.CONCURRENT)
class SimulationTest {

    private static final int STEPS = 500;

    @Test
    void shouldKeepItsPromisesWhateverHappens() {
        long first = Long.getLong("posthorn.simulation.first", 1);
        long count = Long.getLong("posthorn.simulation.seeds", 2000);
        long seen = 0;
        long seenAgain = 0;
        long buried = 0;
        long seenPassing = 0;
        long recalled = 0;
        long blocked = 0;
        long pieces = 0;
        long pressures = 0;
        long failures = 0;
        long dropped = 0;
        for (long seed = first; seed < first + count; seed++) {
            World world = new World(seed, 3, true);
            play(world, seed, STEPS);
            seen += world.ledger.seen;
            seenAgain += world.ledger.seenAgain;
            buried += world.ledger.buried;
            seenPassing += world.ledger.seenPassing;
            recalled += world.ledger.recalled;
            blocked += world.ledger.blocked;
            pieces += world.ledger.pieces;
            pressures += world.troubles.pressures;
            failures += world.troubles.failures;
            dropped += world.troubles.dropped;
        }
        assertThat(seen).as("messages seen").isGreaterThan(count * 10);
        assertThat(seenAgain).as("messages seen again").isPositive();
        assertThat(buried).as("dead letters").isPositive();
        assertThat(seenPassing)
                .as("messages seen in temporary queues and passing subscriptions")
                .isPositive();
        assertThat(pieces).as("pieces of long messages").isPositive();
        assertThat(recalled).as("messages that idle consumers gave back").isPositive();
        assertThat(pressures).as("times that the disk was full").isGreaterThan(count);
        assertThat(failures).as("errors of the disk").isGreaterThan(count);
        assertThat(dropped).as("queues deleted").isGreaterThan(count);
        assertThat(blocked).as("commands that were refused for now").isPositive();
    }

    /** It did not start again: the last block of a lane, out of memory and without a page, had no entries to be read. */
    @Test
    void shouldStartWhenAPageReplacesAPartOfAnEmptyBlock() {
        play(new World(23143, 3, true), 23143, STEPS);
    }

    @Test
    void shouldKeepItsPromisesWhateverAnOperatorDoes() {
        long first = Long.getLong("posthorn.simulation.first", 1);
        long count = Long.getLong("posthorn.simulation.seeds", 2000) / 4;
        long purged = 0;
        long resent = 0;
        long decided = 0;
        for (long seed = first; seed < first + count; seed++) {
            World world = new World(seed, 3);
            Operator operator = new Operator(world, seed);
            play(world, operator, seed);
            purged += operator.purged;
            resent += operator.resent;
            decided += world.ledger.decided.size();
        }
        assertThat(purged).as("messages purged").isGreaterThan(count);
        assertThat(resent).as("dead letters sent back").isPositive();
        assertThat(decided).as("branches decided by hand").isPositive();
    }

    /** Failed once: see ResumptionTest#shouldNotSendASecondTimeWhatAClientHasInItsHandsOnceItIsFreeAgain. */
    @Test
    void shouldKeepItsPromisesInSeed100427() {
        play(new World(100_427, 3), 100_427, STEPS);
    }

    /** Failed once: see AdministrationTest#shouldNotDropWhereAPreparedTransactionSendsWhatIsNotInTheLog. */
    @Test
    void shouldKeepItsPromisesInSeed4926() {
        play(new World(4926, 3, true), 4926, STEPS);
    }

    /** Failed once: see LimitTest#shouldGoOnBehindAPageThatWentWhileItWasRead. */
    @Test
    void shouldKeepItsPromisesInSeed5480() {
        play(new World(5480, 3, true), 5480, STEPS);
    }

    /** Failed once: see DeepQueueTest#shouldNotKeepBackWhatWasReadAheadWhenItsSegmentIsGone. */
    @Test
    void shouldKeepItsPromisesInSeed3494() {
        play(new World(3494, 3, true), 3494, STEPS);
    }

    /** Failed once: see PressureTest#shouldTellWhoWaitedForAQueueBefore. */
    @Test
    void shouldKeepItsPromisesInSeed9456() {
        play(new World(9456, 3, true), 9456, STEPS);
    }

    @Test
    void shouldKeepItsPromisesInALongLife() {
        play(new World(4711, 3), 4711, 20_000);
    }

    private static void play(World world, long seed, int steps) {
        watch(world, seed, () -> {
            for (int step = 0; step < steps; step++) {
                world.step();
            }
            world.finish();
        });
    }

    private static void play(World world, Operator operator, long seed) {
        watch(world, seed, () -> {
            for (int step = 0; step < STEPS; step++) {
                operator.actSometimes();
                world.step();
            }
            world.retire();
            operator.resend();
            world.settle();
            world.empty();
        });
    }

    private static void watch(World world, long seed, Runnable life) {
        try {
            life.run();
        } catch (RuntimeException | AssertionError failure) {
            String trace = world.trace.toString();
            String tail = trace.substring(
                    Math.max(0, trace.length() - Integer.getInteger("posthorn.simulation.trace", 4000)));
            throw new AssertionError(
                    "seed " + seed + ", step " + world.steps + ": " + failure.getMessage() + "\n" + tail, failure);
        }
    }
}
