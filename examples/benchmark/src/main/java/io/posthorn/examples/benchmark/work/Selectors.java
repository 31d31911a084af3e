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
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;

/** Consumers with selectors on one queue; each message is for exactly one of them. Non-persistent. */
public final class Selectors implements Scenario {
    private static final int CONNECTIONS_MAX = 20;
    private static final String[] REGIONS = {"north", "east", "south"};
    private static final int WEIGHT_MIN = 10;
    private static final int WEIGHT_RANGE = 80;

    private final int selectors;
    private final int length;
    private final List<Receiver> receivers = new ArrayList<>();
    private Sender sender;

    public Selectors(int selectors, int length) {
        this.selectors = selectors;
        this.length = length;
    }

    @Override
    public void open(Lab lab) throws JMSException {
        Queue queue = lab.queue("selected");
        List<Connection> connections = new ArrayList<>();
        for (int number = 0; number < selectors; number++) {
            if (number < CONNECTIONS_MAX) {
                connections.add(lab.connect());
                connections.get(number).start();
            }
            Receiver receiver = new Receiver(length);
            receivers.add(receiver);
            connections
                    .get(number % CONNECTIONS_MAX)
                    .createSession(false, Session.AUTO_ACKNOWLEDGE)
                    .createConsumer(
                            queue,
                            "kind = " + number + " AND region IN ('north', 'east', 'south') AND weight BETWEEN "
                                    + WEIGHT_MIN + " AND " + (WEIGHT_MIN + WEIGHT_RANGE))
                    .setMessageListener(receiver);
        }
        sender = new Sender(lab.connect(), queue, length, SendMode.NON_PERSISTENT, 1);
    }

    /** A producer in the ledger is a kind of message, so that the reader of that kind sees all its numbers. */
    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        List<Ledger> ledgers = new ArrayList<>();
        for (Receiver receiver : receivers) {
            Ledger ledger = new Ledger(1);
            ledgers.add(ledger);
            receiver.begin(ledger);
        }
        long[] sent = new long[selectors];
        long beginNs = System.nanoTime();
        long deadlineNs = round.deadlineNs();
        long count = 0;
        while (System.nanoTime() < deadlineNs) {
            int kind = (int) (count % selectors);
            Message message = sender.message(0, sent[kind]++, 0);
            message.setIntProperty("kind", kind);
            message.setStringProperty("region", REGIONS[(int) (count % REGIONS.length)]);
            message.setIntProperty("weight", WEIGHT_MIN + (int) (count % WEIGHT_RANGE));
            sender.send(message);
            count++;
        }
        for (int kind = 0; kind < selectors; kind++) {
            ledgers.get(kind).sent(0, sent[kind]);
            ledgers.get(kind).awaitAll();
        }
        return Outcome.of(count, System.nanoTime() - beginNs);
    }
}
