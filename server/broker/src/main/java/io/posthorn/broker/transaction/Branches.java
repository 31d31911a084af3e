package io.posthorn.broker.transaction;

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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The XA branches. A branch lives here until it is prepared; prepared, it lives in the log ({@link DurableState}), and what
 * it has that is not in the log waits here for the outcome. Refusals carry the codes of the XA specification; no
 * outcome is ever made up: only work that is not prepared is rolled back without its coordinator's word.
 */
public final class Branches {

    public static final int TMNOFLAGS = 0;
    public static final int TMJOIN = 0x00200000;
    public static final int TMENDRSCAN = 0x00800000;
    public static final int TMSTARTRSCAN = 0x01000000;
    public static final int TMSUSPEND = 0x02000000;
    public static final int TMSUCCESS = 0x04000000;
    public static final int TMRESUME = 0x08000000;
    public static final int TMFAIL = 0x20000000;

    /** What {@link #prepare} results in when the branch changed nothing and is over. */
    public static final long XA_RDONLY = 3;

    private final DurableState state;
    private final Recorder recorder;
    private final Units units;
    private final Map<BranchId, Branch> branches = new LinkedHashMap<>();
    private final Map<BranchId, Unlogged> unlogged = new HashMap<>();

    public Branches(DurableState state, Recorder recorder, Units units) {
        this.state = state;
        this.recorder = recorder;
        this.units = units;
    }

    /** The part of a prepared branch that is only in memory. */
    private record Unlogged(List<Routes> routes, List<Settlement> settlements) {}

    /** Associates a session with a branch; returns the work that the session adds to from now on. */
    public Transaction start(Object session, UUID connection, BranchId id, int flags, long deadlineMs) throws Refusal {
        Branch branch = branches.get(id);
        if (flags == TMNOFLAGS) {
            if (branch != null || state.branch(id) != null) {
                throw new Refusal(ErrorCode.XA_DUPLICATE, "branch " + id + " exists already");
            }
            branch = new Branch(id, connection, deadlineMs);
            branches.put(id, branch);
        } else if (flags == TMJOIN || flags == TMRESUME) {
            branch = require(id);
            if (branch.state == State.PREPARED) {
                throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is prepared");
            }
            throwIfTimedOut(branch);
            branch.state = State.ACTIVE;
        } else {
            throw new Refusal(ErrorCode.XA_INVALID, "start with flags 0x" + Integer.toHexString(flags));
        }
        branch.sessions.add(session);
        return branch.work;
    }

