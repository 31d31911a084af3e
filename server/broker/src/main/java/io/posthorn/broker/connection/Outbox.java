package io.posthorn.broker.connection;

import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayDeque;

/**
 * Frames of one connection's consumers that may not leave before the log has passed a position. They keep their order:
 * behind one that waits, all others wait.
 */
final class Outbox {

    private final LogProgress progress;
    private final Connection connection;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    Outbox(LogProgress progress, Connection connection) {
        this.progress = progress;
        this.connection = connection;
    }

    /** {@code consumer} is null for what is about none. */
    private record Waiting(QueueConsumer consumer, long generation, ServerFrame frame, long gate, boolean sync) {}

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Sends now if the log allows and nothing waits, otherwise later. */
    void send(QueueConsumer consumer, ServerFrame frame, long gate, boolean sync) {
        if (waiting.isEmpty() && progress.hasPassed(gate, sync)) {
            connection.send(frame);
        } else if (connection.isConnected()) {
            waiting.add(new Waiting(consumer, consumer.generation(), frame, gate, sync));
            connection.awaitLog();
        }
    }

    /** The same for what is about no consumer. */
    void send(ServerFrame frame, long gate) {
        if (waiting.isEmpty() && progress.hasPassed(gate, true)) {
            connection.send(frame);
        } else if (connection.isConnected()) {
            waiting.add(new Waiting(null, 0, frame, gate, true));
            connection.awaitLog();
        }
    }

    /** The log has got further: sends what it allows, but for what the consumer has given back meanwhile. */
    void advance() {
        while (!waiting.isEmpty()
                && progress.hasPassed(waiting.peek().gate(), waiting.peek().sync())) {
            Waiting first = waiting.poll();
            QueueConsumer consumer = first.consumer();
            if (consumer == null || consumer.generation() == first.generation() && !consumer.isDetached()) {
                connection.send(first.frame());
            }
        }
    }

    /** Forgets all, as the socket is gone. */
    void clear() {
        waiting.clear();
    }
}
