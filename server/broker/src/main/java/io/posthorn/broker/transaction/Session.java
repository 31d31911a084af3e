package io.posthorn.broker.transaction;

import io.posthorn.wire.frame.BranchId;

/** A session of a connection: the unit of work that it is in. */
public final class Session {

    private final long number;
    private Transaction local = new Transaction();
    private Transaction branchWork;
    private BranchId branch;
    private boolean astray;
    private long branchTimeoutMs;

    public Session(long number, long branchTimeoutMs) {
        this.number = number;
        this.branchTimeoutMs = branchTimeoutMs;
    }

    public long number() {
        return number;
    }

    /** What transacted sends and acknowledgements belong to now. */
    public Transaction work() {
        return branchWork != null ? branchWork : local;
    }

    public Transaction local() {
        return local;
    }

    public void newLocal() {
        local = new Transaction();
    }

    /** Ends the association with a branch, if there is one, on the session's side; returns the work, or null. */
    public Transaction leave(BranchId id) {
        if (branch == null || !branch.equals(id)) {
            return null;
        }
        Transaction work = branchWork;
        branch = null;
        branchWork = null;
        astray = false;
        return work;
    }

    public void join(BranchId id, Transaction work) {
        branch = id;
        branchWork = work;
    }

    /**
     * A branch could not be started. What its client has sent for it without knowing that is kept apart, and undone; it must
     * not count as work outside of a branch.
     */
    public void goAstray(BranchId id) {
        join(id, new Transaction());
        astray = true;
    }

    public boolean isAstray() {
        return astray;
    }

    public BranchId branch() {
        return branch;
    }

    public long branchTimeoutMs() {
        return branchTimeoutMs;
    }

    public void branchTimeoutMs(long ms) {
        branchTimeoutMs = ms;
    }
}
