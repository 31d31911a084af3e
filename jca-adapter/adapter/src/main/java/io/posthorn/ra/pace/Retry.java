package io.posthorn.ra.pace;

import java.util.random.RandomGenerator;

/**
 * The waits between attempts: each twice as long as the one before, up to a bound, of which the second half is left to chance, so that
 * many that lost the same server do not come back at the same moment. One thread at a time.
 */
public final class Retry {

    private static final long REFUSED_FIRST_MS = 10_000;
    private static final long REFUSED_MAX_MS = 300_000;

    private final long firstMs;
    private final long maxMs;
    private final RandomGenerator chance;
    private long nextMs;

    public Retry(long firstMs, long maxMs, RandomGenerator chance) {
        this.firstMs = firstMs;
        this.maxMs = Math.max(firstMs, maxMs);
        this.chance = chance;
        this.nextMs = firstMs;
    }

    /** Those after a login that was refused, which somebody has to put right first. */
    public static Retry ofRefusedLogins(RandomGenerator chance) {
        return new Retry(REFUSED_FIRST_MS, REFUSED_MAX_MS, chance);
    }

    /** The wait before the next attempt. */
    public long nextMs() {
        long full = nextMs;
        nextMs = Math.min(maxMs, full > maxMs / 2 ? maxMs : full * 2);
        return full / 2 + (full < 2 ? full - full / 2 : chance.nextLong(full / 2 + 1));
    }

    public void succeeded() {
        nextMs = firstMs;
    }
}
