package io.posthorn.broker.queue;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;

/** What a queue needs of the rest of the broker. */
public interface Courier {

    long nowMs();

    /** Writes that these entries are gone and takes them out of the queue. Nobody waits for it. */
    void settle(MessageQueue queue, EntryRanges entries);

    /** Raises the mark below which entries may have been delivered; returns the position that must be durable first. */
    long raiseDeliveryMark(MessageQueue queue, long mark);

    /** Moves an entry that was handed out too often to the dead-letter queue. */
    void deadLetter(MessageQueue queue, long entry, int attempts, Envelope envelope);

    /** Reads a message back; {@link MessageQueue#onContent} is called later for whoever waits for the position. */
    void load(MessageQueue queue, long entry, long position);

    /** Calls {@link MessageQueue#advance} once this time has come (ms since 1970), and no longer at an earlier request's. */
    void wakeAt(MessageQueue queue, long timeMs);

    /** The log holds one entry more, or less, that points to this position. */
    void retained(long position);

    void released(long position);
}
