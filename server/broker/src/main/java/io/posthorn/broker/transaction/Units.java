package io.posthorn.broker.transaction;

import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Routes;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.EntryRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides units of work: what a commit or a rollback of a {@link Transaction} writes, and what it does afterwards. */
public final class Units {

    private final Recorder recorder;
    private final Bodies bodies;

    public Units(Recorder recorder, Bodies bodies) {
        this.recorder = recorder;
        this.bodies = bodies;
    }

    /** The messages go out and the acknowledged entries are gone, by one batch. */
    public Decision commit(Transaction work) {
        List<Routes> routes = route(work);
        List<Settlement> settlements = settlements(work);
        Flush flush = Flush.LAZY;
        for (Routes route : routes) {
            route.record(recorder);
            flush = stronger(flush, route.flush());
        }
        for (Settlement settlement : settlements) {
            settlement.record(recorder);
            flush = stronger(flush, flushOf(settlement));
        }
        return Decision.of(flush, gate -> {
            settlements.forEach(Settlement::complete);
            routes.forEach(route -> route.complete(gate));
            letGo(work.takeBodies());
        });
    }

    /** A unit that needed these bodies is decided. */
    void letGo(List<BodyHold> kept) {
        kept.forEach(bodies::release);
    }

    /** The messages are dropped, the acknowledged entries return to their places with one more attempt. */
    public Decision rollback(Transaction work) {
        Map<MessageQueue, EntryRanges> settled = work.settled();
        settled.forEach(this::recordAttempt);
        // Somebody waits, but not for the disk: should the count be lost, the messages are flagged as suspect.
        return Decision.of(Flush.WRITE, gate -> {
            settled.forEach((queue, entries) -> {
                countVolatileAttempt(queue, entries);
                entries.forEach(queue::giveBack);
                queue.offer();
            });
            letGo(work.takeBodies());
        });
    }

    /** Adds the record of an attempt that is over, where the queue has one. */
    public void recordAttempt(MessageQueue queue, EntryRanges entries) {
        if (queue.isDurable() && !entries.isEmpty()) {
            recorder.add(new LogRecord.Returned(queue.number(), entries));
        }
    }

    /** Counts an attempt where {@link #recordAttempt} has no record for it. */
    public void countVolatileAttempt(MessageQueue queue, EntryRanges entries) {
        if (!queue.isDurable()) {
            queue.countAttempt(entries);
        }
    }

    static List<Routes> route(Transaction work) {
        List<Routes> routes = new ArrayList<>(work.sends().size());
        for (Transaction.Staged staged : work.sends()) {
            if (!staged.destination().isDeleted()) {
                routes.add(staged.route());
            }
        }
        return routes;
    }

    static List<Settlement> settlements(Transaction work) {
        List<Settlement> settlements = new ArrayList<>();
        work.settled().forEach((queue, entries) -> settlements.add(Settlement.of(queue, entries)));
        return settlements;
    }

    static Flush stronger(Flush one, Flush other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** How soon a settlement that somebody waits for must be durable. */
    public static Flush flushOf(Settlement settlement) {
        if (!settlement.isLogged()) {
            return Flush.LAZY;
        }
        return settlement.queue().settings().syncFlush() ? Flush.SYNC : Flush.WRITE;
    }
}
