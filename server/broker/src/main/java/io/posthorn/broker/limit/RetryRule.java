package io.posthorn.broker.limit;

/**
 * How often a message is tried, and how long it waits between attempts.
 *
 * @param attemptsMax how many times it is handed out before it goes to the dead-letter queue; 0 for ever
 * @param atOnce how many further attempts, 1 at least, follow at once and in the message's place, before the first that is
 *     waited for
 * @param delayMs how long it waits then, in milliseconds; 0 for never
 * @param factor how many times longer before each further attempt; 1 or more
 * @param delayMaxMs the longest wait
 */
public record RetryRule(int attemptsMax, int atOnce, long delayMs, double factor, long delayMaxMs) {

    public RetryRule {
        if (attemptsMax < 0 || atOnce < 1 || delayMs < 0 || !(factor >= 1) || delayMaxMs < 0) {
            throw new IllegalArgumentException(attemptsMax + " attempts, " + atOnce + " at once, then delayed by "
                    + delayMs + " times " + factor + ", at most " + delayMaxMs);
        }
    }

    /** How long a message waits that was handed out so many times. */
    public long delayMs(int attempts) {
        if (attempts <= atOnce || delayMs == 0) {
            return 0;
        }
        double delay = delayMs * Math.pow(factor, attempts - atOnce - 1.0);
        return (long) Math.min(delay, delayMaxMs);
    }

    /** The same, but for how often a message is tried. */
    public RetryRule withAttemptsMax(int other) {
        return new RetryRule(other, atOnce, delayMs, factor, delayMaxMs);
    }

    public boolean isOver(int attempts) {
        return attemptsMax > 0 && attempts >= attemptsMax;
    }
}
