package io.posthorn.examples.benchmark.scenario;

import io.posthorn.examples.benchmark.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a round measured, and how many messages (or things) it was about.
 *
 * @param count what costs are divided by
 */
public record Outcome(long count, Map<Metric, Double> values) {
    private static final double NS_PER_US = TimeUnit.MICROSECONDS.toNanos(1);

    public static Outcome of(long count, long elapsedNs) {
        return new Outcome(count, new EnumMap<>(Map.of(Metric.RATE, perSecond(count, elapsedNs))));
    }

    public static double perSecond(long count, long elapsedNs) {
        return count * (double) TimeUnit.SECONDS.toNanos(1) / elapsedNs;
    }

    public Outcome with(Metric metric, double value) {
        values.put(metric, value);
        return this;
    }

    public Outcome with(Histogram latencyNs) {
        with(Metric.P50_US, latencyNs.getValueAtPercentile(50) / NS_PER_US);
        with(Metric.P99_US, latencyNs.getValueAtPercentile(99) / NS_PER_US);
        return with(Metric.P999_US, latencyNs.getValueAtPercentile(99.9) / NS_PER_US);
    }

    /** One line, for the command to read. */
    String toLine() {
        StringBuilder line = new StringBuilder("count=").append(count);
        values.forEach((metric, value) ->
                line.append(' ').append(metric.name()).append('=').append(value));
        return line.toString();
    }

    /** The reverse of {@link #toLine}. */
    public static Outcome parse(String line) {
        long count = 0;
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (String pair : line.split(" ", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, equals);
            String value = pair.substring(equals + 1);
            if (name.equals("count")) {
                count = Long.parseLong(value);
            } else {
                values.put(Metric.valueOf(name), Double.valueOf(value));
            }
        }
        return new Outcome(count, values);
    }
}
