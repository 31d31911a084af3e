package io.posthorn.examples.benchmark.scenario;

import java.time.Duration;

/**
 * How much work a round is.
 *
 * @param duration for work that goes on for a time
 * @param scale for work that is counted: 1 is the whole
 */
public record Round(Duration duration, double scale) {
    public long deadlineNs() {
        return System.nanoTime() + duration.toNanos();
    }

    public int scaled(int count) {
        return Math.max(1, (int) (count * scale));
    }
}
