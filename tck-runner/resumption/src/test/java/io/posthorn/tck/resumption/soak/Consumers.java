package io.posthorn.tck.resumption.soak;

import io.posthorn.tck.resumption.soak.Actor.Part;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts of those who receive. */
final class Consumers {

    private static final int RECEIVE_BRIEFLY_MS = 20;

    private Consumers() {}

    /** Opens a consumer. */
    interface Source {
        MessageConsumer open(Session session) throws JMSException;
    }

    static Source of(Destination destination) {
        return session -> session.createConsumer(destination);
    }

    /** Takes from one stream and sends to another, in one transaction. {@code number} is the sender's for its transactions. */
    static Part relay(int number, Ledger taken, Source from, Ledger given, Destination to) {
        return actor -> {
            Session session = actor.connection().createSession(Session.SESSION_TRANSACTED);
            MessageConsumer consumer = from.open(session);
            MessageProducer producer = session.createProducer(to);
            for (long count = 1; actor.soak().isConsuming(); count++) {
                long unit = Sighting.id(number, count);
                List<Long> ids = new ArrayList<>();
                Message message;
                for (int size = actor.batchSize(); ids.size() < size && (message = receive(consumer)) != null; ) {
                    ids.add(take(message, taken, actor));
                    producer.send(Sighting.message(session, ids.get(ids.size() - 1), unit, actor.chance()));
                }
                if (actor.tosses(10)) {
                    given.undo(unit);
                    ids.forEach(id -> taken.release(id, actor.name()));
                    actor.rollback(session);
                } else if (actor.commitUnlessTaken(session)) {
                    for (long id : ids) {
                        taken.finish(id, actor.name());
                        given.confirm(id);
                    }
                } else {
                    given.undo(unit);
                    ids.forEach(id -> taken.release(id, actor.name()));
                }
            }
        };
    }

    /** Takes alone from its source, in transactions that nothing can take away: no commit may fail. */
    static Part transacted(Ledger ledger, Source source) {
        return actor -> {
            Session session = actor.connection().createSession(Session.SESSION_TRANSACTED);
            MessageConsumer consumer = source.open(session);
            while (actor.soak().isConsuming()) {
                List<Long> ids = takeSome(consumer, ledger, actor);
                if (actor.tosses(10)) {
                    ids.forEach(id -> ledger.release(id, actor.name()));
                    actor.rollback(session);
                } else {
                    actor.commit(session);
                    ids.forEach(id -> ledger.finish(id, actor.name()));
                }
            }
        };
    }

    static Part acknowledger(Ledger ledger, Source source) {
        return actor -> {
            Session session = actor.connection().createSession(Session.CLIENT_ACKNOWLEDGE);
            MessageConsumer consumer = source.open(session);
            while (actor.soak().isConsuming()) {
                List<Long> ids = new ArrayList<>();
                Message last = null;
                Message message;
                for (int size = actor.batchSize(); ids.size() < size && (message = receive(consumer)) != null; ) {
                    ids.add(take(message, ledger, actor));
                    last = message;
                }
                if (last == null) {
                    continue;
                }
                if (actor.tosses(10)) {
                    ids.forEach(id -> ledger.release(id, actor.name()));
                    session.recover();
                } else if (acknowledgeUnlessTaken(last, ledger, actor)) {
                    ids.forEach(id -> ledger.finish(id, actor.name()));
                } else {
                    // What another has, it finishes; the rest comes again.
                    ids.forEach(id -> ledger.release(id, actor.name()));
                }
            }
        };
    }

    /** False when others were given some of the messages, which needs a restart since the server last answered. */
    private static boolean acknowledgeUnlessTaken(Message last, Ledger ledger, Actor actor) throws JMSException {
        boolean shaken = actor.standing().isShaken();
        int asked = actor.standing().asking();
        try {
            last.acknowledge();
        } catch (IllegalStateException taken) {
            actor.excuse(taken, ledger.isShared() && (shaken || actor.standing().isShaken()));
            actor.standing().answered(asked);
            return false;
        }
        actor.standing().answered(asked);
        return true;
    }

    static Part receiver(Ledger ledger, Source source) {
        return actor -> {
            MessageConsumer consumer = source.open(actor.connection().createSession());
            while (actor.soak().isConsuming()) {
                Message message = actor.tosses(20) ? receiveNoWait(consumer, actor) : receive(consumer);
                if (message != null) {
                    ledger.count(take(message, ledger, actor));
                }
            }
        };
    }

    /** Hears alone from its source: nothing comes twice. */
    static Part listener(Ledger ledger, Source source, boolean isAlone) {
        return actor -> {
            source.open(actor.connection().createSession()).setMessageListener(message -> {
                try {
                    long id = take(message, ledger, actor);
                    if (isAlone) {
                        ledger.finish(id, actor.name());
                    } else {
                        ledger.count(id);
                    }
                } catch (JMSException e) {
                    actor.soak().fail(actor.name(), e);
                }
            });
            actor.soak().awaitConsumersEnd();
        };
    }

    /** Receives feeds by the numbers of their senders, and asks often whether that was all. */
    static Part feedReader(Source source, Map<String, Feed> feeds) {
        return actor -> {
            MessageConsumer consumer = source.open(actor.connection().createSession());
            while (actor.soak().isConsuming()) {
                Map<Feed, Long> before = new HashMap<>();
                feeds.values().forEach(feed -> before.put(feed, feed.confirmedCount()));
                int asked = actor.standing().asking();
                Message message = consumer.receiveNoWait();
                if (message == null) {
                    int proven = actor.standing().proven();
                    if (actor.standing().answered(asked) && proven == asked) {
                        before.forEach((feed, number) -> feed.drained(number, asked));
                    }
                    message = consumer.receive(RECEIVE_BRIEFLY_MS);
                }
                if (message != null) {
                    Sighting seen = Sighting.of(message);
                    feeds.get(message.getJMSType()).arrive(seen.id(), seen.redelivered());
                }
            }
        };
    }

    private static List<Long> takeSome(MessageConsumer consumer, Ledger ledger, Actor actor) throws JMSException {
        List<Long> ids = new ArrayList<>();
        Message message;
        for (int size = actor.batchSize(); ids.size() < size && (message = receive(consumer)) != null; ) {
            ids.add(take(message, ledger, actor));
        }
        return ids;
    }

    private static Message receive(MessageConsumer consumer) throws JMSException {
        return consumer.receive(Actor.RECEIVE_MS);
    }

    private static Message receiveNoWait(MessageConsumer consumer, Actor actor) throws JMSException {
        int asked = actor.standing().asking();
        Message message = consumer.receiveNoWait();
        if (message == null) {
            actor.standing().answered(asked);
        }
        return message;
    }

    private static long take(Message message, Ledger ledger, Actor actor) throws JMSException {
        Sighting sighting = Sighting.of(message);
        ledger.arrive(sighting, actor.name(), actor.standing().proven());
        return sighting.id();
    }
}
