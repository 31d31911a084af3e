package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.limit.DeathCause;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.function.BooleanSupplier;

/** What a queue needs of the rest of the broker. */
public interface Courier {

    long nowMs();

    /** Writes that these entries are gone and takes them out of the queue. Nobody waits for it. */
    void settle(MessageQueue queue, EntryRanges entries);

    /** Raises the mark below which entries may have been delivered; returns the position that must be durable first. */
    long raiseDeliveryMark(MessageQueue queue, long mark);

    /** Moves an entry to the dead-letter queue. */
    void deadLetter(MessageQueue queue, long entry, Death death, Envelope envelope);

    /** Why an entry is not delivered any more, and how often it was. */
    record Death(DeathCause cause, int attempts) {}

    /** Reads an entry's message back; {@link MessageQueue#onContent} is called later for whoever waits for it. */
    void load(MessageQueue queue, EntryBlock block, int index);

    /** Reads a block's page back; {@link Backlog#onPage} is called later. */
    void loadPage(MessageQueue queue, EntryBlock block);

    /** Reads a block's page back and waits for it. Null when it cannot be read; that is said in the log of the server. */
    Rows readPage(MessageQueue queue, EntryBlock block);

    /** Writes a block's page; the queue hears of it by {@link Backlog#stored}. False when that cannot be now. */
    boolean storePage(MessageQueue queue, EntryBlock block);

    /**
     * Writes the message of an entry that is only in memory to where it can be read back. Returns its position there; a
     * negative number as long as the log is not safe up to the gate.
     */
    long spill(Content content, long gate);

    /** Whoever sends at the moment need not be listened to until {@code over}, so that consumers can keep up. */
    default void hold(BooleanSupplier over) {}

    /** Calls {@link MessageQueue#advance} once this time has come (ms since 1970), and no longer at an earlier request's. */
    void wakeAt(MessageQueue queue, long timeMs);

    /** What is needed of the log that survives, or of the other one. */
    Space space(boolean durable);
}
