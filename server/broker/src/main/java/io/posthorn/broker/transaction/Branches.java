package io.posthorn.broker.transaction;

import static io.posthorn.broker.queue.Receiver.NO_GATE;

import io.posthorn.broker.admission.Waiter;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.PreparedBranch;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Routes;
import io.posthorn.broker.transaction.Branch.State;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;

/**
 * The XA branches. A branch lives here until it is prepared; prepared, it lives in the log ({@link DurableState}), and what
 * it has that is not in the log waits here for the outcome. Refusals carry the codes of the XA specification; no
 * outcome is ever made up: only work that is not prepared is rolled back without its coordinator's word, and what an
 * operator decides is said to be that.
 *
 * <p>A restart forgets a branch that is not prepared, and the clients send it again, each its own part. So when a second
 * connection joins a branch, the log notes who has a part in it, and how often each has started or joined it: after a
 * restart nothing can be decided but its rollback until all of that has been done again.
 *
 * <p>A session may go on for a while in a branch that is over, as its client does not know yet. What it does there counts
 * for nothing, and is undone when its association ends.
 */
public final class Branches {

    public static final int TMNOFLAGS = 0;
    public static final int TMJOIN = 0x00200000;
    public static final int TMSUSPEND = 0x02000000;
    public static final int TMSUCCESS = 0x04000000;
    public static final int TMRESUME = 0x08000000;
    public static final int TMFAIL = 0x20000000;

    /** What {@link #prepare} results in when the branch is prepared. */
    public static final long XA_OK = 0;

    /** What {@link #prepare} results in when the branch changed nothing and is over. */
    public static final long XA_RDONLY = 3;

    /** How long a branch that timed out waits to tell so to its coordinator, which may never ask. */
    private static final long TIMED_OUT_KEPT_MS = 600_000;

    private final DurableState state;
    private final Recorder recorder;
    private final Units units;
    private final Map<BranchId, Branch> branches = new LinkedHashMap<>();
    private final PriorityQueue<Branch> byDeadline =
            new PriorityQueue<>(Comparator.comparingLong(branch -> branch.dueMs));
    private final Map<BranchId, Unlogged> unlogged = new HashMap<>();
    private Partners partners = (connection, branch, gate) -> {};

    public Branches(DurableState state, Recorder recorder, Units units) {
        this.state = state;
        this.recorder = recorder;
        this.units = units;
    }

    /** Who hears that a branch is prepared or over that a connection has worked in, without having said so. */
    public interface Partners {

        /** True once the log has passed {@code gate}. */
        void onOver(UUID connection, BranchId branch, long gate);
    }

    /** Once, before there is any branch. */
    public void tell(Partners hearing) {
        partners = hearing;
    }

    /**
     * Associates a session with a branch; returns the work that the session adds to from now on. {@code repeated} says that its client
     * did so in an earlier run: such a branch may have been ended by others since, and must not begin anew with a part of it.
     */
    public Transaction start(Object session, UUID connection, BranchId id, int flags, long deadlineMs, boolean repeated)
            throws Refusal {
        Branch branch;
        if (isMissing(connection, id)) {
            branch = startAgain(session, id, deadlineMs);
        } else if (repeated && state.finished(id) != null) {
            throw new Refusal(ErrorCode.XA_UNKNOWN, "branch " + id + " was ended while its connection was away");
        } else if (flags == TMNOFLAGS) {
            if (branches.containsKey(id)
                    || state.branch(id) != null
                    || state.resolved().containsKey(id)) {
                throw new Refusal(ErrorCode.XA_DUPLICATE, "branch " + id + " exists already");
            }
            if (isCommitted(id)) {
                throw new Refusal(ErrorCode.XA_DUPLICATE, "branch " + id + " existed, and was committed");
            }
            branch = new Branch(id, deadlineMs);
            branches.put(id, branch);
            byDeadline.add(branch);
        } else if (flags == TMJOIN || flags == TMRESUME) {
            branch = requireOpen(session, id, flags == TMRESUME);
            branch.state = State.ACTIVE;
        } else {
            throw new Refusal(ErrorCode.XA_INVALID, "start with flags 0x" + Integer.toHexString(flags));
        }
        branch.sessions.add(session);
        branch.connections.add(connection);
        branch.starts.merge(connection, 1L, Long::sum);
        noteParts(branch, connection);
        return branch.work;
    }

