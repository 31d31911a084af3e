package io.posthorn.broker.connection;

import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.store.Subscription;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.EntryRanges;

/** A consumer of a connection: what it reads, and for which session. */
final class Attachment {

    final QueueConsumer consumer;
    final Session session;
    final Address address;

    /** The subscription behind it; null for a queue. */
    final Subscription subscription;

    /** Whether the client believes to hold more than it does: acknowledgements of that are still to come. */
    boolean lacks;

    /**
     * What the client still believes to hold and has lost to others. Should it come to this consumer again, an
     * acknowledgement is about the delivery that was lost, as long as the client may have the later one unseen in a buffer.
     */
    private EntryRanges lost = EntryRanges.NONE;

    Attachment(QueueConsumer consumer, Session session, Address address, Subscription subscription) {
        this.consumer = consumer;
        this.session = session;
        this.address = address;
        this.subscription = subscription;
    }

    /** The client holds {@code named}, and nothing else that came before; of that, {@code kept} is really its. */
    void onNamed(EntryRanges named, EntryRanges kept) {
        lost = named.minus(kept);
        lacks |= !lost.isEmpty();
    }

    /** Those of the acknowledged entries that are its; what it says of them later is about later deliveries. */
    EntryRanges acknowledge(EntryRanges named) {
        EntryRanges held = consumer.inFlight().heldOf(named).minus(lost);
        lost = lost.minus(named);
        return held;
    }

    /** The client holds nothing any more. */
    void onReleased() {
        lost = EntryRanges.NONE;
        lacks = false;
    }
}
