package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.scenario.Body;
import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import io.posthorn.examples.benchmark.scenario.ScenarioException;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.util.List;
import javax.transaction.xa.XAException;

/**
 * Transactions that receive from one queue and send to another, persistent, by one thread. The same messages go back and forth, in their
 * order.
 */
public final class Transfer implements Scenario {
    private static final int BATCHES = 20;
    private static final int MESSAGES_MIN = 2_000;
    private static final int RECEIVED_WITHIN_MS = 30_000;

    private final int batch;
    private final int length;
    private final boolean xa;
    private final int messages;
    private Boundary boundary;
    private List<MessageConsumer> consumers;
    private List<MessageProducer> producers;
    private Session session;
    private int from;
    private int next;

    public Transfer(int batch, int length, boolean xa) {
        this.batch = batch;
        this.length = length;
        this.xa = xa;
        this.messages = Math.max(MESSAGES_MIN, batch * BATCHES);
    }

    @Override
    public void open(Lab lab) throws JMSException {
        List<Queue> queues = List.of(lab.queue("here"), lab.queue("there"));
        fill(lab.connect(), queues.get(0));
        Connection connection;
        if (xa) {
            XAConnection xaConnection = lab.connectXa();
            XASession xaSession = xaConnection.createXASession();
            connection = xaConnection;
            session = xaSession;
            boundary = new TwoPhases(xaSession.getXAResource());
        } else {
            connection = lab.connect();
            session = connection.createSession(true, Session.SESSION_TRANSACTED);
            boundary = new LocalCommit(session);
        }
        consumers = List.of(session.createConsumer(queues.get(0)), session.createConsumer(queues.get(1)));
        producers = List.of(session.createProducer(queues.get(0)), session.createProducer(queues.get(1)));
        connection.start();
    }

    private void fill(Connection connection, Queue queue) throws JMSException {
        Session filling = connection.createSession(true, Session.SESSION_TRANSACTED);
        MessageProducer producer = filling.createProducer(queue);
        Body body = new Body(length);
        for (int sequence = 0; sequence < messages; sequence++) {
            producer.send(body.write(filling, 0, sequence, 0));
        }
        filling.commit();
    }

    @Override
    public Outcome run(Round round) throws JMSException, XAException {
        Body body = new Body(length);
        long beginNs = System.nanoTime();
        long deadlineNs = round.deadlineNs();
        long count = 0;
        long nowNs = beginNs;
        while (nowNs < deadlineNs) {
            boundary.begin();
            for (int index = 0; index < batch; index++) {
                move(body);
            }
            boundary.commit();
            count += batch;
            nowNs = System.nanoTime();
        }
        return Outcome.of(count, nowNs - beginNs);
    }

    private void move(Body body) throws JMSException {
        Message message = consumers.get(from).receive(RECEIVED_WITHIN_MS);
        if (message == null) {
            throw new ScenarioException("message " + next + " did not come within " + RECEIVED_WITHIN_MS + " ms");
        }
        body.read(message);
        if (body.sequence() != next) {
            throw new ScenarioException("message " + body.sequence() + " came when " + next + " was due");
        }
        int to = 1 - from;
        producers.get(to).send(body.write(session, 0, next, 0));
        next++;
        if (next == messages) {
            next = 0;
            from = to;
        }
    }
}
