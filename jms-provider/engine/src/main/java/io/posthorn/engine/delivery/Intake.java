package io.posthorn.engine.delivery;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.command.Generation;
import java.util.Queue;
import org.jctools.queues.atomic.SpscUnboundedAtomicArrayQueue;

/**
 * The deliveries of one generation of a consumer: those that wait, and how many there were. A new generation is a new
 * object, so that whatever comes late for the old one falls into a buffer that nobody reads. The event loop puts in; the
 * holder of the session's lock takes out and grants.
 */
public final class Intake {

    private static final int CHUNK = 32;

    private final Generation generation = new Generation();
    private final Queue<Delivery> waiting = new SpscUnboundedAtomicArrayQueue<>(CHUNK);

    /** How many deliveries were let come so far; changed under the session's lock. */
    private volatile long limit;

    /** How many came; changed on the event loop. */
    private long received;

    /** Whether the server has used up its credit since this was last asked. */
    private volatile boolean usedUp;

    /** How many were taken; under the session's lock. */
    private long taken;

    /** The limit that went out last, and the one that held when the last question went out; on the event loop. */
    private long sentLimit;

    private long askedLimit;
    private long askedToken;

    /** The limit that the server knows when it reads the next question; 0 as long as the last one has taken all away. */
    private long sentCredit;

    private long askedCredit;

    /** The last question that the server answered. */
    private volatile long answered;

    /** The last question that it answered with credit left, so that it had nothing more. */
    private volatile long answeredEmpty;

    /** Its number belongs to the event loop. */
    public Generation generation() {
        return generation;
    }

    /** On the event loop. */
    public void put(Delivery delivery) {
        waiting.add(delivery);
        received++;
        if (received >= limit) {
            usedUp = true;
        }
    }

    /** Under the session's lock. Null when nothing waits. */
    public Delivery take() {
        Delivery delivery = waiting.poll();
        if (delivery != null) {
            taken++;
        }
        return delivery;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Credit that neither lies in the buffer nor is on its way: how many may still come beyond what was taken. */
    public long ahead() {
        return limit - taken;
    }

    /** Whether the server may deliver, or might have delivered, anything in this generation. */
    public boolean wasGranted() {
        return limit != 0;
    }

    /** Lets {@code ahead} deliveries come beyond those that were taken; returns the limit. */
    public long grant(long ahead) {
        long granted = taken + ahead;
        limit = granted;
        return granted;
    }

    /** Whether the server used up its credit since the last call. */
    public boolean testUsedUp() {
        boolean was = usedUp;
        usedUp = false;
        return was;
    }

    /** The limit goes out. On the event loop. */
    public void onGrantSent(long sent) {
        sentLimit = Math.max(sentLimit, sent);
        sentCredit = sent;
    }

    /** The question whether there is anything goes out. On the event loop. */
    public void onAskSent(long token) {
        askedToken = token;
        askedLimit = sentLimit;
        askedCredit = sentCredit;
        sentCredit = 0;
    }

    /**
     * The server has delivered all that it had and credit allowed, and has no credit any more but for what was granted
     * after the question. If there was no credit, the answer does not tell whether there is anything. Under the session's
     * lock, on the event loop.
     */
    public void onDrained(long token) {
        if (token != askedToken) {
            return; // there is a later question
        }
        if (limit <= askedLimit) {
            limit = received;
        }
        if (received < askedCredit) {
            answeredEmpty = token;
        }
        answered = token;
    }

    /** The last question that was answered. Read it before a last look into the buffer. */
    public long answered() {
        return answered;
    }

    /** The last question whose answer was that there is nothing more; 0 for none. */
    public long answeredEmpty() {
        return answeredEmpty;
    }
}
