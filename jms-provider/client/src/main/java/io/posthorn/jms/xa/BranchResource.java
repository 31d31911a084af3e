package io.posthorn.jms.xa;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Pending;
import io.posthorn.jms.session.SessionCore;
import io.posthorn.wire.frame.BranchId;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * The XA resource of a session (section 11.3.5). {@code start} and {@code end} concern the session; the other verbs concern
 * the server, and work as long as the connection is open, also when the session is closed.
 */
public final class BranchResource implements XAResource {

    private static final Xid[] NOTHING = {};

    private final SessionCore session;

    /** The branch that the session's work belongs to at the moment, or null. Guarded by this. */
    private BranchId associated;

    private int timeoutS;

    /** Whether a recovery scan is open. Guarded by this. */
    private boolean scanning;

    public BranchResource(SessionCore session) {
        this.session = session;
    }

    /** {@code flags}: {@code TMNOFLAGS}, {@code TMJOIN} or {@code TMRESUME}. */
    @Override
    public synchronized void start(Xid xid, int flags) throws XAException {
        BranchId branch = Branches.of(xid);
        if (flags != TMNOFLAGS && flags != TMJOIN && flags != TMRESUME) {
            throw XaErrors.of(
                    XAException.XAER_INVAL, "start does not know the flags 0x" + Integer.toHexString(flags), null);
        }
        if (associated != null) {
            throw XaErrors.of(
                    XAException.XAER_PROTO,
                    "cannot start branch " + branch + ": the session works for branch " + associated
                            + "; end that first",
                    null);
        }
        await(
                "cannot start branch " + branch,
                session.engine().xaStart(branch, flags, session.transaction().takenAlong()));
        associated = branch;
        session.transaction().enterBranch();
    }

    /** {@code flags}: {@code TMSUCCESS}, {@code TMFAIL} or {@code TMSUSPEND}. */
    @Override
    public synchronized void end(Xid xid, int flags) throws XAException {
        BranchId branch = Branches.of(xid);
        if (flags != TMSUCCESS && flags != TMFAIL && flags != TMSUSPEND) {
            throw XaErrors.of(
                    XAException.XAER_INVAL, "end does not know the flags 0x" + Integer.toHexString(flags), null);
        }
        EngineException failedSend = null;
        if (branch.equals(associated)) {
            session.transaction().awaitCallbacks();
            associated = null;
            try {
                await("cannot end branch " + branch, session.engine().xaEnd(branch, flags));
            } finally {
                failedSend = session.transaction().leaveBranch();
            }
        } else {
            // A suspended branch may be ended without being resumed.
            await("cannot end branch " + branch, session.engine().xaEnd(branch, flags));
        }
        if (failedSend != null && flags != TMFAIL) {
            throw XaErrors.of(
                    XAException.XA_RBROLLBACK,
                    "branch " + branch + " can only be rolled back: a message could not be sent: "
                            + failedSend.getMessage(),
                    failedSend);
        }
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        BranchId branch = Branches.of(xid);
        return (int)
                await("cannot prepare branch " + branch, session.home().engine().prepare(branch));
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        BranchId branch = Branches.of(xid);
        conclude("cannot commit branch " + branch, session.home().engine().commit(branch, onePhase));
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        BranchId branch = Branches.of(xid);
        conclude("cannot roll back branch " + branch, session.home().engine().rollback(branch));
    }

    @Override
    public void forget(Xid xid) throws XAException {
        BranchId branch = Branches.of(xid);
        await("cannot forget branch " + branch, session.home().engine().forget(branch));
    }

    /**
     * All prepared branches of the server at once with {@code TMSTARTRSCAN}; nothing more in the rest of the scan, which {@code
     * TMENDRSCAN} ends. {@code XAER_INVAL} when no scan is open and none is started.
     */
    @Override
    public synchronized Xid[] recover(int flags) throws XAException {
        if ((flags & ~(TMSTARTRSCAN | TMENDRSCAN)) != 0) {
            throw XaErrors.of(
                    XAException.XAER_INVAL, "recover does not know the flags 0x" + Integer.toHexString(flags), null);
        }
        boolean starts = (flags & TMSTARTRSCAN) != 0;
        if (!starts && !scanning) {
            throw XaErrors.of(XAException.XAER_INVAL, "no recovery scan is open; begin one with TMSTARTRSCAN", null);
        }
        scanning = (flags & TMENDRSCAN) == 0;
        if (!starts) {
            return NOTHING;
        }
        try {
            List<BranchId> branches = session.home().engine().recover();
            return branches.stream().map(Branches::toXid).toArray(Xid[]::new);
        } catch (EngineException e) {
            throw XaErrors.of("cannot list the prepared branches", e);
        }
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return other instanceof BranchResource that
                && session.home()
                        .engine()
                        .serverId()
                        .equals(that.session.home().engine().serverId());
    }

    /** For branches that are started from now on; 0 for the server's default. */
    @Override
    public synchronized boolean setTransactionTimeout(int seconds) throws XAException {
        if (seconds < 0) {
            throw XaErrors.of(
                    XAException.XAER_INVAL, "a timeout of " + seconds + " s; 0 means the server's default", null);
        }
        await("cannot set the transaction timeout", session.engine().xaTimeout(seconds));
        timeoutS = seconds;
        return true;
    }

    /** 0 while it is the server's default. */
    @Override
    public synchronized int getTransactionTimeout() {
        return timeoutS;
    }

    /** Waits for the outcome of a commit or rollback: what goes wrong there must never be taken for a decision. */
    private static void conclude(String doing, Pending outcome) throws XAException {
        try {
            outcome.await();
        } catch (EngineException e) {
            throw XaErrors.undecided(doing, e);
        }
    }

    private static long await(String doing, Pending outcome) throws XAException {
        try {
            return outcome.await();
        } catch (EngineException e) {
            throw XaErrors.of(doing, e);
        }
    }
}
