package io.posthorn.tck.resumption.soak;

import io.posthorn.tck.resumption.Rig;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts that the actors of a soak play. Each runs on a thread of its own, with a connection of its own. */
final class Actors {

    private static final Logger LOG = LoggerFactory.getLogger(Actors.class);

    private static final int RECEIVE_MS = 200;
    private static final int BATCH_MAX = 8;
    private static final String ID = "id";

    private final Rig rig;
    private final Soak soak;

    Actors(Rig rig, Soak soak) {
        this.rig = rig;
        this.soak = soak;
    }

    /** A part. */
    interface Part {
        void play(Connection connection, Random chance) throws JMSException, InterruptedException;
    }

    Part sender(int number, Ledger ledger, Destination destination) {
        return (connection, chance) -> {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(destination);
            for (long id = (long) number << 40; soak.isProducing(); ) {
                if (ledger.awaitRoom(1)) {
                    producer.send(message(session, ++id, chance));
                    ledger.confirm(id);
                }
            }
        };
    }

    Part asyncSender(int number, Ledger ledger, Destination destination) {
        return (connection, chance) -> {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(destination);
            Completions completions = new Completions(ledger);
            for (long id = (long) number << 40; soak.isProducing(); ) {
                if (ledger.awaitRoom(1)) {
                    producer.send(message(session, ++id, chance), completions);
                }
            }
            session.close();
        };
    }

    Part transactedSender(int number, Ledger ledger, Destination destination) {
        return (connection, chance) -> {
            Session session = connection.createSession(Session.SESSION_TRANSACTED);
            MessageProducer producer = session.createProducer(destination);
            for (long id = (long) number << 40; soak.isProducing(); ) {
                int count = 1 + chance.nextInt(BATCH_MAX);
                if (!ledger.awaitRoom(count)) {
                    continue;
                }
                long first = id + 1;
                for (int i = 0; i < count; i++) {
                    producer.send(message(session, ++id, chance));
                }
                if (chance.nextInt(5) == 0) {
                    session.rollback();
                    ledger.giveBack(count);
                } else if (commit(session)) {
                    for (long sent = first; sent <= id; sent++) {
                        ledger.confirm(sent);
                    }
                } else {
                    ledger.giveBack(count);
                }
            }
        };
    }

    /** Takes from one queue and sends to another, in one transaction. */
    Part relay(String name, Ledger taken, Destination from, Ledger given, Destination to) {
        return (connection, chance) -> {
            Session session = connection.createSession(Session.SESSION_TRANSACTED);
            MessageConsumer consumer = session.createConsumer(from);
            MessageProducer producer = session.createProducer(to);
            while (soak.isConsuming()) {
                List<Long> ids = new ArrayList<>();
                int count = 1 + chance.nextInt(BATCH_MAX);
                Message message;
                while (ids.size() < count && (message = consumer.receive(RECEIVE_MS)) != null) {
                    long id = message.getLongProperty(ID);
                    taken.arrive(id, message.getJMSRedelivered(), name);
                    producer.send(message(session, id, chance));
                    ids.add(id);
                }
                if (chance.nextInt(10) == 0) {
                    session.rollback();
                } else if (commit(session)) {
                    ids.forEach(id -> {
                        taken.finish(id, name);
                        given.confirm(id);
                    });
                }
            }
        };
    }

    Part acknowledger(String name, Ledger ledger, Source source) {
        return (connection, chance) -> {
            Session session = connection.createSession(Session.CLIENT_ACKNOWLEDGE);
            MessageConsumer consumer = source.open(session);
            while (soak.isConsuming()) {
                List<Long> ids = new ArrayList<>();
                int count = 1 + chance.nextInt(BATCH_MAX);
                Message last = null;
                Message message;
                while (ids.size() < count && (message = consumer.receive(RECEIVE_MS)) != null) {
                    long id = message.getLongProperty(ID);
                    ledger.arrive(id, message.getJMSRedelivered(), name);
                    ids.add(id);
                    last = message;
                }
                if (last != null && chance.nextInt(10) == 0) {
                    session.recover();
                } else if (last != null && acknowledge(last)) {
                    ids.forEach(id -> ledger.finish(id, name));
                } else if (last != null) {
                    ids.forEach(ledger::count);
                }
            }
        };
    }

