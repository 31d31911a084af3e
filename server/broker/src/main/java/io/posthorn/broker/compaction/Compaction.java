package io.posthorn.broker.compaction;

/**
 * The compaction of both logs.
 *
 * @param log of the log that survives
 * @param scratch of the scratch log
 */
public record Compaction(Compactor log, Compactor scratch) {

    public Compactor of(boolean durable) {
        return durable ? log : scratch;
    }

    /** Does a little. At the end of a turn, when no index into a queue is in use. */
    public void work(long nowMs) {
        log.work(nowMs);
        scratch.work(nowMs);
    }

    /** When there will be work, ms since 1970; {@link Long#MAX_VALUE} for never, or when something is awaited. */
    public long nextDeadlineMs() {
        return Math.min(log.nextDeadlineMs(), scratch.nextDeadlineMs());
    }
}
