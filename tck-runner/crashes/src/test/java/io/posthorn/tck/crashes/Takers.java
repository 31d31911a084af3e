package io.posthorn.tck.crashes;

import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.XAConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * Who receives. A diary says {@code got UNIT PRODUCER NUMBER UNIT-OF-PRODUCER FLAG COUNT} for each message, or {@code auto} if that
 * acknowledges it, then {@code commit UNIT} or {@code undo UNIT} before that is asked for, {@code done UNIT} when it was confirmed, and
 * {@code lost UNIT} when the messages had been given to others.
 */
final class Takers {

    private Takers() {}

    /** Where messages come from. */
    interface Source {
        MessageConsumer open(Session session) throws JMSException;

        /** Whether the connection has a client identifier. */
        default boolean isNamed() {
            return false;
        }

        static Source of(Destination destination) {
            return session -> session.createConsumer(destination);
        }

        static Source ofSubscription(Topic topic, String name) {
            return new Source() {
                @Override
                public MessageConsumer open(Session session) throws JMSException {
                    return session.createDurableConsumer(topic, name);
                }

                @Override
                public boolean isNamed() {
                    return true;
                }
            };
        }
    }

    /** A session and its consumer. */
    private record Post(Session session, MessageConsumer consumer) {

        static Post open(XAConnection connection, int mode, Source source) throws JMSException {
            Session session = connection.createSession(mode);
            return new Post(session, source.open(session));
        }
    }

    /** What ends a unit of work well. */
    private interface Ending {
        void run() throws JMSException;
    }

    static void acknowledging(Scene scene, Source source) throws JMSException {
        Post post = post(scene, Session.CLIENT_ACKNOWLEDGE, source);
        while (scene.mayTake()) {
            long unit = scene.nextUnit();
            List<Message> messages = takeSome(scene, post.consumer(), unit);
            if (!messages.isEmpty()) {
                Message last = messages.get(messages.size() - 1);
                end(scene, unit, last::acknowledge, post.session()::recover);
            }
        }
    }

    static void transacted(Scene scene, Source source) throws JMSException {
        Post post = post(scene, Session.SESSION_TRANSACTED, source);
        while (scene.mayTake()) {
            long unit = scene.nextUnit();
            if (!takeSome(scene, post.consumer(), unit).isEmpty()) {
                end(scene, unit, post.session()::commit, post.session()::rollback);
            }
        }
    }

    /** Sends on what it takes, in the same transaction. */
    static void relay(Scene scene, Source source, Destination to) throws JMSException {
        Post post = post(scene, Session.SESSION_TRANSACTED, source);
        MessageProducer producer = post.session().createProducer(to);
        while (scene.mayTake()) {
            long unit = scene.nextUnit();
            List<Message> messages = takeSome(scene, post.consumer(), unit);
            for (Message message : messages) {
                producer.send(onward(scene, post.session(), message, unit));
            }
            if (!messages.isEmpty()) {
                end(scene, unit, post.session()::commit, post.session()::rollback);
            }
        }
    }

    static void automatic(Scene scene, Source source) throws JMSException {
        Post post = post(scene, Session.AUTO_ACKNOWLEDGE, source);
        while (scene.mayTake()) {
            Message message = post.consumer().receive(Scene.RECEIVE_MS);
            if (message != null) {
                note(scene, "auto", scene.nextUnit(), message);
            }
        }
    }

    private static Post post(Scene scene, int mode, Source source) throws JMSException {
        return scene.open(source.isNamed(), connection -> Post.open(connection, mode, source));
    }

    /** The messages of a unit that begins. */
    static List<Message> takeSome(Scene scene, MessageConsumer consumer, long unit) throws JMSException {
        List<Message> messages = new ArrayList<>();
        Message message;
        for (int size = scene.batchSize();
                messages.size() < size && (message = consumer.receive(Scene.RECEIVE_MS)) != null; ) {
            note(scene, "got", unit, message);
            messages.add(message);
        }
        return messages;
    }

    static Message onward(Scene scene, Session session, Message message, long unit) throws JMSException {
        return scene.message(session, message.getStringProperty("producer"), message.getLongProperty("number"), unit);
    }

    private static void note(Scene scene, String what, long unit, Message message) throws JMSException {
        scene.diary()
                .write(
                        what,
                        unit,
                        message.getStringProperty("producer"),
                        message.getLongProperty("number"),
                        message.getLongProperty("unit"),
                        message.getJMSRedelivered(),
                        message.getIntProperty("JMSXDeliveryCount"));
        if (message.getIntProperty("round") != scene.round()) {
            scene.diary()
                    .write(
                            "bad",
                            "a message of round",
                            message.getIntProperty("round"),
                            "came in round",
                            scene.round());
        }
        long tooEarlyMs =
                message.propertyExists("due") ? message.getLongProperty("due") - System.currentTimeMillis() : 0;
        if (tooEarlyMs > 0) {
            scene.diary().write("bad", "a delayed message came", tooEarlyMs, "ms too early");
        }
    }

    private static void end(Scene scene, long unit, Ending good, Ending bad) throws JMSException {
        Diary diary = scene.diary();
        if (scene.tosses(12)) {
            diary.write("undo", unit);
            bad.run();
            return;
        }
        diary.write("commit", unit);
        try {
            good.run();
            diary.write("done", unit);
        } catch (TransactionRolledBackException | IllegalStateException givenToOthers) {
            diary.write("lost", unit);
        }
    }
}