    public void end(Object session, BranchId id, int flags) throws Refusal {
        Branch branch = require(id);
        if (flags != TMSUCCESS && flags != TMSUSPEND && flags != TMFAIL) {
            throw new Refusal(ErrorCode.XA_INVALID, "end with flags 0x" + Integer.toHexString(flags));
        }
        boolean associated = branch.sessions.remove(session);
        if (!associated && branch.state != State.IDLE && branch.state != State.TIMED_OUT) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "the session does not work in branch " + id);
        }
        if (flags == TMFAIL) {
            branch.work.doom("the application ended the branch with TMFAIL");
        }
        if (branch.sessions.isEmpty() && branch.state == State.ACTIVE) {
            branch.state = State.IDLE;
        }
        if (branch.state == State.TIMED_OUT) {
            throw new Refusal(ErrorCode.XA_TIMED_OUT, "branch " + id + " took too long and was rolled back");
        }
    }

    public Decision prepare(BranchId id) throws Refusal {
        Branch branch = requireIdle(id);
        if (branch.work.isEmpty()) {
            return new Decision(Flush.LAZY, gate -> branches.remove(id), XA_RDONLY);
        }
        List<Routes> routes = Units.route(branch.work);
        List<Settlement> settlements = Units.settlements(branch.work);
        boolean logged = false;
        for (Routes route : routes) {
            if (!route.logged().isEmpty()) {
                logged = true;
                List<Long> numbers = new ArrayList<>();
                route.logged().forEach(queue -> numbers.add(queue.number()));
                recorder.add(
                        new LogRecord.PreparedSend(id, numbers, route.envelope().bytes()));
            }
        }
        for (Settlement settlement : settlements) {
            if (settlement.isLogged()) {
                logged = true;
                recorder.add(new LogRecord.PreparedSettle(id, settlement.queue().number(), settlement.logged()));
            }
        }
        if (!logged) {
            return Decision.volatileOnly(() -> branch.state = State.PREPARED);
        }
        recorder.add(new LogRecord.BranchPrepared(id));
        return Decision.of(Flush.SYNC, gate -> {
            branches.remove(id);
            unlogged.put(id, new Unlogged(routes, settlements));
        });
    }

    public Decision commit(BranchId id, boolean onePhase) throws Refusal {
        PreparedBranch prepared = state.branch(id);
        if (prepared != null) {
            if (onePhase) {
                throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is prepared; one phase comes too late");
            }
            return commitPrepared(prepared);
        }
        Branch branch = branches.get(id);
        if (branch == null && !onePhase && Boolean.TRUE.equals(state.finished(id))) {
            return Decision.volatileOnly(() -> {});
        }
        boolean ready = onePhase ? requireIdle(id) != null : require(id).state == State.PREPARED;
        if (!ready) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is not prepared");
        }
        Decision commit = units.commit(require(id).work);
        return Decision.of(commit.flush(), gate -> {
            branches.remove(id);
            commit.complete().accept(gate);
        });
    }

    public Decision rollback(BranchId id) throws Refusal {
        PreparedBranch prepared = state.branch(id);
        if (prepared != null) {
            recorder.add(new LogRecord.BranchRolledBack(id));
            List<PreparedBranch.Settle> settles = List.copyOf(prepared.settles());
            return Decision.of(Flush.SYNC, gate -> {
                Unlogged rest = unlogged.remove(id);
                if (rest != null) {
                    rest.settlements().forEach(Branches::giveBackUnlogged);
                }
                settles.forEach(settle -> settle.queue().offer());
            });
        }
        Branch branch = require(id);
        if (!branch.sessions.isEmpty()) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is still being worked in");
        }
        if (branch.state == State.TIMED_OUT) {
            return Decision.volatileOnly(() -> branches.remove(id));
        }
        Decision rollback = units.rollback(branch.work);
        return Decision.of(rollback.flush(), gate -> {
            branches.remove(id);
            rollback.complete().accept(gate);
        });
    }

    /** There are no heuristic outcomes, so there is nothing to forget. */
    public void forget(BranchId id) throws Refusal {
        if (state.branch(id) != null || branches.containsKey(id)) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " was not completed heuristically");
        }
        throw new Refusal(ErrorCode.XA_UNKNOWN, "no branch " + id);
    }

    /** All prepared branches, in the order in which they were prepared. */
    public List<BranchId> recover() {
        List<BranchId> prepared = state.preparedBranches();
        branches.values().forEach(branch -> {
            if (branch.state == State.PREPARED) {
                prepared.add(branch.id);
            }
        });
        return prepared;
    }

    /** A session is closed: its association ends; what it did stays in the branch. */
    public void leave(Object session) {
        for (Branch branch : branches.values()) {
            if (branch.sessions.remove(session) && branch.sessions.isEmpty() && branch.state == State.ACTIVE) {
                branch.state = State.IDLE;
            }
        }
    }

    /** A connection is gone for good: its unprepared branches are rolled back. */
    public void abandon(UUID connection) {
        for (Branch branch : List.copyOf(branches.values())) {
            if (branch.connection.equals(connection) && branch.state != State.PREPARED) {
                branches.remove(branch.id);
                undo(branch);
            }
        }
    }

    /** Rolls back what took too long; the coordinator hears of it with its next word on the branch. */
    public void advance(long nowMs) {
        for (Branch branch : branches.values()) {
            boolean late = branch.deadlineMs <= nowMs;
            if (late && (branch.state == State.ACTIVE || branch.state == State.IDLE)) {
                branch.state = State.TIMED_OUT;
                undo(branch);
            }
        }
    }

    public long nextDeadlineMs() {
        long next = Long.MAX_VALUE;
        for (Branch branch : branches.values()) {
            if (branch.state == State.ACTIVE || branch.state == State.IDLE) {
                next = Math.min(next, branch.deadlineMs);
            }
        }
        return next;
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
            Unlogged rest = unlogged.remove(prepared.id());
            if (rest != null) {
                rest.settlements().forEach(Settlement::complete);
                rest.routes().forEach(route -> route.complete(gate));
            }
            queues.forEach(queue -> {
                queue.gateUntil(gate);
                queue.offer();
            });
        });
    }

    private void undo(Branch branch) {
        units.rollback(branch.work).carryOut(recorder);
    }

    private Branch require(BranchId id) throws Refusal {
        Branch branch = branches.get(id);
        if (branch == null) {
            boolean prepared = state.branch(id) != null;
            throw new Refusal(
                    prepared ? ErrorCode.XA_PROTOCOL : ErrorCode.XA_UNKNOWN,
                    prepared ? "branch " + id + " is prepared" : "no branch " + id);
        }
        return branch;
    }

    private Branch requireIdle(BranchId id) throws Refusal {
        Branch branch = require(id);
        throwIfTimedOut(branch);
        if (branch.state != State.IDLE) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "branch " + id + " is " + branch.state);
        }
        if (branch.work.doomed() != null) {
            branches.remove(id);
            undo(branch);
            throw new Refusal(ErrorCode.XA_ROLLED_BACK, "branch " + id + " was rolled back: " + branch.work.doomed());
        }
        return branch;
    }

    private void throwIfTimedOut(Branch branch) throws Refusal {
        if (branch.state == State.TIMED_OUT) {
            branches.remove(branch.id);
            throw new Refusal(ErrorCode.XA_TIMED_OUT, "branch " + branch.id + " took too long and was rolled back");
        }
    }

    private static void giveBackUnlogged(Settlement settlement) {
        settlement.queue().countAttempt(settlement.unlogged());
        settlement.unlogged().forEach(settlement.queue()::giveBack);
        settlement.queue().offer();
    }
}
