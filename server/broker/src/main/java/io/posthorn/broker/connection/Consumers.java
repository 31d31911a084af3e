package io.posthorn.broker.connection;

import io.posthorn.broker.Login;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Subscription;
import io.posthorn.broker.transaction.Settlement;
import io.posthorn.broker.transaction.Transaction;
import io.posthorn.broker.transaction.Units;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The consumers of one connection. A consumer that was closed stays here while its session still holds deliveries of it.
 * Runs on the broker's driver.
 */
final class Consumers implements Receiver {

    private final Core core;
    private final Connection connection;
    private final Destinations destinations;
    private final Subscribing subscribing;
    private final Map<Long, Attachment> attachments = new HashMap<>();

    Consumers(Core core, Connection connection, Destinations destinations) {
        this.core = core;
        this.connection = connection;
        this.destinations = destinations;
        this.subscribing = new Subscribing(core.state().directory(), core.recorder());
    }

    Subscribing subscribing() {
        return subscribing;
    }

    Decision attach(ClientFrame.Attach frame, Session session) throws Refusal {
        Attachment existing = attachments.get(frame.consumer());
        if (existing != null) {
            return Decision.volatileOnly(() -> reconcile(existing.consumer(), frame));
        }
        Source source = frame.source();
        Selector selector = parse(source.selector());
        check(source.mode() == Source.Mode.BROWSE ? Login.Verb.BROWSE : Login.Verb.CONSUME, source.address());
        Destination destination = destinations.require(source.address());
        if (destination.owner() != null && !destination.owner().equals(connection.id())) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    source.address() + " can be consumed by the connection that created it only");
        }
        if (destination.queue() != null) {
            return Decision.volatileOnly(() -> open(frame, session, destination.queue(), null, selector));
        }
        Subscription found = subscribing.find(destination, source, connection.clientId(), connection.id(), selector);
        Flush flush = core.recorder().isEmpty() ? Flush.LAZY : Flush.SYNC;
        return Decision.of(flush, gate -> {
            Subscription subscription = found != null
                    ? found
                    : subscribing.durable(new Subscription.Key(connection.clientId(), source.subscription()));
            open(frame, session, subscription.queue(), subscription, null);
        });
    }

    /** Closes a consumer; what the application was handed stays with the session. */
    Decision detach(ClientFrame.Detach frame) {
        Attachment attachment = attachments.get(frame.consumer());
        return Decision.volatileOnly(() -> {
            if (attachment != null) {
                close(attachment);
                giveBackAllBut(attachment.consumer(), frame.handed());
                forgetIfEmpty(attachment);
            }
        });
    }

    void credit(ClientFrame.Credit frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment != null) {
            attachment.consumer().grant(frame.generation(), frame.limit());
            attachment.consumer().queue().pump(attachment.consumer());
        }
    }

    void drain(ClientFrame.Drain frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment != null && attachment.consumer().generation() == frame.generation()) {
            attachment.consumer().queue().drain(attachment.consumer(), frame.token());
        }
    }

    Decision acknowledge(ClientFrame.Acknowledge frame) throws Refusal {
        Attachment attachment = attachments.get(frame.consumer());
        EntryRanges held = attachment == null ? EntryRanges.NONE : held(attachment.consumer(), frame.entries());
        long missing = frame.entries().count() - held.count();
        if (frame.transacted()) {
            return acknowledgeInTransaction(attachment, held, missing);
        }
        if (missing > 0 && frame.forced()) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    missing + " of the acknowledged messages are no longer this session's: the server gave them to "
                            + "others after a restart or the end of the resume window");
        }
        if (held.isEmpty()) {
            return Decision.volatileOnly(() -> {});
        }
        held.forEach(attachment.consumer().inFlight()::remove);
        Settlement settlement = Settlement.of(attachment.consumer().queue(), held);
        settlement.record(core.recorder());
        Flush flush = frame.forced() ? Units.flushOf(settlement) : Flush.LAZY;
        return Decision.of(flush, gate -> {
            settlement.complete();
            forgetIfEmpty(attachment);
        });
    }

    /** Gives back all that a consumer holds; what was handed over counts as an attempt. */
    Decision release(ClientFrame.Release frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment == null) {
            return Decision.volatileOnly(() -> {});
        }
        QueueConsumer consumer = attachment.consumer();
        EntryRanges handed = held(consumer, frame.handed());
        core.units().recordAttempt(consumer.queue(), handed);
        return Decision.volatileOnly(() -> {
            core.units().countVolatileAttempt(consumer.queue(), handed);
            consumer.restart(frame.generation());
            giveBackAllBut(consumer, EntryRanges.NONE);
            forgetIfEmpty(attachment);
        });
    }

    /** Closes a session's consumers, with records for what was handed over; the result does the rest. */
    Runnable closeAll(Session session, List<ClientFrame.Handed> handed) {
        Map<Long, EntryRanges> handedByConsumer = new HashMap<>();
        handed.forEach(each -> handedByConsumer.put(each.consumer(), each.entries()));
        List<Runnable> closing = new ArrayList<>();
        for (Attachment attachment : of(session)) {
            QueueConsumer consumer = attachment.consumer();
            EntryRanges counted = held(consumer, handedByConsumer.getOrDefault(consumer.number(), EntryRanges.NONE));
            core.units().recordAttempt(consumer.queue(), counted);
            closing.add(() -> {
                core.units().countVolatileAttempt(consumer.queue(), counted);
                close(attachment);
                giveBackAllBut(consumer, EntryRanges.NONE);
                attachments.remove(consumer.number());
            });
        }
        return () -> closing.forEach(Runnable::run);
    }

    /** The client is gone: whatever it held may have been seen. */
    void abandonAll(Session session) {
        for (Attachment attachment : of(session)) {
            QueueConsumer consumer = attachment.consumer();
            EntryRanges.Builder all = new EntryRanges.Builder();
            consumer.inFlight().forEach(all::add);
            EntryRanges seen = all.build();
            core.units().recordAttempt(consumer.queue(), seen);
            core.recorder().commit(Flush.LAZY);
            core.units().countVolatileAttempt(consumer.queue(), seen);
            close(attachment);
            giveBackAllBut(consumer, EntryRanges.NONE);
            attachments.remove(consumer.number());
        }
    }

    void check(Login.Verb verb, Address address) throws Refusal {
        if (!connection.login().permissions().allows(verb, address)) {
            throw new Refusal(
                    ErrorCode.SECURITY,
                    "user '" + connection.login().user() + "' may not "
                            + verb.name().toLowerCase(Locale.ROOT) + " " + address);
        }
    }

    @Override
    public void deliver(QueueConsumer consumer, Outgoing outgoing) {
        ServerFrame frame = new ServerFrame.Deliver(
                consumer.number(),
                consumer.generation(),
                outgoing.entry(),
                outgoing.attempts(),
                outgoing.redelivered(),
                outgoing.content().envelope().bytes());
        core.outbox().send(connection, consumer, frame, outgoing.gate(), outgoing.synced());
    }

    @Override
    public void drained(QueueConsumer consumer, long token) {
        ServerFrame frame = new ServerFrame.Drained(consumer.number(), consumer.generation(), token);
        core.outbox().send(connection, consumer, frame, NO_GATE, false);
    }

    private Decision acknowledgeInTransaction(Attachment attachment, EntryRanges held, long missing) {
        if (attachment == null) {
            return Decision.volatileOnly(() -> {});
        }
        Transaction work = attachment.session().work();
        if (missing > 0) {
            work.doom(missing + " of the messages received in it were given to others after a restart or the end of "
                    + "the resume window");
        }
        QueueConsumer consumer = attachment.consumer();
        held.forEach(entry -> {
            consumer.inFlight().remove(entry);
            work.settle(consumer.queue(), entry);
        });
        return Decision.volatileOnly(() -> forgetIfEmpty(attachment));
    }

    private void open(
            ClientFrame.Attach frame,
            Session session,
            MessageQueue queue,
            Subscription subscription,
            Selector selector) {
        boolean browses = frame.source().mode() == Source.Mode.BROWSE;
        QueueConsumer consumer = queue.attach(frame.consumer(), this, selector, browses);
        consumer.restart(frame.generation());
        Attachment attachment = new Attachment(consumer, session, frame.source().address(), subscription);
        attachments.put(frame.consumer(), attachment);
        queue.claim(consumer, frame.held());
        if (frame.source().mode() == Source.Mode.CLAIM) {
            queue.detach(consumer);
            forgetIfEmpty(attachment);
        }
    }

    /** The client is back, or stopped receiving: it keeps what it says it holds, the rest returns to its place. */
    private void reconcile(QueueConsumer consumer, ClientFrame.Attach frame) {
        consumer.restart(frame.generation());
        giveBackAllBut(consumer, frame.held());
    }

    private void giveBackAllBut(QueueConsumer consumer, EntryRanges kept) {
        MessageQueue queue = consumer.queue();
        boolean[] any = {false};
        consumer.inFlight().forEach(entry -> {
            if (!kept.contains(entry)) {
                queue.giveBack(consumer, entry);
                any[0] = true;
            }
        });
        if (any[0]) {
            queue.offer();
        }
    }

    private void close(Attachment attachment) {
        attachment.consumer().queue().detach(attachment.consumer());
        Subscription subscription = attachment.subscription();
        if (subscription != null
                && !subscription.durable()
                && subscription.queue().consumerCount() == 0) {
            core.state().directory().deleteVolatile(subscription);
        }
    }

    /** A closed consumer that holds nothing is forgotten. */
    private void forgetIfEmpty(Attachment attachment) {
        QueueConsumer consumer = attachment.consumer();
        if (consumer.isDetached() && consumer.inFlight().isEmpty()) {
            attachments.remove(consumer.number());
        }
    }

    private List<Attachment> of(Session session) {
        List<Attachment> found = new ArrayList<>();
        for (Attachment attachment : attachments.values()) {
            if (attachment.session() == session) {
                found.add(attachment);
            }
        }
        return found;
    }

    /** The entries that the consumer really holds, of those that the client names (who may name far too many). */
    private static EntryRanges held(QueueConsumer consumer, EntryRanges entries) {
        EntryRanges.Builder held = new EntryRanges.Builder();
        if (entries.count() <= consumer.inFlight().count()) {
            entries.forEach(entry -> {
                if (consumer.inFlight().contains(entry)) {
                    held.add(entry);
                }
            });
        } else {
            consumer.inFlight().forEach(entry -> {
                if (entries.contains(entry)) {
                    held.add(entry);
                }
            });
        }
        return held.build();
    }

    private static Selector parse(String text) throws Refusal {
        try {
            return text == null || text.isBlank() ? null : Selector.parse(text);
        } catch (InvalidSelectorSyntaxException invalid) {
            throw new Refusal(ErrorCode.INVALID_SELECTOR, invalid.getMessage());
        }
    }
}
