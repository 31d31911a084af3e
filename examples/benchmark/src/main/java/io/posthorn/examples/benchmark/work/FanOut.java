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
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;

/** One producer and many subscribers of a topic, each with its own connection. Counts deliveries. */
public final class FanOut implements Scenario {
    private final int subscribers;
    private final int length;
    private final boolean durable;
    private final List<Receiver> receivers = new ArrayList<>();
    private Sender sender;

    /** With durable subscriptions the messages are persistent and sent asynchronously; else non-persistent. */
    public FanOut(int subscribers, int length, boolean durable) {
        this.subscribers = subscribers;
        this.length = length;
        this.durable = durable;
    }

    @Override
    public boolean sendsAsynchronously() {
        return durable;
    }

    @Override
    public void open(Lab lab) throws JMSException {
        Topic topic = lab.topic("fan-out");
        for (int number = 0; number < subscribers; number++) {
            Connection connection = lab.connect();
            if (durable) {
                connection.setClientID("subscriber-" + number);
            }
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageConsumer consumer =
                    durable ? session.createDurableConsumer(topic, "all") : session.createConsumer(topic);
            Receiver receiver = new Receiver(length);
            receivers.add(receiver);
            consumer.setMessageListener(receiver);
            connection.start();
        }
        SendMode mode = durable ? SendMode.ASYNCHRONOUS : SendMode.NON_PERSISTENT;
        sender = new Sender(lab.connect(), topic, length, mode, Sender.IN_FLIGHT);
    }

    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        List<Ledger> ledgers = new ArrayList<>();
        for (Receiver receiver : receivers) {
            Ledger ledger = new Ledger(1);
            ledgers.add(ledger);
            receiver.begin(ledger);
        }
        long beginNs = System.nanoTime();
        long sent = sender.sendUntil(round.deadlineNs(), 0);
        for (Ledger ledger : ledgers) {
            ledger.sent(0, sent);
            ledger.awaitAll();
        }
        return Outcome.of(sent * subscribers, System.nanoTime() - beginNs);
    }
}
