package io.posthorn.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private final Samples samples = new Samples();

    @Test
    void shouldGiveTheMedianOfAllRounds() {
        rates("one", 10, 30, 20);
        rates("two", 10, 20);

        assertThat(samples.median("one", Metric.RATE)).hasValue(20);
        assertThat(samples.median("two", Metric.RATE)).hasValue(15);
        assertThat(samples.median("nobody", Metric.RATE)).isEmpty();
    }

    @Test
    void shouldTakeTheRatioOfEachPairBeforeTheMedian() {
        rates("one", 100, 20, 30);
        rates("two", 50, 10, 30);

        assertThat(samples.ratio("one", "two", Metric.RATE)).hasValue(2);
    }

    @Test
    void shouldFindThePeerThatIsBetterByTheMetric() {
        samples.add("slow", Map.of(Metric.RATE, 10.0, Metric.P99_US, 900.0));
        samples.add("fast", Map.of(Metric.RATE, 20.0, Metric.P99_US, 100.0));

        assertThat(samples.best(List.of("slow", "fast"), Metric.RATE)).hasValue("fast");
        assertThat(samples.best(List.of("slow", "fast"), Metric.P99_US)).hasValue("fast");
        assertThat(samples.best(List.of("slow", "fast"), Metric.P50_US)).isEmpty();
    }

    private void rates(String provider, double... rates) {
        for (double rate : rates) {
            samples.add(provider, Map.of(Metric.RATE, rate));
        }
    }
}
