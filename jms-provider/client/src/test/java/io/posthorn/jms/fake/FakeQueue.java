package io.posthorn.jms.fake;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** Messages in order of their numbers, and who waits for them. */
final class FakeQueue {

    private final FakeServer server;
    private final List<FakeEntry> ready = new ArrayList<>();
    private final List<FakeConsumer> consumers = new ArrayList<>();

    FakeQueue(FakeServer server) {
        this.server = server;
    }

    int size() {
        return ready.size();
    }

    int consumers() {
        return consumers.size();
    }

    List<FakeEntry> snapshot() {
        return Collections.unmodifiableList(new ArrayList<>(ready));
    }

    void attach(FakeConsumer consumer) {
        consumers.add(consumer);
    }

    void detach(FakeConsumer consumer) {
        if (consumers.remove(consumer)) {
            server.onConsumerGone(this);
        }
    }

    void add(FakeEntry entry) {
        ready.add(entry);
        ready.sort(Comparator.comparingLong(one -> one.number));
        announce();
    }

    /** Back to its place, counted and flagged, unless it was tried too often. */
    void giveBack(FakeEntry entry) {
        entry.attempts++;
        entry.redelivered = true;
        if (entry.attempts >= FakeServer.ATTEMPTS_MAX) {
            server.dead.add(entry.envelope);
        } else {
            add(entry);
        }
    }

    void announce() {
        server.notifyAll();
        new ArrayList<>(consumers).forEach(FakeConsumer::signal);
    }

    boolean hasFor(Selector selector) {
        return ready.stream().anyMatch(entry -> matches(selector, entry));
    }

    /** Without a selector nobody looks into the message, which may be none. */
    private static boolean matches(Selector selector, FakeEntry entry) {
        return selector == null || selector.matches(Envelope.of(entry.envelope));
    }

    FakeEntry take(Selector selector) {
        Iterator<FakeEntry> all = ready.iterator();
        while (all.hasNext()) {
            FakeEntry entry = all.next();
            if (matches(selector, entry)) {
                all.remove();
                return entry;
            }
        }
        return null;
    }
}
