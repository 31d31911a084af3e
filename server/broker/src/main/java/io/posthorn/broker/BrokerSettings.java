package io.posthorn.broker;

/**
 * What can be set about a broker.
 *
 * @param messageLengthMax longest message that is taken, in bytes, its body included
 * @param resumeWindowMs how long a lost client keeps what it owns, in milliseconds
 * @param contentBytesMax how many bytes of message contents stay in memory; the rest is read back from the journal
 * @param indexBytesMax how many bytes the entries of queues may take in memory; the rest is in pages in the journal
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
     * Settings of one destination.
     *
     * @param syncFlush whether PERSISTENT waits for the sync (otherwise only for the write)
     * @param redeliveryMax how many times a message is handed out before it goes to the dead-letter queue; 0 for ever
     * @param deadLetterQueue name of the queue for what cannot be delivered
     */
    public record DestinationSettings(boolean syncFlush, int redeliveryMax, String deadLetterQueue) {

        public static final DestinationSettings DEFAULTS = new DestinationSettings(true, 10, "posthorn.dead-letters");
    }
}
