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
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import org.HdrHistogram.Histogram;

/** One request at a time: a listener answers to where {@code JMSReplyTo} says, with the request's identifier as correlation. */
public final class RequestReply implements Scenario {
    private static final int REPLY_WITHIN_MS = 30_000;
    private static final int DIGITS = 3;

    private final int length;
    private final SendMode mode;
    private Queue replies;
    private Sender requester;
    private MessageConsumer replyConsumer;
    private volatile JMSException failure;

    public RequestReply(int length, SendMode mode) {
        this.length = length;
        this.mode = mode;
    }

    @Override
    public void open(Lab lab) throws JMSException {
        Queue requests = lab.queue("requests");
        replies = lab.queue("replies");
        answer(lab.connect(), requests);
        Connection connection = lab.connect();
        requester = new Sender(connection, requests, length, mode, 1);
        replyConsumer =
                connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createConsumer(replies);
        connection.start();
    }

    private void answer(Connection connection, Queue requests) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(null);
        producer.setDeliveryMode(mode.deliveryMode());
        Body body = new Body(length);
        session.createConsumer(requests).setMessageListener(request -> {
            try {
                body.read(request);
                Message reply = body.write(session, body.producer(), body.sequence(), body.timeNs());
                reply.setJMSCorrelationID(request.getJMSMessageID());
                producer.send(request.getJMSReplyTo(), reply);
            } catch (JMSException e) {
                failure = e;
            }
        });
        connection.start();
    }

    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        Histogram latencyNs = new Histogram(DIGITS);
        Body body = new Body(length);
        long beginNs = System.nanoTime();
        long deadlineNs = round.deadlineNs();
        long sequence = 0;
        long nowNs = beginNs;
        while (nowNs < deadlineNs) {
            Message request = requester.message(0, sequence, nowNs);
            request.setJMSReplyTo(replies);
            requester.send(request);
            Message reply = replyConsumer.receive(REPLY_WITHIN_MS);
            long repliedNs = System.nanoTime();
            if (reply == null) {
                throw new ScenarioException("no reply came within " + REPLY_WITHIN_MS + " ms", failure);
            }
            body.read(reply);
            if (body.sequence() != sequence || !request.getJMSMessageID().equals(reply.getJMSCorrelationID())) {
                throw new ScenarioException("reply " + body.sequence() + " came to request " + sequence);
            }
            latencyNs.recordValue(repliedNs - nowNs);
            sequence++;
            nowNs = repliedNs;
        }
        return Outcome.of(sequence, nowNs - beginNs).with(latencyNs);
    }
}
