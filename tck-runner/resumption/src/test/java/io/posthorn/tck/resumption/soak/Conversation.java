package io.posthorn.tck.resumption.soak;

import io.posthorn.tck.resumption.soak.Actor.Part;
import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Questions and answers over a temporary queue. Each question is answered once, and in its turn. What a temporary queue holds ends with
 * the server, so an answer may be missing for a question that was asked before a restart.
 */
final class Conversation {

    private static final int OPEN_MAX = 4;
    private static final String NUMBER = "number";

    private final Runs runs;
    private final Standing asker;
    private final java.util.Queue<String> violations;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong sentTwice = new AtomicLong();

    /** The questions without an answer, and the run that each was certainly asked in; the asker's thread. */
    private final Map<Long, Integer> open = new TreeMap<>();

    private long lastAnswered;
    private int lastRun = Runs.NONE;

    Conversation(Runs runs, Standing asker, java.util.Queue<String> violations) {
        this.runs = runs;
        this.asker = asker;
        this.violations = violations;
    }

    Part asker(Queue questions) {
        return actor -> {
            Session session = actor.connection().createSession();
            MessageProducer producer = session.createProducer(questions);
            Destination answers = session.createTemporaryQueue();
            MessageConsumer consumer = session.createConsumer(answers);
            for (long number = 0; actor.soak().isProducing() || awaited() > 0; ) {
                if (actor.soak().isProducing() && awaited() < OPEN_MAX) {
                    Message question = session.createTextMessage("?");
                    question.setJMSReplyTo(answers);
                    question.setLongProperty(NUMBER, ++number);
                    open.put(number, asker.proven());
                    actor.ask(() -> producer.send(question));
                }
                Message answer = consumer.receive(awaited() < OPEN_MAX ? 1 : Actor.RECEIVE_MS);
                if (answer != null) {
                    onAnswer(answer.getLongProperty(NUMBER), answer.getJMSRedelivered());
                }
            }
        };
    }

    /** How many answers must still come, if the server is not started again. */
    private long awaited() {
        int ended = runs.endedCount();
        return open.values().stream().filter(run -> run >= ended).count();
    }

    private void onAnswer(long number, boolean redelivered) {
        if (number == lastAnswered && runs.endedCount() > lastRun && redelivered) {
            sentTwice.incrementAndGet(); // as with a feed
            return;
        }
        if (number <= lastAnswered) {
            violations.add("answer " + number + " came after answer " + lastAnswered
                    + (open.containsKey(number) ? ", late" : ", again"));
            return;
        }
        for (long missing = lastAnswered + 1; missing < number; missing++) {
            Integer run = open.remove(missing);
            lost.incrementAndGet();
            if (run != null && run >= runs.endedCount()) {
                violations.add(
                        "answer " + missing + " did not come before answer " + number + ", though the server ran on");
            }
        }
        open.remove(number);
        lastAnswered = number;
        lastRun = asker.proven();
        answered.incrementAndGet();
    }

    Part answerer(Queue questions) {
        return actor -> {
            Session session = actor.connection().createSession();
            MessageConsumer consumer = session.createConsumer(questions);
            MessageProducer producer = session.createProducer(null);
            for (long last = 0; actor.soak().isConsuming(); ) {
                Message question = consumer.receive(Actor.RECEIVE_MS);
                if (question != null) {
                    long number = question.getLongProperty(NUMBER);
                    if (number <= last) {
                        violations.add("question " + number + " came after question " + last);
                    }
                    last = number;
                    answer(actor, session, producer, question);
                }
            }
        };
    }

    /** While the asker is away its temporary queue waits for it, also at a server that was started again. */
    private static void answer(Actor actor, Session session, MessageProducer producer, Message question)
            throws JMSException {
        Message answer = session.createTextMessage("!");
        answer.setLongProperty(NUMBER, question.getLongProperty(NUMBER));
        try {
            producer.send(question.getJMSReplyTo(), answer);
        } catch (InvalidDestinationException gone) {
            actor.excuse(gone, !actor.soak().isProducing());
        }
    }

    @Override
    public String toString() {
        return "questions: " + answered + " answered, " + lost + " lost with the server, " + sentTwice
                + " sent again with the flag";
    }
}
