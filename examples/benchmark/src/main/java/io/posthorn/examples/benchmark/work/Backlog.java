package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.Metric;
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

/** Fills a queue with persistent messages, 1 000 in flight, and drains it by a listener. */
public final class Backlog implements Scenario {
    private static final int IN_FLIGHT = 1_000;

    private final int messages;
    private final int length;
    private Lab lab;
    private Queue queue;
    private Sender sender;

    public Backlog(int messages, int length) {
        this.messages = messages;
        this.length = length;
    }

    @Override
    public boolean sendsAsynchronously() {
        return true;
    }

    @Override
    public void open(Lab where) throws JMSException {
        lab = where;
        queue = lab.queue("backlog");
        sender = new Sender(lab.connect(), queue, length, SendMode.ASYNCHRONOUS, IN_FLIGHT);
    }

    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        int count = round.scaled(messages);
        long beginNs = System.nanoTime();
        for (int sequence = 0; sequence < count; sequence++) {
            sender.send(sender.message(0, sequence, 0));
        }
        sender.awaitConfirmed();
        long filledNs = System.nanoTime();

        Ledger ledger = new Ledger(1);
        ledger.sent(0, count);
        Receiver receiver = new Receiver(length);
        receiver.begin(ledger);
        Connection draining = lab.connect();
        draining.createSession(false, Session.AUTO_ACKNOWLEDGE)
                .createConsumer(queue)
                .setMessageListener(receiver);
        long drainNs = System.nanoTime();
        draining.start();
        ledger.awaitAll();
        long drainedNs = System.nanoTime();
        draining.close();
        return Outcome.of(count, drainedNs - beginNs)
                .with(Metric.FILL_RATE, Outcome.perSecond(count, filledNs - beginNs))
                .with(Metric.DRAIN_RATE, Outcome.perSecond(count, drainedNs - drainNs));
    }
}
