package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.scenario.Body;
import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Ledger;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Receiver;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;

/** One producer that serves queues in turn, and one session that listens to all of them. Non-persistent. */
public final class Queues implements Scenario {
    private final int count;
    private final Body body;
    private final Receiver receiver;
    private final List<Queue> queues = new ArrayList<>();
    private Session sending;
    private MessageProducer producer;

    public Queues(int count, int length) {
        this.count = count;
        this.body = new Body(length);
        this.receiver = new Receiver(length);
    }

    @Override
    public void open(Lab lab) throws JMSException {
        Connection connection = lab.connect();
        Session receiving = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        for (int number = 0; number < count; number++) {
            Queue queue = lab.queue("queues." + number);
            queues.add(queue);
            receiving.createConsumer(queue).setMessageListener(receiver);
        }
        connection.start();
        sending = lab.connect().createSession(false, Session.AUTO_ACKNOWLEDGE);
        producer = sending.createProducer(null);
        producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
    }

    /** A producer in the ledger is a queue, since only the messages of one queue come in order. */
    @Override
    public Outcome run(Round round) throws JMSException {
        Ledger ledger = new Ledger(count);
        receiver.begin(ledger);
        long[] sent = new long[count];
        long beginNs = System.nanoTime();
        long deadlineNs = round.deadlineNs();
        long total = 0;
        while (System.nanoTime() < deadlineNs) {
            int queue = (int) (total % count);
            producer.send(queues.get(queue), body.write(sending, queue, sent[queue]++, 0));
            total++;
        }
        for (int queue = 0; queue < count; queue++) {
            ledger.sent(queue, sent[queue]);
        }
        ledger.awaitAll();
        return Outcome.of(total, System.nanoTime() - beginNs);
    }
}
