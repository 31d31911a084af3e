package io.posthorn.tck.crashes;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;

/**
 * Who sends. A diary says {@code send UNIT FIRST COUNT} before one message is sent, or {@code stage} for those of a transaction, then
 * {@code commit UNIT} or {@code undo UNIT} before that is asked for, and {@code done UNIT} when it was confirmed.
 */
final class Senders {

    private static final int PAUSE_MS = 8;

    private Senders() {}

    static void plain(Scene scene, Destination destination, int delayMaxMs) throws JMSException {
        Session session = scene.open(false, connection -> connection.createSession());
        MessageProducer producer = session.createProducer(destination);
        Diary diary = scene.diary();
        for (long number = scene.lastNumber() + 1; scene.maySend(); number++) {
            long unit = scene.nextUnit();
            Message message = scene.message(session, scene.role(), number, unit);
            if (delayMaxMs > 0) {
                int delayMs = scene.chance().nextInt(delayMaxMs);
                producer.setDeliveryDelay(delayMs);
                message.setLongProperty("due", System.currentTimeMillis() + delayMs);
            }
            diary.write("send", unit, number, 1);
            producer.send(message);
            diary.write("done", unit);
            scene.pause(PAUSE_MS);
        }
    }

    static void transacted(Scene scene, Destination destination) throws JMSException {
        Session session = scene.open(false, connection -> connection.createSession(Session.SESSION_TRANSACTED));
        MessageProducer producer = session.createProducer(destination);
        Diary diary = scene.diary();
        for (long number = scene.lastNumber() + 1; scene.maySend(); ) {
            long unit = scene.nextUnit();
            int size = scene.batchSize();
            diary.write("stage", unit, number, size);
            for (int index = 0; index < size; index++) {
                producer.send(scene.message(session, scene.role(), number++, unit));
            }
            if (scene.tosses(8)) {
                diary.write("undo", unit);
                session.rollback();
            } else {
                diary.write("commit", unit);
                session.commit();
                diary.write("done", unit);
            }
            scene.pause(PAUSE_MS);
        }
    }
}