    /** Whether the connection had a larger part in the branch before a restart than it has now. */
    private boolean isMissing(UUID connection, BranchId id) {
        Branch branch = branches.get(id);
        long now = branch == null ? 0 : branch.starts.getOrDefault(connection, 0L);
        return now < state.parts(id).getOrDefault(connection, 0L);
    }

    private boolean lacksParts(BranchId id) {
        for (UUID connection : state.parts(id).keySet()) {
            if (isMissing(connection, id)) {
                return true;
            }
        }
        return false;
    }

    /** What was done before a restart comes again, in whatever order the connections come back. */
    private Branch startAgain(Object session, BranchId id, long deadlineMs) throws Refusal {
        Branch branch = branches.get(id);
        if (branch == null) {
            branch = new Branch(id, deadlineMs);
            branches.put(id, branch);
            byDeadline.add(branch);
        } else {
            requireOpen(session, id, branch.suspended.contains(session));
        }
        branch.state = State.ACTIVE;
        return branch;
    }

    /** Writes down who has a part in a branch once it is more than one connection. */
    private void noteParts(Branch branch, UUID connection) {
        Map<UUID, Long> noted = state.parts(branch.id);
        if (noted.isEmpty() && branch.starts.size() > 1) {
            branch.starts.forEach((part, starts) -> recorder.add(new LogRecord.BranchShared(branch.id, part, starts)));
        } else if (!noted.isEmpty() && branch.starts.get(connection) > noted.getOrDefault(connection, 0L)) {
            recorder.add(new LogRecord.BranchShared(branch.id, connection, branch.starts.get(connection)));
        }
    }

    /** A branch that this session may join, or resume its work in. */
    private Branch requireOpen(Object session, BranchId id, boolean resume) throws Refusal {
        Branch branch = require(id);
        if (branch.state == State.TIMED_OUT) {
            throw timedOut(id);
        }
        if (branch.suspended.contains(session) != resume) {
            throw new Refusal(
                    ErrorCode.XA_PROTOCOL,
                    resume
                            ? "the session has not suspended its work in branch " + id
                            : "the session has suspended its work in branch " + id + "; resume it with TMRESUME");
        }
        if (branch.work.doomed() != null) {
            throw new Refusal(
                    ErrorCode.XA_ROLLED_BACK, "branch " + id + " can only be rolled back: " + branch.work.doomed());
        }
        branch.suspended.remove(session);
        return branch;
    }

    /** Refuses flags that {@link #end} does not know. */
    public static void checkEnd(int flags) throws Refusal {
        if (flags != TMSUCCESS && flags != TMSUSPEND && flags != TMFAIL) {
            throw new Refusal(ErrorCode.XA_INVALID, "end with flags 0x" + Integer.toHexString(flags));
        }
    }

