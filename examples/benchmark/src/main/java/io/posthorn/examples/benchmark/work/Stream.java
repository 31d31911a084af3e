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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** Producers and consumers on one queue, each with its own connection. The rate counts from the first send to the last receipt. */
public final class Stream implements Scenario {
    private static final String QUEUE = "stream";

    private final int producers;
    private final int consumers;
    private final int length;
    private final SendMode mode;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private Lab lab;

    public Stream(int producers, int consumers, int length, SendMode mode) {
        this.producers = producers;
        this.consumers = consumers;
        this.length = length;
        this.mode = mode;
    }

    @Override
    public boolean sendsAsynchronously() {
        return mode == SendMode.ASYNCHRONOUS;
    }

    @Override
    public void open(Lab where) throws JMSException {
        lab = where;
        Queue queue = lab.queue(QUEUE);
        for (int number = 0; number < consumers; number++) {
            Connection connection = lab.connect();
            Receiver receiver = new Receiver(length);
            receivers.add(receiver);
            connection
                    .createSession(false, Session.AUTO_ACKNOWLEDGE)
                    .createConsumer(queue)
                    .setMessageListener(receiver);
            connection.start();
        }
        for (int number = 0; number < producers; number++) {
            senders.add(new Sender(lab.connect(), queue, length, mode, Sender.IN_FLIGHT));
        }
    }

    @Override
    public Outcome run(Round round) throws Exception {
        Ledger ledger = new Ledger(producers);
        for (Receiver receiver : receivers) {
            receiver.begin(ledger);
        }
        long beginNs = System.nanoTime();
        long deadlineNs = round.deadlineNs();
        List<Future<Long>> sent = new ArrayList<>();
        for (int number = 0; number < producers; number++) {
            int producer = number;
            sent.add(lab.threads().submit(() -> senders.get(producer).sendUntil(deadlineNs, producer)));
        }
        for (int number = 0; number < producers; number++) {
            ledger.sent(number, sent.get(number).get());
        }
        long count = ledger.awaitAll();
        return Outcome.of(count, System.nanoTime() - beginNs);
    }
}
