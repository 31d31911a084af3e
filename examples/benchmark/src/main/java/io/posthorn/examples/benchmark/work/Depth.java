package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.scenario.Body;
import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import io.posthorn.examples.benchmark.scenario.ScenarioException;
import io.posthorn.examples.benchmark.scenario.SendMode;
import io.posthorn.examples.benchmark.scenario.Sender;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;

/**
 * Traffic through a queue in which a number of persistent messages waits all the time: each that is received was sent that many messages
 * before. One thread sends and receives in turns, so that the depth stays the same.
 */
public final class Depth implements Scenario {
    private static final int STEP = 100;
    private static final int WITHIN_MS = 30_000;

    private final int depth;
    private final int length;
    private final Body body;
    private Sender sender;
    private MessageConsumer consumer;
    private long sent;
    private long received;

    public Depth(int depth, int length) {
        this.depth = depth;
        this.length = length;
        this.body = new Body(length);
    }

    @Override
    public boolean sendsAsynchronously() {
        return true;
    }

    @Override
    public void open(Lab lab) throws JMSException {
        Queue queue = lab.queue("deep");
        sender = new Sender(lab.connect(), queue, length, SendMode.ASYNCHRONOUS, Sender.IN_FLIGHT);
        Connection connection = lab.connect();
        consumer = connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createConsumer(queue);
        connection.start();
    }

    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        send(depth - sent + received);
        sender.awaitConfirmed();
        long beginNs = System.nanoTime();
        long deadlineNs = round.deadlineNs();
        long before = received;
        while (System.nanoTime() < deadlineNs) {
            send(STEP);
            receive(STEP);
        }
        sender.awaitConfirmed();
        return Outcome.of(received - before, System.nanoTime() - beginNs);
    }

    private void send(long count) throws JMSException, InterruptedException {
        for (long number = 0; number < count; number++) {
            sender.send(sender.message(0, sent++, 0));
        }
    }

    private void receive(int count) throws JMSException {
        for (int number = 0; number < count; number++) {
            Message message = consumer.receive(WITHIN_MS);
            if (message == null) {
                throw new ScenarioException("message " + received + " did not come within " + WITHIN_MS + " ms");
            }
            body.read(message);
            if (body.sequence() != received) {
                throw new ScenarioException("message " + body.sequence() + " came when " + received + " was due");
            }
            received++;
        }
    }
}
