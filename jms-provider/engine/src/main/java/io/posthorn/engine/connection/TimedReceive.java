package io.posthorn.engine.connection;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.delivery.Intake;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.wire.frame.ClientFrame;
import java.util.concurrent.TimeUnit;

/**
 * One receive that has to wait: for a message, for the end of its time, and then for the server's word that there is
 * nothing. On the application's thread.
 */
final class TimedReceive {

    private final ResumingConsumer consumer;
    private final ResumingConnection connection;
    private final Patience patience;

    TimedReceive(ResumingConsumer consumer, ResumingConnection connection) {
        this.consumer = consumer;
        this.connection = connection;
        this.patience = connection.patience;
    }

    Delivery receive(long timeoutNs) throws EngineException, InterruptedException {
        long deadlineNs = patience.deadlineNs(timeoutNs);
        consumer.signal().waiter(Thread.currentThread());
        try {
            while (true) {
                Delivery delivery = consumer.poll();
                if (delivery != null || consumer.isOver()) {
                    return delivery;
                }
                long leftNs = deadlineNs - patience.nanoTime();
                if (leftNs <= 0
                        || consumer.credit().browses()) { // a browser shows what there is, and waits for no more
                    return askServer();
                }
                consumer.demand();
                awaitSignal(leftNs);
            }
        } finally {
            patience.leave();
            consumer.signal().waiter(null);
        }
    }

    boolean awaitAvailable(long timeoutNs) throws EngineException, InterruptedException {
        long deadlineNs = patience.deadlineNs(timeoutNs);
        consumer.signal().waiter(Thread.currentThread());
        try {
            while (true) {
                if (consumer.isAvailable()) {
                    return true;
                }
                long leftNs = deadlineNs - patience.nanoTime();
                if (consumer.isOver() || leftNs <= 0) {
                    return false;
                }
                consumer.demand();
                awaitSignal(leftNs);
            }
        } finally {
            patience.leave();
            consumer.signal().waiter(null);
        }
    }

    private void awaitSignal(long timeoutNs) throws InterruptedException {
        if (!Thread.interrupted()) {
            patience.park(timeoutNs);
            if (!Thread.interrupted()) {
                return;
            }
        }
        if (consumer.credit().isClosed()) { // nobody waits any more for the one that may be on its way
            consumer.giveBack();
        }
        throw new InterruptedException();
    }

    /** Nothing is here and the time is over: asks the server whether there is really nothing, and waits for its word. */
    private Delivery askServer() throws EngineException, InterruptedException {
        long sinceMs = patience.nowMs();
        long deadlineNs = patience.deadlineNs(TimeUnit.MILLISECONDS.toNanos(patience.requestTimeoutMs()));
        Intake asked = null;
        long token = 0;
        while (connection.isStarted()) {
            Intake current = consumer.intake();
            boolean isAnswered = current == asked && current.answered() >= token;
            boolean isEmpty = isAnswered && current.answeredEmpty() >= token
                    || consumer.credit().isAtEnd(current);
            Delivery delivery = consumer.poll();
            if (delivery != null || isEmpty || consumer.isOver()) {
                return delivery;
            }
            if (current != asked || isAnswered) { // answered: credit went to what has expired, or was seen
                asked = current;
                token = connection.nextId();
                ask(current, token);
            }
            long leftNs = deadlineNs - patience.nanoTime();
            if (leftNs <= 0) {
                throw patience.timedOut(
                        "the word that " + consumer.ref().source().address() + " has nothing more for this consumer",
                        sinceMs,
                        "requestTimeout",
                        patience.requestTimeoutMs());
            }
            awaitSignal(leftNs);
        }
        return null;
    }

    private void ask(Intake current, long token) {
        consumer.demand();
        connection.outbox.ask(() -> {
            current.onAskSent(token);
            return current == consumer.intake()
                    ? new ClientFrame.Drain(
                            consumer.ref().id(), current.generation().number(), token)
                    : null;
        });
        connection.outbox.wake();
    }
}