    /** Ends a session's association; {@code work} is what it has worked on in this branch, null when it did not. */
    public void end(Object session, BranchId id, int flags, Transaction work) throws Refusal {
        Branch branch = branches.get(id);
        leave(session, id, work);
        if (branch == null || (work != null && branch.work != work)) {
            throw unknown(id);
        }
        boolean wasSuspended = branch.suspended.contains(session);
        if (work == null && (!wasSuspended || flags == TMSUSPEND)) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "the session does not work in branch " + id);
        }
        branch.suspended.remove(session);
        if (branch.state == State.TIMED_OUT) {
            throw timedOut(id);
        }
        if (flags == TMSUSPEND) {
            branch.suspended.add(session);
        }
        if (flags == TMFAIL) {
            branch.work.doom("the application ended the branch with TMFAIL");
        }
    }

    /**
     * A session is closed. What it works on can only be rolled back then, as its consumers give back what they were handed;
     * what it suspended is whole, and stays.
     */
    public void close(Object session, BranchId id, Transaction work) {
        if (work != null) {
            work.doom("a session was closed while it worked in it");
            leave(session, id, work);
        }
        branches.values().forEach(branch -> branch.suspended.remove(session));
    }

    /** A session's association ends; what it did stays in the branch, or is undone when the branch is over. */
    public void leave(Object session, BranchId id, Transaction work) {
        if (work == null) {
            return;
        }
        Branch branch = branches.get(id);
        if (branch != null && branch.work == work) {
            branch.sessions.remove(session);
            if (branch.state == State.ACTIVE && branch.sessions.isEmpty()) {
                branch.state = State.IDLE;
            }
        }
        if (branch == null || branch.work != work || branch.state == State.TIMED_OUT) {
            undo(work);
        }
    }

    /**
     * As all that ends a branch, by the word of the connection {@code by}. {@code waiter} hears when there is room again, if
     * there is none for its messages now.
     */
    public Decision prepare(BranchId id, UUID by, Waiter waiter) throws Refusal {
        Branch branch = requireIdle(id, by);
        if (branch.work.isEmpty()) {
            noteRolledBack(id);
            return new Decision(Flush.WRITE, gate -> end(branch, by, gate), XA_RDONLY);
        }
        List<Routes> routes = admit(branch, by, () -> units.route(branch.work, waiter));
        List<Settlement> settlements = Units.settlements(branch.work);
        for (Routes route : routes) {
            if (!route.logged().isEmpty()) {
                List<Long> numbers = new ArrayList<>();
                route.logged().forEach(queue -> numbers.add(queue.number()));
                recorder.add(
                        new LogRecord.PreparedSend(id, numbers, route.envelope().bytes()));
            }
        }
        for (Settlement settlement : settlements) {
            if (settlement.isLogged()) {
                recorder.add(new LogRecord.PreparedSettle(id, settlement.queue().number(), settlement.logged()));
            }
        }
        recorder.add(new LogRecord.BranchPrepared(id));
        return new Decision(
                Flush.SYNC,
                gate -> {
                    end(branch, by, gate);
                    unlogged.put(
                            id, new Unlogged(routes, settlements, branch.work.takeBodies(), branch.work.takeBytes()));
                },
                XA_OK);
    }

    /** As for {@link #prepare}; only one phase is ever refused for want of room. */
    public Decision commit(BranchId id, boolean onePhase, UUID by, Waiter waiter) throws Refusal {
        checkNotResolved(id);
        PreparedBranch prepared = state.branch(id);
        if (prepared != null) {
            if (onePhase) {
                throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is prepared; one phase comes too late");
            }
            return commitPrepared(prepared);
        }
        if (!onePhase) {
            return commitAgain(id);
        }
        Branch branch = requireIdle(id, by);
        Decision commit = admit(branch, by, () -> units.commit(branch.work, waiter));
        Flush flush = commit.flush();
        if (!state.parts(id).isEmpty()) {
            recorder.add(new LogRecord.BranchCommitted(id, List.of()));
            flush = Units.stronger(flush, Flush.WRITE);
        }
        return Decision.of(flush, gate -> {
            end(branch, by, gate);
            commit.complete().accept(gate);
        });
    }

    /** A branch whose messages are not let in for good is rolled back; for now, it stays as it is. */
    private <T> T admit(Branch branch, UUID by, Admittance<T> admittance) throws Refusal {
        try {
            return admittance.attempt();
        } catch (Refusal refusal) {
            if (refusal.code() == ErrorCode.BLOCKED) {
                throw refusal;
            }
            branch.work.doom(refusal.getMessage());
            throw rolledBack(branch, by);
        }
    }

    /** What needs room for messages. */
    private interface Admittance<T> {
        T attempt() throws Refusal;
    }

    /** The coordinator did not hear of the commit. Written again, for the first record may not be durable yet. */
    private Decision commitAgain(BranchId id) throws Refusal {
        if (branches.containsKey(id)) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is not prepared");
        }
        if (!isCommitted(id)) {
            throw unknown(id);
        }
        recorder.add(new LogRecord.BranchCommitted(id, List.of()));
        return Decision.of(Flush.SYNC, gate -> {});
    }

    public Decision rollback(BranchId id, UUID by) throws Refusal {
        checkNotResolved(id);
        PreparedBranch prepared = state.branch(id);
        if (prepared != null) {
            return rollbackPrepared(prepared);
        }
        if (!branches.containsKey(id) && !state.parts(id).isEmpty()) {
            noteRolledBack(id); // nobody has come back to it since the restart
            return Decision.of(Flush.WRITE, gate -> {});
        }
        Branch branch = require(id);
        if (branch.state == State.ACTIVE && !lacksParts(id)) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is still being worked in");
        }
        noteRolledBack(id);
        Decision rollback = units.rollback(branch.work);
        return Decision.of(rollback.flush(), gate -> {
            end(branch, by, gate);
            branch.work.clear();
            rollback.complete().accept(gate);
        });
    }

    /** An operator decides a prepared branch; its coordinator is told so until it forgets the branch. */
    public Decision resolve(BranchId id, boolean commit) throws Refusal {
        checkNotResolved(id);
        PreparedBranch prepared = state.branch(id);
        if (prepared == null) {
            throw branches.containsKey(id)
                    ? new Refusal(
                            ErrorCode.XA_PROTOCOL,
                            "branch " + id + " is not prepared; its application, or its timeout, will end it")
                    : unknown(id);
        }
        Decision decision = commit ? commitPrepared(prepared) : rollbackPrepared(prepared);
        recorder.add(new LogRecord.BranchResolved(id, commit));
        return decision;
    }

    private void checkNotResolved(BranchId id) throws Refusal {
        Boolean committed = state.resolved().get(id);
        if (committed != null) {
            throw committed
                    ? new Refusal(ErrorCode.XA_HEURISTIC_COMMIT, "an operator committed branch " + id)
                    : new Refusal(ErrorCode.XA_HEURISTIC_ROLLBACK, "an operator rolled back branch " + id);
        }
    }

    /** The coordinator has heard what an operator decided. */
    public Decision forget(BranchId id) throws Refusal {
        if (state.resolved().containsKey(id)) {
            recorder.add(new LogRecord.BranchForgotten(id));
            return Decision.of(Flush.SYNC, gate -> {});
        }
        if (state.branch(id) != null || branches.containsKey(id)) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " was not completed heuristically");
        }
        throw unknown(id);
    }

    /** All prepared branches, in the order in which they were prepared, and those that an operator decided. */
    public List<BranchId> recover() {
        List<BranchId> all = state.preparedBranches();
        all.addAll(state.resolved().keySet());
        return all;
    }

    /** A connection is gone for good: unprepared branches that no other one works in are rolled back. */
    public void abandon(UUID connection) {
        for (Branch branch : List.copyOf(branches.values())) {
            if (branch.connections.remove(connection) && branch.connections.isEmpty()) {
                forget(branch);
                rollBack(branch, connection);
            }
        }
    }

    /** Whether something of this queue is acknowledged in a branch that is not decided. */
    public boolean settles(MessageQueue queue) {
        return branches.values().stream().anyMatch(branch -> branch.work.settles(queue))
                || unlogged.values().stream().anyMatch(rest -> rest.settles(queue))
                || state.preparedBranches().stream()
                        .flatMap(id -> state.branch(id).settles().stream())
                        .anyMatch(settle -> settle.queue() == queue);
    }

    /** A prepared branch that needs this queue, for a message that it sends or acknowledges; null when none does. */
    public BranchId neededBy(MessageQueue queue) {
        for (BranchId id : state.preparedBranches()) {
            Unlogged rest = unlogged.get(id);
            if (state.branch(id).needs(queue) || rest != null && rest.needs(queue)) {
                return id;
            }
        }
        return null;
    }

    /** Rolls back what took too long; the coordinator hears of it with its next word on the branch. */
    public void advance(long nowMs) {
        while (!byDeadline.isEmpty() && byDeadline.peek().dueMs <= nowMs) {
            Branch branch = byDeadline.poll();
            if (branch.state == State.TIMED_OUT) {
                branches.remove(branch.id);
            } else {
                branch.state = State.TIMED_OUT;
                branch.dueMs = nowMs + TIMED_OUT_KEPT_MS;
                byDeadline.add(branch);
                rollBack(branch, null);
            }
        }
    }

    public long nextDeadlineMs() {
        return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.peek().dueMs;
    }

    private Decision commitPrepared(PreparedBranch prepared) {
        List<Long> entries = new ArrayList<>();
        List<MessageQueue> queues = new ArrayList<>();
        for (PreparedBranch.Send send : prepared.sends()) {
            for (MessageQueue queue : send.queues()) {
                entries.add(queue == null ? 0 : queue.nextEntry());
                if (queue != null) {
                    queues.add(queue);
                }
            }
        }
        recorder.add(new LogRecord.BranchCommitted(prepared.id(), entries));
        return Decision.of(Flush.SYNC, gate -> {
            queues.forEach(queue -> queue.gateUntil(gate));
            Unlogged rest = unlogged.remove(prepared.id());
            if (rest != null) {
                rest.settlements().forEach(Settlement::complete);
                rest.routes().forEach(route -> route.complete(gate));
                units.letGo(rest.bodies(), rest.bytes());
            }
            queues.forEach(MessageQueue::offer);
        });
    }

    private Decision rollbackPrepared(PreparedBranch prepared) {
        List<PreparedBranch.Settle> settles = List.copyOf(prepared.settles());
        settles.forEach(settle -> units.recordPostponed(settle.queue(), settle.entries()));
        recorder.add(new LogRecord.BranchRolledBack(prepared.id()));
        return Decision.of(Flush.SYNC, gate -> {
            Unlogged rest = unlogged.remove(prepared.id());
            Set<MessageQueue> queues = new LinkedHashSet<>();
            settles.forEach(settle -> queues.add(settle.queue()));
            if (rest != null) {
                rest.settlements().forEach(settlement -> queues.add(settlement.queue()));
                rest.settlements().forEach(Settlement::giveBackUnlogged);
                units.letGo(rest.bodies(), rest.bytes());
            }
            queues.forEach(MessageQueue::offer);
        });
    }

    /** Without its coordinator's word, as it is not prepared. */
    private void rollBack(Branch branch, UUID by) {
        noteRolledBack(branch.id);
        undo(branch.work);
        tellPartners(branch, by, NO_GATE);
    }

    /** The log need not remember any more who had a part in a branch. */
    private void noteRolledBack(BranchId id) {
        if (!state.parts(id).isEmpty()) {
            recorder.add(new LogRecord.BranchRolledBack(id));
        }
    }

    private void undo(Transaction work) {
        Decision rollback = units.rollback(work);
        work.clear();
        rollback.carryOut(recorder);
    }

    private void end(Branch branch, UUID by, long gate) {
        forget(branch);
        tellPartners(branch, by, gate);
    }

    private void tellPartners(Branch branch, UUID by, long gate) {
        for (UUID connection : branch.connections) {
            if (!connection.equals(by)) {
                partners.onOver(connection, branch.id, gate);
            }
        }
    }

    private void forget(Branch branch) {
        branches.remove(branch.id);
        byDeadline.remove(branch);
    }

    private Branch require(BranchId id) throws Refusal {
        Branch branch = branches.get(id);
        if (branch == null) {
            throw unknown(id);
        }
        return branch;
    }

    /** A branch that can be decided now. One that can only be rolled back is, and that is said. */
    private Branch requireIdle(BranchId id, UUID by) throws Refusal {
        Branch branch = require(id);
        if (branch.state == State.TIMED_OUT) {
            forget(branch);
            throw timedOut(id);
        }
        if (lacksParts(id)) {
            branch.work.doom("not all connections that worked in it have come back to it after a restart");
            throw rolledBack(branch, by);
        }
        if (branch.state != State.IDLE) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is still being worked in");
        }
        if (branch.work.doomed() != null) {
            throw rolledBack(branch, by);
        }
        if (!branch.suspended.isEmpty()) {
            throw new Refusal(
                    ErrorCode.XA_PROTOCOL, "a session has suspended its work in branch " + id + " and not ended it");
        }
        return branch;
    }

    private Refusal rolledBack(Branch branch, UUID by) {
        forget(branch);
        rollBack(branch, by);
        return new Refusal(
                ErrorCode.XA_ROLLED_BACK, "branch " + branch.id + " was rolled back: " + branch.work.doomed());
    }

    private boolean isCommitted(BranchId id) {
        return Boolean.TRUE.equals(state.finished(id));
    }

    private Refusal unknown(BranchId id) {
        return state.branch(id) != null
                ? new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is prepared")
                : new Refusal(ErrorCode.XA_UNKNOWN, "no branch " + id);
    }

    private static Refusal timedOut(BranchId id) {
        return new Refusal(ErrorCode.XA_TIMED_OUT, "branch " + id + " took too long and was rolled back");
    }
}
