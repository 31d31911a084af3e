package io.posthorn.broker.transaction;

import io.posthorn.wire.frame.BranchId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
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
    final Transaction work = new Transaction();

    /** Those that work in it. */
    final Set<Object> sessions = new HashSet<>();

    /** Those that have suspended their work in it, and must resume or end it. */
    final Set<Object> suspended = new HashSet<>();

    /** Those whose sessions ever worked in it, and that are not over. */
    final Set<UUID> connections = new HashSet<>();

    /** How often the sessions of each connection have started, joined or resumed it, in this run of the server. */
    final Map<UUID, Long> starts = new LinkedHashMap<>();

    /** When it times out; once it has, when it is forgotten. Changed only while it is out of the queue of deadlines. */
    long dueMs;

    State state = State.ACTIVE;

    Branch(BranchId id, long deadlineMs) {
        this.id = id;
        this.dueMs = deadlineMs;
    }

    enum State {
        ACTIVE,
        IDLE,
        TIMED_OUT
    }
}