    Part receiver(String name, Ledger ledger, Source source) {
        return (connection, chance) -> {
            MessageConsumer consumer = source.open(connection.createSession());
            while (soak.isConsuming()) {
                Message message = chance.nextInt(20) == 0 ? consumer.receiveNoWait() : consumer.receive(RECEIVE_MS);
                if (message != null) {
                    take(message, ledger, name);
                }
            }
        };
    }

    Part listener(String name, Ledger ledger, Source source) {
        return (connection, chance) -> {
            source.open(connection.createSession()).setMessageListener(message -> {
                try {
                    take(message, ledger, name);
                } catch (JMSException e) {
                    soak.fail(name, e);
                }
            });
            soak.awaitConsumersEnd();
        };
    }

    /** Asks over a temporary queue; a question whose answer was lost with the server is asked again. */
    Part asker(Destination questions, AtomicLong answered) {
        return (connection, chance) -> {
            Session session = connection.createSession();
            MessageProducer producer = session.createProducer(questions);
            Destination answers = session.createTemporaryQueue();
            MessageConsumer consumer = session.createConsumer(answers);
            while (soak.isProducing()) {
                Message question = session.createTextMessage("?");
                question.setJMSReplyTo(answers);
                producer.send(question);
                if (consumer.receive(RECEIVE_MS) != null) {
                    answered.incrementAndGet();
                }
            }
        };
    }

    Part answerer(Destination questions) {
        return (connection, chance) -> {
            Session session = connection.createSession();
            MessageConsumer consumer = session.createConsumer(questions);
            MessageProducer producer = session.createProducer(null);
            while (soak.isConsuming()) {
                Message question = consumer.receive(RECEIVE_MS);
                if (question != null && soak.isProducing()) {
                    answer(session, producer, question);
                }
            }
        };
    }

    /** A restarted server knows a temporary queue again once its connection is back: an answer may come too early. */
    private static void answer(Session session, MessageProducer producer, Message question) throws JMSException {
        try {
            producer.send(question.getJMSReplyTo(), session.createTextMessage("!"));
        } catch (InvalidDestinationException early) {
            LOG.debug("The asker is not back yet", early);
        }
    }

    /** Runs a part with a connection of its own. */
    void run(String name, String clientId, Part part, Random chance) {
        try (Connection connection = rig.factory("&requestTimeout=20s").createConnection()) {
            if (clientId != null) {
                connection.setClientID(clientId);
            }
            connection.setExceptionListener(e -> soak.fail(name + "'s exception listener", e));
            connection.start();
            soak.onConnected();
            part.play(connection, chance);
        } catch (JMSException | RuntimeException e) {
            soak.fail(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void take(Message message, Ledger ledger, String name) throws JMSException {
        long id = message.getLongProperty(ID);
        ledger.arrive(id, message.getJMSRedelivered(), name);
        ledger.count(id);
    }

    /** False when a restarted server gave some of the messages to somebody else before this session came back. */
    private static boolean acknowledge(Message last) throws JMSException {
        try {
            last.acknowledge();
            return true;
        } catch (IllegalStateException allowed) {
            return false;
        }
    }

    private static boolean commit(Session session) throws JMSException {
        try {
            session.commit();
            return true;
        } catch (TransactionRolledBackException allowed) {
            return false;
        }
    }

    private static Message message(Session session, long id, Random chance) throws JMSException {
        int length = chance.nextInt(50) == 0 ? 300_000 : chance.nextInt(500);
        Message message = session.createTextMessage("x".repeat(length));
        message.setLongProperty(ID, id);
        return message;
    }

    /** Opens a consumer. */
    interface Source {
        MessageConsumer open(Session session) throws JMSException;
    }

    /** Confirmations, which come in the order of the sends. */
    private final class Completions implements CompletionListener {

        private final Ledger ledger;
        private long last;

        Completions(Ledger ledger) {
            this.ledger = ledger;
        }

        @Override
        public void onCompletion(Message message) {
            try {
                long id = message.getLongProperty(ID);
                if (id < last) {
                    soak.fail(
                            "completion",
                            new java.lang.IllegalStateException("of " + id + " came after that of " + last));
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
