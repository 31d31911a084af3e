package io.posthorn.examples.benchmark;

/** What is measured in a round, by its name and unit. */
public enum Metric {
    RATE("/s", true),
    FILL_RATE("filled/s", true),
    DRAIN_RATE("drained/s", true),
    P50_US("p50 µs", false),
    P99_US("p99 µs", false),
    P999_US("p99.9 µs", false),
    SERVER_CPU_US("server CPU µs each", false),
    CLIENT_CPU_US("client CPU µs each", false),
    SERVER_SLEEPS("server wake-ups each", false),
    CLIENT_SLEEPS("client wake-ups each", false),
    SERVER_ALLOCATED("server allocates B each", false),
    CLIENT_ALLOCATED("client allocates B each", false),
    SERVER_HEAP("server heap B each", false),
    SERVER_RESIDENT("server resident B each", false),
    CLIENT_HEAP("client heap B each", false);

    private final String unit;
    private final boolean more;

    Metric(String unit, boolean more) {
        this.unit = unit;
        this.more = more;
    }

    String unit() {
        return unit;
    }

    /** Whether a higher value is the better one. */
    boolean isBetterWhenMore() {
        return more;
    }
}
