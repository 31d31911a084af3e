package io.posthorn.examples.benchmark.scenario;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One producer with its session and, when it sends asynchronously, its bound on what is in flight. Belongs to one thread. */
public final class Sender implements CompletionListener {
    public static final int IN_FLIGHT = 200;
    private static final long CONFIRMED_WITHIN_S = 60;

    private final Session session;
    private final MessageProducer producer;
    private final Body body;
    private final SendMode mode;
    private final int inFlight;
    private final Semaphore room;
    private volatile Exception failure;

    public Sender(Connection connection, Destination destination, int length, SendMode mode, int inFlight)
            throws JMSException {
        this.session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        this.producer = session.createProducer(destination);
        this.producer.setDeliveryMode(mode.deliveryMode());
        this.body = new Body(length);
        this.mode = mode;
        this.inFlight = inFlight;
        this.room = new Semaphore(inFlight);
    }

    public Message message(int number, long sequence, long timeNs) throws JMSException {
        return body.write(session, number, sequence, timeNs);
    }

    public void send(Message message) throws JMSException, InterruptedException {
        if (mode == SendMode.ASYNCHRONOUS) {
            acquire(1);
            producer.send(message, this);
        } else {
            producer.send(message);
        }
    }

    /** Sends numbered messages until the deadline and returns how many, all of them confirmed. */
    public long sendUntil(long deadlineNs, int number) throws JMSException, InterruptedException {
        long sequence = 0;
        while (System.nanoTime() < deadlineNs) {
            send(message(number, sequence, 0));
            sequence++;
        }
        awaitConfirmed();
        return sequence;
    }

    public void awaitConfirmed() throws InterruptedException {
        acquire(inFlight);
        room.release(inFlight);
        if (failure != null) {
            throw new ScenarioException("a send failed", failure);
        }
    }

    private void acquire(int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, CONFIRMED_WITHIN_S, TimeUnit.SECONDS)) {
            throw new ScenarioException("no confirmation came for " + CONFIRMED_WITHIN_S + " s");
        }
    }

    @Override
    public void onCompletion(Message message) {
        room.release();
    }

    @Override
    public void onException(Message message, Exception exception) {
        failure = exception;
        room.release();
    }
}
