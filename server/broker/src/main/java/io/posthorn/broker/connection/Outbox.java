package io.posthorn.broker.connection;

import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayDeque;

/**
 * Frames that may not leave before the log has passed a position. Frames of one connection keep their order: behind one
 * that waits, all others wait.
 */
public final class Outbox {

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long written;
    private long synced;

    private record Waiting(
            Connection connection,
            QueueConsumer consumer,
            long generation,
            ServerFrame frame,
            long gate,
            boolean sync) {}

    /** Sends now if the log allows and nothing of the connection waits, otherwise later. */
    void send(Connection connection, QueueConsumer consumer, ServerFrame frame, long gate, boolean sync) {
        if (connection.waitingFrames() == 0 && isOpen(gate, sync)) {
            connection.send(frame);
        } else {
            connection.addWaitingFrames(1);
            waiting.add(new Waiting(connection, consumer, consumer.generation(), frame, gate, sync));
        }
    }

    long written() {
        return written;
    }

    long synced() {
        return synced;
    }

    /** The log has got this far. */
    public void advance(long newWritten, long newSynced) {
        written = Math.max(written, newWritten);
        synced = Math.max(synced, newSynced);
        while (!waiting.isEmpty()) {
            Waiting first = waiting.peek();
            if (!isOpen(first.gate(), first.sync())) {
                return;
            }
            waiting.poll();
            first.connection().addWaitingFrames(-1);
            if (first.consumer().generation() == first.generation()) {
                first.connection().send(first.frame());
            }
        }
    }

    private boolean isOpen(long gate, boolean sync) {
        return gate < (sync ? synced : written);
    }
}
