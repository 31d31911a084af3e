package io.posthorn.broker.admin;

import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueConsumer;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Routes;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.MalformedException;
import io.posthorn.wire.selector.Selector;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends dead letters back to where they came from. Takes them as a consumer does, so nobody else gets them meanwhile, a few
 * in each turn; each moves by one batch of the log: it is there, or here, and never both. What cannot go returns to its
 * place. What became a dead letter after the beginning is left alone, so that it ends even if all come back at once.
 */
final class Resending implements Administration.Job, Receiver {

    /** How many are moved in a turn. */
    private static final int MOVED_PER_TURN = 64;

    /** With so many that came later in its hands it ends. */
    private static final int LATER_MAX = 10_000;

    private static final int REASONS_MAX = 20;

    private final MessageQueue queue;
    private final Recorder recorder;
    private final Forwarding forwarding;
    private final long limit;
    private final Consumer<Done<Resent>> reply;
    private final QueueConsumer consumer;
    private final ArrayDeque<Outgoing> taken = new ArrayDeque<>();
    private final Set<String> reasons = new LinkedHashSet<>();
    private final EntryRanges.Builder staying = new EntryRanges.Builder();
    private final long lastEntry;
    private boolean drained;
    private long given;
    private long roundEnd;
    private long moved;
    private long left;
    private long later;
    private long end = Recorder.NOTHING;

    Resending(
            MessageQueue queue,
            Selector selector,
            Recorder recorder,
            Forwarding forwarding,
            long limit,
            Consumer<Done<Resent>> reply) {
        this.queue = queue;
        this.recorder = recorder;
        this.forwarding = forwarding;
        this.limit = limit;
        this.reply = reply;
        lastEntry = queue.lastNumber();
        consumer = queue.dealer().attach(0, this, selector, false);
        consumer.restart(1);
        ask();
    }

    private void ask() {
        drained = false;
        roundEnd = given + Math.min(MOVED_PER_TURN, limit - moved);
        consumer.grant(1, roundEnd);
        queue.dealer().drain(consumer, 1);
    }

    @Override
    public void deliver(QueueConsumer to, Outgoing outgoing) {
        given++;
        taken.add(outgoing);
    }

    @Override
    public void drained(QueueConsumer who, long token) {
        drained = true;
    }

    @Override
    public void recall(QueueConsumer who) {
        // what was taken is moved in this turn or the next
    }

    @Override
    public boolean isReady() {
        return drained || !taken.isEmpty();
    }

    @Override
    public boolean work() {
        while (!taken.isEmpty()) {
            forward(taken.poll());
        }
        if (!drained) {
            return false;
        }
        if (given == roundEnd && moved < limit && later < LATER_MAX) {
            ask();
            return false;
        }
        finish();
        return true;
    }

    private void forward(Outgoing letter) {
        if (letter.entry() > lastEntry) {
            later++;
            staying.add(letter.entry());
            return;
        }
        try {
            move(letter);
            moved++;
        } catch (Refusal | MalformedException refused) {
            recorder.abandon();
            left++;
            staying.add(letter.entry());
            if (reasons.size() < REASONS_MAX) {
                reasons.add(refused.getMessage());
            }
        }
    }

    private void move(Outgoing letter) throws Refusal {
        EntryRanges entry = EntryRanges.of(letter.entry());
        Routes routes = forwarding.route(letter.content().envelope());
        checkRoom(routes);
        boolean logged = queue.isInLog(letter.entry());
        routes.record(recorder);
        if (logged) {
            recorder.add(new LogRecord.Settled(queue.number(), entry));
        }
        consumer.letGo(entry);
        long behind = Decision.of(Flush.SYNC, gate -> {
                    routes.complete(gate); // first, so that somebody needs a long body all the time
                    if (!logged) {
                        queue.settle(entry);
                    }
                })
                .carryOut(recorder);
        end = Math.max(end, behind);
    }

    /** A dead letter that found no room would only become one again. */
    private static void checkRoom(Routes routes) throws Refusal {
        for (MessageQueue target : routes.limited()) {
            long bytes = target.backlog().contentBytes() + routes.bytes();
            if (target.depth() > 0 && !target.fullness().fits(target.depth() + 1, bytes)) {
                throw new Refusal(ErrorCode.RESOURCE_LIMIT, target + " is full; make room there and try again");
            }
        }
    }

    private void finish() {
        queue.dealer().detach(consumer);
        EntryRanges back = staying.build();
        consumer.letGo(back);
        back.forEach(queue.redelivery()::giveBack);
        queue.offer();
        reply.accept(new Done<>(end - 1, new Resent(moved, left, List.copyOf(reasons))));
    }
}
