package io.posthorn.examples.benchmark.scenario;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import org.HdrHistogram.Histogram;

/** A listener that enters what it receives in the ledger of the round. Its messages come on one thread at a time. */
public final class Receiver implements MessageListener {
    private final Body body;
    private volatile Ledger.Reader reader;
    private volatile Histogram latencyNs;

    public Receiver(int length) {
        body = new Body(length);
    }

    /** Begins a round; before the first message of it is sent. */
    public void begin(Ledger ledger) {
        reader = ledger.reader();
    }

    /** Begins a round in which the time since a message was due is recorded, too. */
    public void begin(Ledger ledger, Histogram histogram) {
        latencyNs = histogram;
        begin(ledger);
    }

    @Override
    public void onMessage(Message message) {
        try {
            body.read(message);
        } catch (JMSException | ScenarioException e) {
            reader.failed("a message could not be read: " + e);
            return;
        }
        Histogram histogram = latencyNs;
        if (histogram != null) {
            histogram.recordValue(Math.max(0, System.nanoTime() - body.timeNs()));
        }
        reader.received(body.producer(), body.sequence());
    }
}
