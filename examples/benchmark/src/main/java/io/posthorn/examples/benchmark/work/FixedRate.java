package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Ledger;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Receiver;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import io.posthorn.examples.benchmark.scenario.SendMode;
import io.posthorn.examples.benchmark.scenario.Sender;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Persistent messages due at fixed times, one to one. The latency counts from when a message was due, not from when it could be sent, to
 * its receipt: a provider that stalls the sender is charged for what was due meanwhile.
 */
public final class FixedRate implements Scenario {
    private static final int IN_FLIGHT = 10_000;
    private static final int DIGITS = 3;

    private final long intervalNs;
    private final int length;
    private Sender sender;
    private Receiver receiver;

    public FixedRate(int perSecond, int length) {
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.length = length;
    }

    @Override
    public boolean sendsAsynchronously() {
        return true;
    }

    @Override
    public void open(Lab lab) throws JMSException {
        Queue queue = lab.queue("fixed-rate");
        Connection receiving = lab.connect();
        receiver = new Receiver(length);
        receiving
                .createSession(false, Session.AUTO_ACKNOWLEDGE)
                .createConsumer(queue)
                .setMessageListener(receiver);
        receiving.start();
        sender = new Sender(lab.connect(), queue, length, SendMode.ASYNCHRONOUS, IN_FLIGHT);
    }

    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        Ledger ledger = new Ledger(1);
        Histogram latencyNs = new Histogram(DIGITS);
        receiver.begin(ledger, latencyNs);
        long beginNs = System.nanoTime();
        long count = round.duration().toNanos() / intervalNs;
        for (long sequence = 0; sequence < count; sequence++) {
            long dueNs = beginNs + sequence * intervalNs;
            for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
                LockSupport.parkNanos(leftNs);
            }
            sender.send(sender.message(0, sequence, dueNs));
        }
        sender.awaitConfirmed();
        ledger.sent(0, count);
        ledger.awaitAll();
        return Outcome.of(count, System.nanoTime() - beginNs).with(latencyNs);
    }
}
