package io.posthorn.broker.connection;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Directory;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Subscription;
import io.posthorn.broker.store.Subscription.Key;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.selector.Selector;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The rules for subscriptions (JMS 3.1 section 8.3): who may share one, when a consumer that asks for other terms gets a
 * new one, and when it is refused. Durable ones, shared or not, have one name space per client identifier; shared
 * non-durable ones another.
 */
final class Subscribing {

    private final Directory directory;
    private final Recorder recorder;

    Subscribing(Directory directory, Recorder recorder) {
        this.directory = directory;
        this.recorder = recorder;
    }

    /** Refuses what no destination and no subscription can be asked for. */
    static void check(Source source, String clientId) throws Refusal {
        boolean topic = source.address().kind().isTopic();
        boolean named = source.durable() || source.shared();
        if (topic && source.mode() == Source.Mode.BROWSE) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, source.address() + " cannot be browsed; only queues can");
        }
        if (!named) {
            return;
        }
        if (!topic) {
            throw new Refusal(ErrorCode.INVALID_DESTINATION, "there are no subscriptions on " + source.address());
        }
        checkName(source.subscription());
        if (source.durable() && source.address().kind().isTemporary()) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION, "there are no durable subscriptions on " + source.address());
        }
        if (source.durable() && !source.shared() && clientId == null) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "durable subscription '" + source.subscription() + "' needs a client identifier, or to be shared");
        }
    }

    private static void checkName(String name) throws Refusal {
        if (name == null || name.isBlank() || name.length() > Address.NAME_LENGTH_MAX) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "a durable or shared subscription has a name of 1 to " + Address.NAME_LENGTH_MAX + " characters, "
                            + (name == null ? "and not none" : "not " + name.length()));
        }
    }

    /**
     * The subscription for a consumer of a topic. A durable one that does not exist yet is added to the recorder and null is
     * returned: ask again with {@link #durable} after the commit.
     */
    Subscription find(Destination topic, Source source, Key key, UUID connection, Selector selector) throws Refusal {
        if (source.durable()) {
            return findDurable(topic, source, key);
        }
        if (!source.shared()) {
            return directory.createVolatile(topic, null, source.noLocal(), connection, source.selector(), selector);
        }
        Subscription existing = directory.sharedVolatile(key);
        if (existing == null) {
            return directory.createVolatile(topic, key, false, connection, source.selector(), selector);
        }
        if (!existing.isSame(topic, source.selector(), false)) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "shared subscription '" + key.name() + "' is in use with another topic or selector: on "
                            + existing.topic().address() + ", selector " + existing.selectorText());
        }
        return existing;
    }

    Subscription durable(Key key) {
        return directory.durable(key);
    }

    /**
     * Adds the deletion of a durable subscription to the recorder. Nobody may use it or have a message of it under way;
     * {@code held} says whether a message of a queue is.
     */
    void unsubscribe(Key key, Predicate<MessageQueue> held) throws Refusal {
        Subscription subscription = directory.durable(key);
        if (subscription == null) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    "no durable subscription '" + key.name() + "' for client identifier " + key.clientId());
        }
        MessageQueue queue = subscription.queue();
        int consumers = queue.dealer().consumerCount();
        if (consumers > 0) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "durable subscription '" + key.name() + "' has " + consumers
                            + " active consumers; close them first");
        }
        if (held.test(queue)) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "a message of durable subscription '" + key.name()
                            + "' was received and is not acknowledged, or is part"
                            + " of a transaction that is not decided; acknowledge it, commit or roll back first, or close"
                            + " the session that has it");
        }
        recorder.add(new LogRecord.QueueDeleted(queue.number()));
    }

    private Subscription findDurable(Destination topic, Source source, Key key) throws Refusal {
        Subscription existing = directory.durable(key);
        if (existing == null) {
            create(topic, source, key);
            return null;
        }
        boolean active = existing.queue().dealer().consumerCount() > 0;
        boolean same = existing.isSame(topic, source.selector(), source.noLocal());
        if (existing.shared() != source.shared()) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "durable subscription '" + key.name() + "' is " + (existing.shared() ? "shared" : "not shared")
                            + "; unsubscribe it to use the name otherwise");
        }
        if (active && !source.shared()) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE, "durable subscription '" + key.name() + "' has an active consumer");
        }
        if (active && !same) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "shared durable subscription '" + key.name() + "' is in use with another topic or selector: on "
                            + existing.topic().address() + ", selector " + existing.selectorText());
        }
        if (same) {
            return existing;
        }
        recorder.add(new LogRecord.QueueDeleted(existing.queue().number()));
        create(topic, source, key);
        return null;
    }

    private void create(Destination topic, Source source, Key key) {
        recorder.add(new LogRecord.SubscriptionCreated(
                directory.nextNumber(),
                topic.address().name(),
                key.clientId(),
                key.name(),
                source.shared(),
                source.noLocal(),
                source.selector()));
    }
}
