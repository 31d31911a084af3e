package io.posthorn.jms.session.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowthTest {

    private final Growth growth = new Growth(2);

    @Test
    void shouldAskForNobodyWhileNoneWaitsForLong() {
        assertThat(growth.more(0, 2, 2)).isZero();
        assertThat(growth.more(-3, 2, 0)).isZero();
    }

    @Test
    void shouldAskForTwiceAsManyEachTimeNothingGetsDone() {
        assertThat(growth.more(1000, 2, 2)).isEqualTo(1);
        assertThat(growth.more(999, 3, 3)).isEqualTo(2);
        assertThat(growth.more(997, 5, 5)).isEqualTo(4);
        assertThat(growth.more(3, 9, 9)).isEqualTo(3);
    }

    @Test
    void shouldBeginAnewWhenNoneWaits() {
        growth.more(10, 2, 2);
        growth.more(10, 3, 3);
        growth.more(0, 5, 5);

        assertThat(growth.more(10, 5, 5)).isEqualTo(1);
    }

    @Test
    void shouldAskTheLaterTheMoreWorkWhileThingsGetDone() {
        assertThat(asked(20, 2)).isEqualTo(20);
        assertThat(asked(20, 3)).isEqualTo(10);
        assertThat(asked(20, 11)).isEqualTo(2);
    }

    @Test
    void shouldLetAsManyMoreWorkAsAreSeenToWait() {
        assertThat(growth.enough()).isEqualTo(2);
        for (int look = 0; look < 100; look++) {
            growth.sample(4, 3);
            growth.sample(0, 0);
        }
        assertThat(growth.enough()).isEqualTo(8);
        for (int look = 0; look < 100; look++) {
            growth.sample(8, 0);
        }
        assertThat(growth.enough()).isEqualTo(2);
        for (int look = 0; look < 1000; look++) {
            growth.sample(8, 8);
        }
        assertThat(growth.enough()).isEqualTo(64);
    }

    /** How many more in so many looks, while so many work and none is stuck. */
    private int asked(int looks, int working) {
        int sum = 0;
        for (int look = 0; look < looks; look++) {
            sum += growth.more(1000, working, 0);
        }
        growth.more(0, 0, 0);
        return sum;
    }
}
