package io.posthorn.jms.fake;

import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.InvalidSelectorSyntaxException;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Queues, subscriptions, client identifiers and branches, and the switches with which tests make it slow or fail. Its
 * monitor guards everything in this package except {@link FakePending}.
 */
public final class FakeServer {

    public final FakeLongBodies bodies = new FakeLongBodies();

    /** After so many attempts a message goes to {@link #dead}. */
    static final int ATTEMPTS_MAX = 3;

    final UUID id = UUID.randomUUID();
    final Map<Address, FakeQueue> queues = new LinkedHashMap<>();
    final List<FakeSubscription> subscriptions = new ArrayList<>();
    final Set<String> clientIds = new HashSet<>();
    final Set<Address> temporaries = new HashSet<>();
    final Map<BranchId, FakeBranch> branches = new LinkedHashMap<>();
    final List<byte[]> dead = new ArrayList<>();

    /** For each message that came, whether somebody waits for its confirmation. */
    public final List<Boolean> awaited = Collections.synchronizedList(new ArrayList<>());

    private final List<FakePending> held = new ArrayList<>();
    private boolean holding;
    private ErrorCode nextSendFails;
    private int waitingReceives;
    private int acknowledged;
    private Runnable whenPolled;
    private long entries;

    public FakeConnection connect() {
        return new FakeConnection(this);
    }

    /** From now on sends are taken and not confirmed, until {@link #confirmAll}. */
    public synchronized void holdConfirmations() {
        holding = true;
    }

    /** Confirms what was held, in order, on this thread, as an event loop does. */
    public void confirmAll() {
        List<FakePending> all;
        synchronized (this) {
            holding = false;
            all = new ArrayList<>(held);
            held.clear();
        }
        all.forEach(pending -> pending.finish(0, null));
    }

    public synchronized void failNextSend(ErrorCode code) {
        nextSendFails = code;
    }

    /** When a consumer polls the next message, before it has it; on its thread. */
    public synchronized void whenPolled(Runnable task) {
        whenPolled = task;
    }

    void onPolled() {
        Runnable task;
        synchronized (this) {
            task = whenPolled;
            whenPolled = null;
        }
        if (task != null) {
            task.run();
        }
    }

    /** Waits until so many messages were acknowledged, outside of transactions. */
    public synchronized void awaitAcknowledged(int count) throws InterruptedException {
        while (acknowledged < count) {
            wait();
        }
    }

    synchronized void onAcknowledged(int count) {
        acknowledged += count;
        notifyAll();
    }

    /** Waits until so many receives wait for a message. */
    public synchronized void awaitReceives(int count) throws InterruptedException {
        while (waitingReceives < count) {
            wait();
        }
    }

    /** How many messages are in a queue and not handed over. */
    public synchronized int depth(Address address) {
        FakeQueue queue = queues.get(address);
        return queue == null ? 0 : queue.size();
    }

    /** Puts bytes into a queue as if they were a message. */
    public synchronized void inject(Address queue, byte[] envelope) {
        queue(queue).add(new FakeEntry(++entries, envelope));
    }

    /** How many messages were given up. */
    public synchronized int deadCount() {
        return dead.size();
    }

    synchronized void onWaiting(int change) {
        waitingReceives += change;
        notifyAll();
    }

    FakePending confirm(long value) {
        if (holding) {
            FakePending pending = new FakePending();
            held.add(pending);
            return pending;
        }
        return FakePending.of(value);
    }

    /** What the next send is to fail with, once, or null. */
    EngineException takeSendFailure() {
        ErrorCode code = nextSendFails;
        nextSendFails = null;
        return code == null ? null : new EngineException(code, "the test wants " + code);
    }

    FakeQueue queue(Address address) {
        return queues.computeIfAbsent(address, key -> new FakeQueue(this));
    }

    /** Puts a message where it belongs. */
    void route(FakeConnection from, Address to, byte[] envelope) throws EngineException {
        if (to.kind().isTemporary() && !temporaries.contains(to)) {
            throw new EngineException(ErrorCode.INVALID_DESTINATION, to + " does not exist");
        }
        if (!to.kind().isTopic()) {
            queue(to).add(new FakeEntry(++entries, envelope));
            return;
        }
        for (FakeSubscription subscription : subscriptions) {
            if (subscription.wants(from, to, Envelope.of(envelope))) {
                subscription.queue().add(new FakeEntry(++entries, envelope));
            }
        }
    }

    FakeQueue subscribe(FakeConnection connection, Source source) throws EngineException {
        Selector selector = parse(source.selector());
        if (!source.address().kind().isTopic()) {
            return queue(source.address());
        }
        FakeSubscription existing = source.subscription() == null ? null : find(connection, source);
        if (existing != null && existing.queue().consumers() > 0 && !source.shared()) {
            throw new EngineException(ErrorCode.ILLEGAL_STATE, "the subscription has a consumer");
        }
        if (existing != null && existing.source().equals(source)) {
            return existing.queue();
        }
        if (existing != null && existing.queue().consumers() > 0) {
            throw new EngineException(ErrorCode.ILLEGAL_STATE, "the subscription is another one");
        }
        subscriptions.remove(existing);
        FakeSubscription made =
                new FakeSubscription(source, connection, connection.clientId(), selector, new FakeQueue(this));
        subscriptions.add(made);
        return made.queue();
    }

    private FakeSubscription find(FakeConnection connection, Source source) {
        for (FakeSubscription subscription : subscriptions) {
            if (subscription.isNamed(connection.clientId(), source.subscription())
                    && subscription.source().durable() == source.durable()) {
                return subscription;
            }
        }
        return null;
    }

    static Selector parse(String text) throws EngineException {
        try {
            return Selector.parse(text);
        } catch (InvalidSelectorSyntaxException e) {
            throw new EngineException(ErrorCode.INVALID_SELECTOR, e.getMessage(), e);
        }
    }

    void unsubscribe(FakeConnection connection, String name) throws EngineException {
        for (FakeSubscription subscription : subscriptions) {
            if (subscription.isNamed(connection.clientId(), name)
                    && subscription.source().durable()) {
                if (subscription.queue().consumers() > 0) {
                    throw new EngineException(ErrorCode.ILLEGAL_STATE, "'" + name + "' has a consumer");
                }
                subscriptions.remove(subscription);
                return;
            }
        }
        throw new EngineException(ErrorCode.INVALID_DESTINATION, "there is no subscription '" + name + "'");
    }

    void onConsumerGone(FakeQueue queue) {
        subscriptions.removeIf(subscription ->
                subscription.queue() == queue && !subscription.source().durable() && queue.consumers() == 0);
    }
}
