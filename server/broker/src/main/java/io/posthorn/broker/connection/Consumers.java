package io.posthorn.broker.connection;

import io.posthorn.broker.Login;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Subscription;
import io.posthorn.broker.transaction.Session;
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
import java.util.LinkedHashMap;
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
    private final Outbox outbox;
    private final Subscribing subscribing;
    private final Map<Long, Attachment> attachments = new LinkedHashMap<>();

    /** Consumers whose deliveries were claimed, and went with their subscription: there is nothing to acknowledge. */
    private final Map<Long, Session> vanished = new HashMap<>();

    /** Consumers that were to hold something and could not be attached again: what they held is not the session's. */
    private final Map<Long, Session> lost = new HashMap<>();

    Consumers(Core core, Connection connection, Destinations destinations, Outbox outbox) {
        this.core = core;
        this.connection = connection;
        this.destinations = destinations;
        this.outbox = outbox;
        this.subscribing = new Subscribing(core.state().directory(), core.recorder());
    }

    /** How many there are, closed ones that still hold something included. */
    int count() {
        return attachments.size();
    }

    Subscribing subscribing() {
        return subscribing;
    }

    /**
     * Opens a consumer, or claims it again. When that is refused, a transaction that acknowledges what the consumer was to
     * hold must not be committed.
     */
    Decision attach(ClientFrame.Attach frame, Session session) throws Refusal {
        try {
            return decideAttach(frame, session);
        } catch (Refusal refusal) {
            if (!frame.held().isEmpty() && !attachments.containsKey(frame.consumer())) {
                lost.put(frame.consumer(), session);
            }
            throw refusal;
        }
    }

    private Decision decideAttach(ClientFrame.Attach frame, Session session) throws Refusal {
        Source source = normalised(frame.source());
        Attachment existing = attachments.get(frame.consumer());
        if (existing != null) {
            return attachAgain(existing, frame, session);
        }
        Selector selector = parse(source.selector());
        check(source.mode() == Source.Mode.BROWSE ? Login.Verb.BROWSE : Login.Verb.CONSUME, source.address());
        Subscribing.check(source, connection.clientId());
        Destination destination = destinations.require(source.address());
        if (destination.owner() != null && !destination.owner().equals(connection.id())) {
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    source.address() + " can be consumed by the connection that created it only");
        }
        if (destination.queue() != null) {
            return Decision.volatileOnly(() -> open(frame, session, destination.queue(), null, selector));
        }
        Subscription.Key key = new Subscription.Key(connection.clientId(), source.subscription());
        if (source.mode() == Source.Mode.CLAIM) {
            return claim(frame, session, source.durable() ? subscribing.durable(key) : null);
        }
        Subscription found = subscribing.find(destination, source, key, connection.id(), selector);
        Flush flush = core.recorder().isEmpty() ? Flush.LAZY : Flush.SYNC;
        return Decision.of(flush, gate -> {
            Subscription subscription = found != null ? found : subscribing.durable(key);
            open(frame, session, subscription.queue(), subscription, null);
        });
    }

    /** Closes a consumer; what the application was handed stays with the session. */
    Decision detach(ClientFrame.Detach frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment == null) {
            return Decision.nothing();
        }
        return Decision.volatileOnly(() -> {
            EntryRanges kept = attachment.consumer.inFlight().heldOf(frame.handed());
            attachment.consumer.miss(frame.handed().without(kept));
            close(attachment);
            giveBackAllBut(attachment.consumer, kept);
            forgetIfEmpty(attachment);
        });
    }

    /** The body that is apart of a delivery that a consumer holds, or, as a browser, was shown; null when there is none. */
    BodyHold bodyOf(long number, long entry) {
        Attachment attachment = attachments.get(number);
        boolean has = attachment != null
                && (attachment.consumer.browses()
                        || !attachment
                                .consumer
                                .inFlight()
                                .heldOf(EntryRanges.of(entry))
                                .isEmpty());
        return has ? attachment.consumer.queue().longBodies().of(entry) : null;
    }

    void credit(ClientFrame.Credit frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment != null && !attachment.consumer.isDetached()) {
            attachment.consumer.grant(frame.generation(), frame.limit());
            attachment.consumer.queue().dealer().pump(attachment.consumer);
        }
    }

    void drain(ClientFrame.Drain frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment != null
                && !attachment.consumer.isDetached()
                && attachment.consumer.generation() == frame.generation()) {
            attachment.consumer.queue().dealer().drain(attachment.consumer, frame.token());
        }
    }

    Decision acknowledge(ClientFrame.Acknowledge frame) throws Refusal {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment == null) {
            boolean matters =
                    (frame.forced() || frame.transacted()) && !frame.entries().isEmpty();
            if (frame.transacted() && lost.containsKey(frame.consumer())) {
                lost.get(frame.consumer())
                        .work()
                        .doom("the messages received in it could not be claimed again after a restart");
            }
            if (matters && !vanished.containsKey(frame.consumer())) {
                throw new Refusal(
                        ErrorCode.ILLEGAL_STATE, "consumer " + frame.consumer() + " holds nothing to acknowledge");
            }
            return Decision.nothing();
        }
        QueueConsumer consumer = attachment.consumer;
        EntryRanges held = consumer.inFlight().heldOf(frame.entries());
        consumer.missNoMore(frame.entries());
        // what was only in memory is gone with it, and nobody else can have it
        long missing = consumer.queue().isDurable() ? frame.entries().count() - held.count() : 0;
        if (frame.transacted()) {
            return acknowledgeInTransaction(attachment, held, missing);
        }
        if (missing > 0 && frame.forced()) {
            returnTried(attachment, held);
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    missing + " of the acknowledged messages are no longer this session's: the server gave them to "
                            + "others after a restart or the end of the resume window. None is acknowledged, and the "
                            + "rest comes again, too");
        }
        if (held.isEmpty()) {
            return Decision.nothing();
        }
        consumer.letGo(held);
        Settlement settlement = Settlement.of(consumer.queue(), held);
        settlement.record(core.recorder());
        Flush flush = frame.forced() ? Units.flushOf(settlement) : Flush.LAZY;
        return Decision.of(flush, gate -> {
            settlement.complete();
            forgetIfEmpty(attachment);
        });
    }

    /** The client counts these as gone, so nobody would tell later that they have been seen. */
    private void returnTried(Attachment attachment, EntryRanges tried) {
        if (tried.isEmpty()) {
            return;
        }
        QueueConsumer consumer = attachment.consumer;
        core.units().recordAttempt(consumer.queue(), tried);
        core.recorder().commit(Flush.LAZY);
        core.units().countVolatileAttempt(consumer.queue(), tried);
        consumer.letGo(tried);
        tried.forEach(consumer.queue().redelivery()::giveBack);
        consumer.queue().offer();
        forgetIfEmpty(attachment);
    }

    /** Gives back all that a consumer holds; what was handed over counts as an attempt. */
    Decision release(ClientFrame.Release frame) {
        Attachment attachment = attachments.get(frame.consumer());
        if (attachment == null) {
            return Decision.nothing();
        }
        QueueConsumer consumer = attachment.consumer;
        EntryRanges handed = consumer.inFlight().heldOf(frame.handed());
        core.units().recordAttempt(consumer.queue(), handed);
        return Decision.volatileOnly(() -> {
            core.units().countVolatileAttempt(consumer.queue(), handed);
            consumer.restart(frame.generation());
            consumer.miss(EntryRanges.NONE);
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
            QueueConsumer consumer = attachment.consumer;
            EntryRanges counted =
                    consumer.inFlight().heldOf(handedByConsumer.getOrDefault(consumer.number(), EntryRanges.NONE));
            core.units().recordAttempt(consumer.queue(), counted);
            closing.add(() -> {
                core.units().countVolatileAttempt(consumer.queue(), counted);
                remove(attachment);
            });
        }
        return () -> {
            closing.forEach(Runnable::run);
            vanished.values().removeIf(session::equals);
            lost.values().removeIf(session::equals);
        };
    }

    /**
     * The client is gone: whatever it held may have been seen. Only the oldest delivery of each consumer is counted as an
     * attempt, for it is the one that was most likely being worked on; a client that dies with many in its buffers must
     * not bury them all.
     */
    void abandonAll(Session session) {
        for (Attachment attachment : of(session)) {
            QueueConsumer consumer = attachment.consumer;
            if (consumer.hasDelivered()) {
                EntryRanges tried = EntryRanges.of(consumer.inFlight().oldest());
                core.units().recordAttempt(consumer.queue(), tried);
                core.recorder().commit(Flush.LAZY);
                core.units().countVolatileAttempt(consumer.queue(), tried);
                consumer.queue().suspect(consumer.inFlight().all());
            }
            remove(attachment);
        }
    }

    /** Whether an open or closed consumer holds something of this queue. */
    boolean holds(MessageQueue queue) {
        return attachments.values().stream()
                .anyMatch(attachment -> attachment.consumer.queue() == queue
                        && !attachment.consumer.inFlight().isEmpty());
    }

    /** Nobody is there to receive: no consumer gets anything until it is granted credit again. */
    void suspend() {
        attachments.values().forEach(attachment -> attachment.consumer.suspend());
    }

    /** The same for the consumers of one session. */
    void suspend(Session session) {
        of(session).forEach(attachment -> attachment.consumer.suspend());
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
        outbox.send(consumer, frame, outgoing.gate(), outgoing.synced());
    }

    @Override
    public boolean isFull() {
        return connection.isFull();
    }

    /** Gives all consumers what they can take. */
    void pump() {
        for (Attachment attachment : List.copyOf(attachments.values())) {
            if (!attachment.consumer.isDetached()) {
                attachment.consumer.queue().dealer().goOnWith(attachment.consumer);
            }
        }
    }

    @Override
    public void drained(QueueConsumer consumer, long token) {
        ServerFrame frame = new ServerFrame.Drained(consumer.number(), consumer.generation(), token);
        outbox.send(consumer, frame, NO_GATE, false);
    }

    @Override
    public void recall(QueueConsumer consumer) {
        ServerFrame frame = new ServerFrame.Recall(consumer.number(), consumer.generation());
        outbox.send(consumer, frame, NO_GATE, false);
    }

    private Decision acknowledgeInTransaction(Attachment attachment, EntryRanges held, long missing) {
        Transaction work = attachment.session.work();
        if (missing > 0) {
            work.doom(missing + " of the messages received in it were given to others after a restart or the end of "
                    + "the resume window");
        }
        QueueConsumer consumer = attachment.consumer;
        consumer.letGo(held);
        held.forEach(entry -> work.settle(consumer.queue(), entry));
        return Decision.volatileOnly(() -> forgetIfEmpty(attachment));
    }

    private void open(
            ClientFrame.Attach frame,
            Session session,
            MessageQueue queue,
            Subscription subscription,
            Selector selector) {
        boolean browses = frame.source().mode() == Source.Mode.BROWSE;
        QueueConsumer consumer = queue.dealer().attach(frame.consumer(), this, selector, browses);
        consumer.restart(frame.generation());
        Attachment attachment = new Attachment(consumer, session, frame.source().address(), subscription);
        attachments.put(frame.consumer(), attachment);
        queue.claim(consumer, frame.held());
        consumer.miss(frame.held().without(consumer.inFlight().all()));
        if (frame.source().mode() == Source.Mode.CLAIM) {
            queue.dealer().detach(consumer);
            forgetIfEmpty(attachment);
        }
    }

    /** What a closed consumer of a topic held is looked for in its subscription, whoever uses that now. */
    private Decision claim(ClientFrame.Attach frame, Session session, Subscription subscription) {
        if (subscription == null) {
            return Decision.volatileOnly(() -> vanished.put(frame.consumer(), session));
        }
        return Decision.volatileOnly(() -> open(frame, session, subscription.queue(), subscription, null));
    }

    /** The client is back, or stopped receiving: it keeps what it says it holds, the rest returns to its place. */
    private Decision attachAgain(Attachment existing, ClientFrame.Attach frame, Session session) throws Refusal {
        boolean claims = frame.source().mode() == Source.Mode.CLAIM;
        QueueConsumer consumer = existing.consumer;
        boolean same = existing.session == session
                && existing.address.equals(frame.source().address());
        if (!same || (consumer.isDetached() && !claims)) {
            throw new Refusal(
                    ErrorCode.PROTOCOL,
                    "consumer " + frame.consumer() + " is one of " + existing.address + " in session "
                            + existing.session.number() + (consumer.isDetached() ? ", and closed" : ""));
        }
        return Decision.volatileOnly(() -> {
            consumer.restart(frame.generation());
            EntryRanges kept = consumer.inFlight().heldOf(frame.held());
            consumer.miss(frame.held().without(kept));
            if (claims) {
                close(existing);
            }
            giveBackAllBut(consumer, kept);
            forgetIfEmpty(existing);
        });
    }

    private void giveBackAllBut(QueueConsumer consumer, EntryRanges kept) {
        EntryRanges all = consumer.inFlight().all();
        EntryRanges.Builder rest = new EntryRanges.Builder();
        all.forEach(entry -> {
            if (!kept.contains(entry)) {
                rest.add(entry);
            }
        });
        if (!rest.isEmpty()) {
            EntryRanges returned = rest.build();
            consumer.letGo(returned);
            returned.forEach(consumer.queue().redelivery()::giveBack);
            consumer.queue().offer();
        }
    }

    private void remove(Attachment attachment) {
        close(attachment);
        giveBackAllBut(attachment.consumer, EntryRanges.NONE);
        attachments.remove(attachment.consumer.number());
    }

    /** Ends what the consumer receives, and its subscription if that was its own. */
    private void close(Attachment attachment) {
        if (attachment.consumer.isDetached()) {
            return;
        }
        attachment.consumer.queue().dealer().detach(attachment.consumer);
        Subscription subscription = attachment.subscription;
        if (subscription != null
                && !subscription.durable()
                && subscription.queue().dealer().consumerCount() == 0) {
            core.state().directory().deleteVolatile(subscription);
        }
    }

    /** A closed consumer that holds nothing, and is not believed to, is forgotten. */
    private void forgetIfEmpty(Attachment attachment) {
        QueueConsumer consumer = attachment.consumer;
        if (consumer.isDetached() && consumer.inFlight().isEmpty() && !consumer.isMissingAny()) {
            attachments.remove(consumer.number());
        }
    }

    private List<Attachment> of(Session session) {
        List<Attachment> found = new ArrayList<>();
        for (Attachment attachment : attachments.values()) {
            if (attachment.session == session) {
                found.add(attachment);
            }
        }
        return found;
    }

    /** A blank selector is none. */
    private static Source normalised(Source source) {
        if (source.selector() == null || !source.selector().isBlank()) {
            return source;
        }
        return new Source(
                source.address(),
                source.mode(),
                source.subscription(),
                source.durable(),
                source.shared(),
                source.noLocal(),
                null);
    }

    private static Selector parse(String text) throws Refusal {
        try {
            return text == null ? null : Selector.parse(text);
        } catch (InvalidSelectorSyntaxException invalid) {
            throw new Refusal(ErrorCode.INVALID_SELECTOR, invalid.getMessage());
        }
    }
}
