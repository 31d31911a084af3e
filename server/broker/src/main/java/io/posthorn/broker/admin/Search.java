package io.posthorn.broker.admin;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Shows messages of a queue as a browser does: nothing is taken, and what is on disk is read in the background. */
final class Search implements Administration.Job, Receiver {

    private final MessageQueue queue;
    private final QueueConsumer consumer;
    private final Consumer<Done<List<MessageLine>>> reply;
    private final List<MessageLine> found = new ArrayList<>();
    private long gate = NO_GATE;
    private boolean over;

    Search(MessageQueue queue, Selector selector, int limit, Consumer<Done<List<MessageLine>>> reply) {
        this.queue = queue;
        this.reply = reply;
        consumer = queue.dealer().attach(0, this, selector, true);
        consumer.restart(1);
        consumer.grant(1, limit);
        queue.dealer().drain(consumer, 1);
    }

    @Override
    public void deliver(QueueConsumer to, Outgoing outgoing) {
        gate = Math.max(gate, outgoing.gate());
        found.add(MessageLine.of(outgoing));
    }

    @Override
    public void drained(QueueConsumer who, long token) {
        over = true;
    }

    @Override
    public void recall(QueueConsumer who) {
        // a browser holds nothing
    }

    @Override
    public boolean isReady() {
        return over;
    }

    @Override
    public boolean work() {
        if (over) {
            queue.dealer().detach(consumer);
            reply.accept(new Done<>(gate, found));
        }
        return over;
    }
}
