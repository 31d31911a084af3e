package io.posthorn.broker.connection;

import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.transaction.Transaction;
import io.posthorn.wire.frame.BranchId;

/** A session of a connection: the unit of work that it is in. */
final class Session {

    private final long number;
    private Transaction local = new Transaction();
    private Transaction branchWork;
    private BranchId branch;
    private boolean astray;
    private long branchTimeoutMs;

    /** Why its sends outside of transactions are refused until the client says that it tries again; null while they are not. */
    private Refusal blocked;

    Session(long number, long branchTimeoutMs) {
        this.number = number;
        this.branchTimeoutMs = branchTimeoutMs;
    }

    long number() {
        return number;
    }

    /** What transacted sends and acknowledgements belong to now. */
    Transaction work() {
        return branchWork != null ? branchWork : local;
    }

    Transaction local() {
        return local;
    }

    void newLocal() {
        local = new Transaction();
    }

    Refusal blocked() {
        return blocked;
    }

    void blocked(Refusal refusal) {
        blocked = refusal;
    }

    /** Ends the association with a branch, if there is one, on the session's side; returns the work, or null. */
    Transaction leave(BranchId id) {
        if (branch == null || !branch.equals(id)) {
            return null;
        }
        Transaction work = branchWork;
        branch = null;
        branchWork = null;
        astray = false;
        return work;
    }

    void join(BranchId id, Transaction work) {
        branch = id;
        branchWork = work;
    }

    /**
     * A branch could not be started. What its client has sent for it without knowing that is kept apart, and undone; it must
     * not count as work outside of a branch.
     */
    void goAstray(BranchId id) {
        join(id, new Transaction());
        astray = true;
    }

    boolean isAstray() {
        return astray;
    }

    BranchId branch() {
        return branch;
    }

    long branchTimeoutMs() {
        return branchTimeoutMs;
    }

    void branchTimeoutMs(long ms) {
        branchTimeoutMs = ms;
    }
}
