package io.posthorn.ra.inbound;

import java.util.random.RandomGenerator;

/**
 * The waits between attempts: each twice as long as the one before, up to a bound, of which the second half is left to chance, so that
 * many that lost the same server do not come back at the same moment. One thread at a time.
 */
final class Retry {

    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator chance;
    private long nextMs;

    Retry(long firstMs, long maxMs, RandomGenerator chance) {
        this.firstMs = firstMs;
        this.maxMs = Math.max(firstMs, maxMs);
        this.chance = chance;
        this.nextMs = firstMs;
    }

    /** The wait before the next attempt. */
    long nextMs() {
        long full = nextMs;
        nextMs = Math.min(maxMs, full > maxMs / 2 ? maxMs : full * 2);
        return full / 2 + (full < 2 ? full - full / 2 : chance.nextLong(full / 2 + 1));
    }

    void succeeded() {
        nextMs = firstMs;
    }
}
