package io.posthorn.broker.connection;

import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.store.Subscription;
import io.posthorn.wire.frame.Address;

/**
 * A consumer of a connection: what it reads, and for which session.
 *
 * @param subscription the subscription behind it; null for a queue
 */
record Attachment(QueueConsumer consumer, Session session, Address address, Subscription subscription) {}
