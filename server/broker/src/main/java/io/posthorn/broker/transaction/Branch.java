package io.posthorn.broker.transaction;

import io.posthorn.wire.frame.BranchId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * An XA branch that is not prepared yet; a prepared one is in the log.
 *
 * <pre>
 *  ACTIVE --end--> IDLE --prepare--> (in the log)
 *    |  ^-join/resume-' `--commit one phase, rollback--> (gone)
 *    `--timeout--> TIMED_OUT --rollback, prepare, commit: say so--> (gone)
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
        TIMED_OUT
    }
}
