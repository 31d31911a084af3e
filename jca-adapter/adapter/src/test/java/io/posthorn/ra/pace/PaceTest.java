package io.posthorn.ra.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong nowNs = new AtomicLong();
    private final Complaints complaints = new Complaints(nowNs::get);

    @Test
    void shouldWaitTwiceAsLongEachTimeUpToTheBoundAndLeaveHalfOfItToChance() {
        long seed = System.nanoTime();
        Retry retry = new Retry(10_000, 60_000, new Random(seed));
        for (long full : new long[] {10_000, 20_000, 40_000, 60_000, 60_000}) {
            assertThat(retry.nextMs()).as("seed %s", seed).isBetween(full / 2, full);
        }
        retry.succeeded();
        assertThat(retry.nextMs()).as("seed %s", seed).isBetween(5_000L, 10_000L);
    }

    @Test
    void shouldComplainOnceAndThenOfTheSameEverMoreSeldom() {
        assertThat(complaints.isWorthALine("refused")).isTrue();
        assertThat(minutesUntilWorthALine("refused")).isEqualTo(1);
        assertThat(minutesUntilWorthALine("refused")).isEqualTo(2);
        assertThat(minutesUntilWorthALine("refused")).isEqualTo(4);
        for (int lines = 0; lines < 10; lines++) {
            minutesUntilWorthALine("refused");
        }
        assertThat(minutesUntilWorthALine("refused")).isEqualTo(60);
    }

    @Test
    void shouldComplainAtOnceOfSomethingElseAndAfterItHadWorked() {
        assertThat(complaints.isWorthALine("refused")).isTrue();
        assertThat(complaints.isWorthALine("unreachable")).isTrue();
        assertThat(complaints.isWorthALine("unreachable")).isFalse();
        complaints.forget();
        assertThat(complaints.isWorthALine("unreachable")).isTrue();
    }

    @Test
    void shouldPauseTwiceAsLongAfterEachFailureInARow() {
        Pacing pacing = new Pacing(100, 300);
        assertThat(new long[] {pacing.failedMs(), pacing.failedMs(), pacing.failedMs()})
                .containsExactly(100, 200, 300);
        pacing.succeeded();
        assertThat(pacing.failedMs()).isEqualTo(100);
    }

    private long minutesUntilWorthALine(String text) {
        for (long minutes = 1; ; minutes++) {
            nowNs.addAndGet(MINUTE_NS);
            if (complaints.isWorthALine(text)) {
                return minutes;
            }
        }
    }
}
