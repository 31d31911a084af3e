package io.posthorn.ra.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalTest {

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final long seed = System.nanoTime();
    private final AtomicLong nowNs = new AtomicLong(seed);
    private final Exception reason = new Exception("on purpose");
    private Refusal refusal;

    @BeforeEach
    void begin() {
        refusal = new Refusal(nowNs::get, () -> NOON, new Random(seed));
    }

    @Test
    void shouldHoldNothingBeforeTheFirstRefusal() {
        assertThatCode(refusal::throwWhileItHolds).doesNotThrowAnyException();
    }

    @Test
    void shouldSayTheSameUntilTheTimeThatItTells() {
        XAException first = refusal.remember("wrong", reason);
        assertThat(first.errorCode).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(first).hasCause(reason).hasMessageMatching("wrong; the server is asked again after .*T12:00:.*Z");
        nowNs.addAndGet(4 * SECOND_NS);
        assertThatThrownBy(refusal::throwWhileItHolds)
                .isNotSameAs(first)
                .hasMessage(first.getMessage())
                .hasCause(reason)
                .hasFieldOrPropertyWithValue("errorCode", XAException.XAER_RMFAIL);
        nowNs.addAndGet(6 * SECOND_NS);
        assertThatCode(refusal::throwWhileItHolds).doesNotThrowAnyException();
    }

    @Test
    void shouldHoldTwiceAsLongEachTimeUpToFiveMinutesAndLikeAFirstTimeAfterALogin() {
        for (long fullS : new long[] {10, 20, 40, 80, 160, 300, 300}) {
            assertThat(secondsThatItHolds()).as("seed %s", seed).isBetween(fullS / 2, fullS);
        }
        refusal.forget();
        assertThatCode(refusal::throwWhileItHolds).doesNotThrowAnyException();
        assertThat(secondsThatItHolds()).as("seed %s", seed).isBetween(5L, 10L);
    }

    private long secondsThatItHolds() {
        assertThat(refusal.remember("wrong", reason)).hasMessageStartingWith("wrong");
        for (long seconds = 0; ; seconds++) {
            try {
                refusal.throwWhileItHolds();
                return seconds;
            } catch (XAException e) {
                nowNs.addAndGet(SECOND_NS);
            }
        }
    }
}
