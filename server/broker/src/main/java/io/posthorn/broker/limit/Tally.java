package io.posthorn.broker.limit;

/** What went out of a queue other than to a consumer, or did not get in, since the start of the broker. Never falls. */
public final class Tally {

    private long expired;
    private long deadLettered;
    private long dropped;
    private long refused;

    /**
     * A moment's counts.
     *
     * @param expired messages whose time was over
     * @param deadLettered messages that went to the dead-letter queue, whatever the cause
     * @param dropped messages that had to make room for newer ones
     * @param refused sends that were refused, or made to wait, as the queue was full
     */
    public record Counts(long expired, long deadLettered, long dropped, long refused) {

        public static final Counts NONE = new Counts(0, 0, 0, 0);

        public Counts plus(Counts other) {
            return new Counts(
                    expired + other.expired,
                    deadLettered + other.deadLettered,
                    dropped + other.dropped,
                    refused + other.refused);
        }
    }

    public Counts counts() {
        return new Counts(expired, deadLettered, dropped, refused);
    }

    public void expired(long count) {
        expired += count;
    }

    public void deadLettered() {
        deadLettered++;
    }

    public void dropped() {
        dropped++;
    }

    public void refused() {
        refused++;
    }
}
