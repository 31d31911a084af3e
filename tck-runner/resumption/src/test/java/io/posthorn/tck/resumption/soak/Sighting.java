package io.posthorn.tck.resumption.soak;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.Random;

/**
 * What a consumer sees of a message that is in a ledger.
 *
 * @param id the sender's number in the upper bits, and the message's, see {@link #id}
 * @param unit the transaction that sent it; 0 for none
 * @param redelivered its flag
 * @param deliveryCount its JMSXDeliveryCount
 */
record Sighting(long id, long unit, boolean redelivered, int deliveryCount) {

    private static final int NUMBER_BITS = 40;
    private static final String ID = "id";
    private static final String UNIT = "unit";

    static long id(int sender, long number) {
        return (long) sender << NUMBER_BITS | number;
    }

    static int sender(long id) {
        return (int) (id >>> NUMBER_BITS);
    }

    static long number(long id) {
        return id & (1L << NUMBER_BITS) - 1;
    }

    static String text(long id) {
        return sender(id) + "-" + number(id);
    }

    /** The number that {@link #message} gave it; also of a message that was not received. */
    static long idOf(Message message) throws JMSException {
        return message.getLongProperty(ID);
    }

    static Sighting of(Message message) throws JMSException {
        return new Sighting(
                idOf(message),
                message.getLongProperty(UNIT),
                message.getJMSRedelivered(),
                message.getIntProperty("JMSXDeliveryCount"));
    }

    /** A message to be seen so; mostly short, now and then longer than one read of a socket. */
    static Message message(Session session, long id, long unit, Random chance) throws JMSException {
        int length = chance.nextInt(50) == 0 ? 300_000 : chance.nextInt(500);
        Message message = session.createTextMessage("x".repeat(length));
        message.setLongProperty(ID, id);
        message.setLongProperty(UNIT, unit);
        return message;
    }
}
