package io.posthorn.broker.transaction;

import io.posthorn.broker.admission.Admission;
import io.posthorn.broker.admission.Waiter;
import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.Redelivery;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Routes;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes what is sent in units of work, and decides them: what a commit or a rollback of a {@link Transaction} writes, and what it does afterwards. */
public final class Units {

    /** About what a message takes besides its bytes until its commit is written. */
    private static final int STAGED_BYTES = 256;

    private final Recorder recorder;
    private final Admission admission;
    private final Bodies bodies;
    private final StagedMemory memory;

    /** {@code stagedBytesMax} is how much memory the messages of all open units may take; one may have half of it. */
    public Units(Recorder recorder, Admission admission, Bodies bodies, long stagedBytesMax) {
        this.recorder = recorder;
        this.admission = admission;
        this.bodies = bodies;
        this.memory = new StagedMemory(stagedBytesMax);
    }

    /**
     * Adds a message to a unit. Refused, with all that the unit has so far dropped, when that would take too much memory: until
     * they are committed messages are nowhere else, and a commit is one batch of the log.
     */
    public void stage(Transaction work, Transaction.Staged staged) throws Refusal {
        long bytes = staged.envelope().length() + STAGED_BYTES;
        if (memory.take(bytes, work.bytes(), admission.nowMs())) {
            work.send(staged, bytes);
            return;
        }
        String text = memory.text(work.sends().size(), work.bytes());
        work.clearSends();
        letGo(work);
        throw new Refusal(ErrorCode.RESOURCE_LIMIT, text);
    }

    /**
     * The messages go out and the acknowledged entries are gone, by one batch. Refused with {@link ErrorCode#BLOCKED} when
     * there is no room for the messages now; {@code waiter} hears of it then.
     */
    public Decision commit(Transaction work, Waiter waiter) throws Refusal {
        List<Routes> routes = route(work, waiter);
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
            letGo(work);
        });
    }

    private void letGo(Transaction work) {
        letGo(work.takeBodies(), work.takeBytes());
    }

    /** A unit that needed these bodies, and so much memory, is decided. */
    void letGo(List<BodyHold> kept, long bytes) {
        memory.giveBack(bytes);
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
                entries.forEach(queue.redelivery()::giveBack);
                queue.offer();
            });
            letGo(work);
        });
    }

    /** Adds the record of an attempt that is over, where the queue has one. */
    public void recordAttempt(MessageQueue queue, EntryRanges entries) {
        if (queue.isDurable() && !entries.isEmpty()) {
            recordPostponed(queue, entries);
            recorder.add(new LogRecord.Returned(queue.number(), entries));
        }
    }

    /** Adds the records of which entries wait once an attempt is counted for each. */
    void recordPostponed(MessageQueue queue, EntryRanges entries) {
        for (Redelivery.Postponement postponement : queue.redelivery().postponements(entries)) {
            recorder.add(new LogRecord.Postponed(queue.number(), postponement.entries(), postponement.untilMs()));
        }
    }

    /** Counts an attempt where {@link #recordAttempt} has no record for it. */
    public void countVolatileAttempt(MessageQueue queue, EntryRanges entries) {
        if (!queue.isDurable()) {
            countAttempt(queue, entries);
        }
    }

    static void countAttempt(MessageQueue queue, EntryRanges entries) {
        queue.redelivery().postponements(entries).forEach(queue.redelivery()::postpone);
        queue.countAttempt(entries);
    }

    /** Where the messages go, with the dead letters in the place of those that are not let in. */
    List<Routes> route(Transaction work, Waiter waiter) throws Refusal {
        List<Routes> routes = route(work);
        if (admission.mayRefuse(routes)) {
            routes.addAll(admission.judge(routes, work.settled(), waiter));
        }
        return routes;
    }

    private static List<Routes> route(Transaction work) {
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

    public static Flush stronger(Flush one, Flush other) {
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
