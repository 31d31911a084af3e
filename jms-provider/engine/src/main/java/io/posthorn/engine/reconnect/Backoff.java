package io.posthorn.engine.reconnect;

import java.util.random.RandomGenerator;

/** Pauses between rounds of attempts: none before the first, then up to a bound that doubles, anywhere below it. */
final class Backoff {

    private final long initialMs;
    private final long maxMs;
    private final RandomGenerator chance;
    private long boundMs;

    Backoff(long initialMs, long maxMs, RandomGenerator chance) {
        this.initialMs = initialMs;
        this.maxMs = maxMs;
        this.chance = chance;
    }

    void reset() {
        boundMs = 0;
    }

    /** The pause before the next round. Chance spreads the clients of a server that comes back. */
    long nextMs() {
        boundMs = boundMs == 0 ? initialMs : Math.min(maxMs, boundMs * 2);
        return chance.nextLong(boundMs + 1);
    }
}
