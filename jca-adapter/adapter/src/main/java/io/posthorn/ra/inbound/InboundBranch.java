package io.posthorn.ra.inbound;

import io.posthorn.ra.xa.Associations;
import io.posthorn.ra.xa.ServerResource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;

/** The XA resource of a receiver, which knows whether the last delivery was rolled back. */
final class InboundBranch extends ServerResource {

    private volatile boolean rolledBack;

    InboundBranch(Source source, Associations associations) {
        super(source, associations);
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        if (flags == TMFAIL) {
            rolledBack = true;
        }
        super.end(xid, flags);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        rolledBack = true;
        super.rollback(xid);
    }

    /** Whether it was rolled back since this was last asked. */
    boolean takeRolledBack() {
        boolean was = rolledBack;
        rolledBack = false;
        return was;
    }
}
