package io.posthorn.broker.connection;

import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.transaction.Branches;
import io.posthorn.broker.transaction.Session;
import io.posthorn.broker.transaction.Transaction;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.UUID;

/** What ties the sessions of one connection to branches of global transactions. Runs on the broker's driver. */
final class Associations {

    private final Core core;
    private final UUID connection;

    Associations(Core core, UUID connection) {
        this.core = core;
        this.connection = connection;
    }

    Decision start(Session session, ClientFrame.XaStart frame, boolean repeated) throws Refusal {
        leaveAstray(session);
        if (session.branch() != null) {
            throw new Refusal(ErrorCode.XA_PROTOCOL, "the session works in branch " + session.branch());
        }
        long deadlineMs = core.courier().nowMs() + session.branchTimeoutMs();
        try {
            Transaction work =
                    core.branches().start(session, connection, frame.branch(), frame.flags(), deadlineMs, repeated);
            session.join(frame.branch(), work);
            return Decision.of(Flush.SYNC, gate -> {});
        } catch (Refusal refusal) {
            session.goAstray(frame.branch());
            throw refusal;
        }
    }

    Decision end(Session session, ClientFrame.XaEnd frame) throws Refusal {
        Branches.checkEnd(frame.flags());
        leaveAstray(session);
        Transaction work = session.leave(frame.branch());
        core.branches().end(session, frame.branch(), frame.flags(), work);
        return Decision.nothing();
    }

    private void leaveAstray(Session session) {
        if (session.isAstray()) {
            core.branches().leave(session, session.branch(), session.leave(session.branch()));
        }
    }

    /** Sets how long the branches may take that the session starts from now on; 0 for as long as the settings say. */
    Decision timeout(Session session, long seconds) throws Refusal {
        if (seconds < 0 || seconds > Integer.MAX_VALUE) {
            throw new Refusal(ErrorCode.XA_INVALID, "a timeout of " + seconds + " seconds");
        }
        long ms = seconds == 0 ? core.settings().xaTimeoutMs() : seconds * 1000;
        return Decision.volatileOnly(() -> session.branchTimeoutMs(ms));
    }

    /** The session is closed. */
    void close(Session session) {
        BranchId branch = session.branch();
        core.branches().close(session, branch, branch == null ? null : session.leave(branch));
    }
}
