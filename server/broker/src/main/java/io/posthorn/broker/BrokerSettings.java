package io.posthorn.broker;

import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.broker.limit.RetryRule;

/**
 * What can be set about a broker.
 *
 * @param messageLengthMax longest message that is taken, in bytes, its body included
 * @param resumeWindowMs how long a lost client keeps what it owns, in milliseconds
 * @param contentBytesMax how many bytes of message contents stay in memory; the rest is read back from the journal
 * @param indexBytesMax how many bytes the entries of queues may take in memory; the rest is in pages in the journal
 * @param stagedBytesMax how many bytes the messages of transactions that are not decided may take in memory, together; those
 *     of one may take half of it
 * @param blockEntries how many entries a page holds at most
 * @param checkpointBytes how many bytes of log may follow a checkpoint before the next one is taken
 * @param compactionSlackBytes how many bytes the log may hold in vain, besides as many as it holds of use, before it is
 *     compacted
 * @param xaTimeoutMs after how long an unprepared branch is rolled back, in milliseconds
 * @param destinations settings by destination
 */
public record BrokerSettings(
        long messageLengthMax,
        long resumeWindowMs,
        long contentBytesMax,
        long indexBytesMax,
        long stagedBytesMax,
        int blockEntries,
        long checkpointBytes,
        long compactionSlackBytes,
        long xaTimeoutMs,
        Destinations destinations) {

    /** Long enough for large reads, short enough to go through in one turn. */
    public static final int BLOCK_ENTRIES = 4096;

    /** A few segments. */
    public static final long COMPACTION_SLACK_BYTES = 64L << 20;

    public static BrokerSettings defaults() {
        return new BrokerSettings(
                4L << 30,
                30_000,
                64L << 20,
                64L << 20,
                128L << 20,
                BLOCK_ENTRIES,
                16L << 20,
                COMPACTION_SLACK_BYTES,
                300_000,
                name -> DestinationSettings.DEFAULTS);
    }

    /** Finds the settings of a destination by its name. */
    @FunctionalInterface
    public interface Destinations {
        DestinationSettings of(String name);
    }

    /**
     * Settings of one destination. For a topic they hold for each of its subscriptions.
     *
     * @param syncFlush whether PERSISTENT waits for the sync (otherwise only for the write)
     * @param retry how often a message is tried, and how long it waits between attempts
     * @param deadLetterQueue name of the queue for what cannot be delivered
     * @param buriesExpired whether what expired goes there, too; otherwise it is only counted
     * @param limit how much a queue may hold
     */
    public record DestinationSettings(
            boolean syncFlush, RetryRule retry, String deadLetterQueue, boolean buriesExpired, QueueLimit limit) {

        public static final DestinationSettings DEFAULTS = new DestinationSettings(
                true, new RetryRule(10, 4, 300, 2, 60_000), "posthorn.dead-letters", false, QueueLimit.NONE);

        /** Without delays and limits. */
        public DestinationSettings(boolean syncFlush, int attemptsMax, String deadLetterQueue) {
            this(syncFlush, new RetryRule(attemptsMax, 1, 0, 1, 0), deadLetterQueue, false, QueueLimit.NONE);
        }

        /** The same with another limit; with the usual policy where it has none. */
        public DestinationSettings withLimit(QueueLimit other) {
            return new DestinationSettings(syncFlush, retry, deadLetterQueue, buriesExpired, other);
        }

        /** The same with other attempts. */
        public DestinationSettings withRetry(RetryRule other) {
            return new DestinationSettings(syncFlush, other, deadLetterQueue, buriesExpired, limit);
        }
    }
}
