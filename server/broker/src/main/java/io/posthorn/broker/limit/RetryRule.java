package io.posthorn.broker.limit;

/**
 * How often a message is tried, and how long it waits between attempts. The second attempt follows the first at once.
 *
 * @param attemptsMax how many times it is handed out before it goes to the dead-letter queue; 0 for ever
 * @param delayMs how long it waits before the third attempt, in milliseconds; 0 for never
 * @param factor how many times longer before each further attempt; 1 or more
 * @param delayMaxMs the longest wait
 */
public record RetryRule(int attemptsMax, long delayMs, double factor, long delayMaxMs) {

    public RetryRule {
        if (attemptsMax < 0 || delayMs < 0 || !(factor >= 1) || delayMaxMs < 0) {
            throw new IllegalArgumentException(
                    attemptsMax + " attempts, delayed by " + delayMs + " times " + factor + ", at most " + delayMaxMs);
        }
    }

    /** How long a message waits that was handed out so many times. */
    public long delayMs(int attempts) {
        if (attempts < 2 || delayMs == 0) {
            return 0;
        }
        double delay = delayMs * Math.pow(factor, attempts - 2.0);
        return (long) Math.min(delay, delayMaxMs);
    }

    public boolean isOver(int attempts) {
        return attemptsMax > 0 && attempts >= attemptsMax;
    }
}
