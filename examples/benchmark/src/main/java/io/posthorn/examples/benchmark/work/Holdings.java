package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import io.posthorn.examples.benchmark.scenario.SendMode;
import io.posthorn.examples.benchmark.scenario.Sender;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Session;

/** Things that a server holds: each round adds some and leaves them, so that what each costs can be read from outside. */
public final class Holdings implements Scenario {
    private static final int LENGTH = 100;

    private final Kind kind;
    private final int count;
    private Lab lab;
    private Queue queue;
    private Connection connection;
    private Sender sender;

    /** What is held. */
    public enum Kind {
        CONNECTION,
        CONSUMER,
        MESSAGE
    }

    public Holdings(Kind kind, int count) {
        this.kind = kind;
        this.count = count;
    }

    @Override
    public void open(Lab where) throws JMSException {
        lab = where;
        queue = lab.queue("held");
        connection = lab.connect();
        connection.start();
        sender = new Sender(connection, queue, LENGTH, SendMode.NON_PERSISTENT, 1);
    }

    @Override
    public Outcome run(Round round) throws JMSException, InterruptedException {
        int added = round.scaled(count);
        long beginNs = System.nanoTime();
        for (int number = 0; number < added; number++) {
            switch (kind) {
                case CONNECTION -> lab.connect().start();
                case CONSUMER ->
                    connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createConsumer(queue);
                case MESSAGE -> sender.send(sender.message(0, number, 0));
            }
        }
        return Outcome.of(added, System.nanoTime() - beginNs);
    }
}
