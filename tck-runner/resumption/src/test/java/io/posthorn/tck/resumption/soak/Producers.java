package io.posthorn.tck.resumption.soak;

import io.posthorn.tck.resumption.soak.Actor.Part;
import jakarta.jms.CompletionListener;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;

/** The parts of those who send. */
final class Producers {

    private Producers() {}

    static Part sender(int number, Ledger ledger, Destination destination) {
        return actor -> {
            Session session = actor.connection().createSession();
            MessageProducer producer = session.createProducer(destination);
            for (long count = 0; actor.soak().isProducing(); ) {
                if (ledger.awaitRoom(1)) {
                    long id = Sighting.id(number, ++count);
                    producer.send(Sighting.message(session, id, 0, actor.chance()));
                    ledger.confirm(id);
                }
            }
        };
    }

    static Part asyncSender(int number, Ledger ledger, Destination destination) {
        return actor -> {
            Session session = actor.connection().createSession();
            MessageProducer producer = session.createProducer(destination);
            Completions completions = new Completions(ledger, actor.soak());
            for (long count = 0; actor.soak().isProducing(); ) {
                if (ledger.awaitRoom(1)) {
                    long id = Sighting.id(number, ++count);
                    producer.send(Sighting.message(session, id, 0, actor.chance()), completions);
                }
            }
            session.close();
        };
    }

    /** Nobody can take away what it sends: no commit may fail. */
    static Part transactedSender(int number, Ledger ledger, Destination destination) {
        return actor -> {
            Session session = actor.connection().createSession(Session.SESSION_TRANSACTED);
            MessageProducer producer = session.createProducer(destination);
            long unit = 0;
            for (long count = 0; actor.soak().isProducing(); ) {
                int size = actor.batchSize();
                if (!ledger.awaitRoom(size)) {
                    continue;
                }
                unit++;
                long first = count + 1;
                for (int index = 0; index < size; index++) {
                    producer.send(Sighting.message(
                            session, Sighting.id(number, ++count), Sighting.id(number, unit), actor.chance()));
                }
                if (actor.tosses(5)) {
                    ledger.undo(Sighting.id(number, unit));
                    actor.rollback(session);
                    ledger.giveBack(size);
                } else {
                    actor.commit(session);
                    for (long sent = first; sent <= count; sent++) {
                        ledger.confirm(Sighting.id(number, sent));
                    }
                }
            }
        };
    }

    /** Sends what the server keeps in memory only. A send may return before the server has it, so that is asked for. */
    static Part feeder(Feed feed, Destination destination, int deliveryMode) {
        return actor -> {
            Session session = actor.connection().createSession();
            MessageProducer producer = session.createProducer(destination);
            producer.setDeliveryMode(deliveryMode);
            MessageConsumer nothing = session.createConsumer(session.createQueue("soak.nothing"));
            for (long number = 0; actor.soak().isProducing(); ) {
                if (!feed.awaitRoom()) {
                    continue;
                }
                int size = actor.batchSize();
                int sending = feed.sending();
                for (int index = 0; index < size; index++) {
                    producer.send(fed(feed, session, ++number, actor));
                }
                nothing.receiveNoWait();
                feed.confirm(size, sending);
            }
        };
    }

    /** Sends NON_PERSISTENT messages in transactions; those that are rolled back leave their numbers to the next. */
    static Part transactedFeeder(Feed feed, Destination destination) {
        return actor -> {
            Session session = actor.connection().createSession(Session.SESSION_TRANSACTED);
            MessageProducer producer = session.createProducer(destination);
            producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
            for (long number = 0; actor.soak().isProducing(); ) {
                if (!feed.awaitRoom()) {
                    continue;
                }
                int size = actor.batchSize();
                int sending = feed.sending();
                boolean undone = actor.tosses(5);
                for (int index = 1; index <= size; index++) {
                    // Were an undone one to arrive, the next would seem to be lost, or to come again.
                    producer.send(fed(feed, session, number + index, actor));
                }
                if (undone) {
                    actor.rollback(session);
                } else {
                    actor.commit(session);
                    feed.confirm(size, sending);
                    number += size;
                }
            }
        };
    }

    private static Message fed(Feed feed, Session session, long number, Actor actor) throws JMSException {
        Message message = Sighting.message(session, number, 0, actor.chance());
        message.setJMSType(feed.name());
        return message;
    }

    /** Confirmations, which come in the order of the sends. */
    private static final class Completions implements CompletionListener {

        private final Ledger ledger;
        private final Soak soak;
        private long last;

        Completions(Ledger ledger, Soak soak) {
            this.ledger = ledger;
            this.soak = soak;
        }

        @Override
        public void onCompletion(Message message) {
            try {
                long id = Sighting.idOf(message);
                if (id <= last) {
                    soak.fail("completion", new IllegalStateException("of " + id + " came after that of " + last));
                }
                last = id;
                ledger.confirm(id);
            } catch (JMSException e) {
                soak.fail("completion", e);
            }
        }

        @Override
        public void onException(Message message, Exception exception) {
            soak.fail("completion", exception);
        }
    }
}
