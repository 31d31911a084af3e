package io.posthorn.broker;

import io.posthorn.broker.admission.Admission;
import io.posthorn.broker.limit.Tally;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.SpaceAccount;
import java.util.List;
import java.util.Map;

/**
 * What the broker holds, and what holds the disk, at one moment.
 *
 * @param queues the queues of destinations and subscriptions, in the order in which they came
 * @param journal the log that survives
 * @param scratch the log that does not
 * @param indexBytes how much memory the entries of queues take
 * @param pressure what the journal is short of
 */
public record StoreReport(
        List<QueueLine> queues, LogLine journal, LogLine scratch, long indexBytes, PressureLine pressure) {

    /**
     * One queue.
     *
     * @param label what it is, for people
     * @param depth how many messages there are, whoever holds them
     * @param ready how many of them could be delivered now
     * @param blocks in how many blocks they are
     * @param blocksInMemory how many of these blocks are in memory; the others are pages on disk
     * @param bytes how long the messages are together
     * @param inFlight how many messages a consumer or a branch that is not decided holds
     * @param oldestMs when the oldest message was sent (to the second), ms since 1970; 0 when there is none. A message
     *     without JMSTimestamp counts from its arrival, or from the start of the broker if that was later
     * @param counts what left otherwise than to a consumer since the start of the broker
     * @param fullSinceMs since when the queue is at its limits, ms since 1970; 0 when it is not
     * @param blockedSenders how many senders (sessions) wait for room in it
     */
    public record QueueLine(
            String label,
            long depth,
            long ready,
            int blocks,
            int blocksInMemory,
            long bytes,
            long inFlight,
            long oldestMs,
            Tally.Counts counts,
            long fullSinceMs,
            int blockedSenders) {

        static QueueLine of(MessageQueue queue, Admission admission) {
            return new QueueLine(
                    queue.toString(),
                    queue.depth(),
                    queue.backlog().readyCount(),
                    queue.backlog().blockCount(),
                    queue.backlog().residentCount(),
                    queue.backlog().contentBytes(),
                    queue.backlog().takenCount(),
                    queue.backlog().oldestSentS() * 1000,
                    queue.tally().counts(),
                    Admission.fullSinceMs(queue),
                    admission.blockedBy(queue));
        }

        /** How many messages wait for a time: delayed by their sender, or before another attempt. */
        public long delayed() {
            return depth - ready - inFlight;
        }
    }

    /**
     * What the journal is short of, such as room on the disk.
     *
     * @param text what it is; empty when there is nothing
     * @param sinceMs since when, ms since 1970; 0 when there is nothing
     * @param blockedSenders how many senders (sessions) wait for it
     */
    public record PressureLine(String text, long sinceMs, int blockedSenders) {

        static PressureLine of(Admission admission) {
            boolean pressed = admission.pressure() != null;
            return new PressureLine(
                    pressed ? admission.pressure().text() : "",
                    pressed ? admission.pressureSinceMs() : 0,
                    admission.blockedByPressure());
        }
    }

    /**
     * One log.
     *
     * @param segments how many segments it has, as far as anything ever stood in them
     * @param totalBytes about how many bytes were written to them
     * @param liveBytes about how many of these are needed; a message that several queues hold counts for each
     * @param sparsest the number of the segment of which least is needed; 0 when there is none
     */
    public record LogLine(int segments, long totalBytes, long liveBytes, long sparsest) {

        /** What the account of a log says. */
        public static LogLine of(SpaceAccount space) {
            long total = 0;
            long live = 0;
            long sparsest = 0;
            double leastShare = Double.MAX_VALUE;
            for (Map.Entry<Long, SpaceAccount.Live> entry : space.segments().entrySet()) {
                SpaceAccount.Live held = entry.getValue();
                double share = (double) held.bytes() / Math.max(1, held.total());
                total += held.total();
                live += held.bytes();
                sparsest = share < leastShare ? entry.getKey() : sparsest;
                leastShare = Math.min(leastShare, share);
            }
            return new LogLine(space.segments().size(), total, live, sparsest);
        }
    }
}
