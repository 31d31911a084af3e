package io.posthorn.broker.transaction;

import io.posthorn.wire.frame.BranchId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * An XA branch that is not prepared in the log.
 *
 * <pre>
 *  ACTIVE --end--> IDLE --prepare--> PREPARED (only when nothing of it is in the log; see Branches)
 *    |  ^-join/resume-'  `--commit one phase, rollback--> (gone)
 *    `--timeout, lost connection--> ROLLED_BACK --rollback, end, prepare, commit say so--> (gone)
 * </pre>
 */
final class Branch {

    final BranchId id;
    final UUID connection;
    final Transaction work = new Transaction();
    final Set<Object> sessions = new HashSet<>();
    final long deadlineMs;
    State state = State.ACTIVE;

    Branch(BranchId id, UUID connection, long deadlineMs) {
        this.id = id;
        this.connection = connection;
        this.deadlineMs = deadlineMs;
    }

    enum State {
        ACTIVE,
        IDLE,
        PREPARED,
        TIMED_OUT
    }
}
