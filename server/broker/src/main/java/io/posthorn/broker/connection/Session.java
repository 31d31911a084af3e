package io.posthorn.broker.connection;

import io.posthorn.broker.transaction.Transaction;
import io.posthorn.wire.frame.BranchId;

/** A session of a connection: the unit of work that it is in. */
final class Session {

    private final long number;
    private Transaction local = new Transaction();
    private Transaction branchWork;
    private BranchId branch;
    private long branchTimeoutMs;

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

    void join(BranchId id, Transaction work) {
        branch = id;
        branchWork = work;
    }

    void leave() {
        branch = null;
        branchWork = null;
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
