package io.posthorn.broker.connection;

import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.store.Subscription;
import io.posthorn.broker.transaction.Session;
import io.posthorn.wire.frame.Address;

/** A consumer of a connection: what it reads, and for which session. */
final class Attachment {

    final QueueConsumer consumer;
    final Session session;
    final Address address;

    /** The subscription behind it; null for a queue. */
    final Subscription subscription;

    Attachment(QueueConsumer consumer, Session session, Address address, Subscription subscription) {
        this.consumer = consumer;
        this.session = session;
        this.address = address;
        this.subscription = subscription;
    }
}
