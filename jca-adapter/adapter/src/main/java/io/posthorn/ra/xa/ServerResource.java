package io.posthorn.ra.xa;

import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An XA resource of a server, with what somebody wants to know about its branches. Two are the same resource manager when they lead to the
 * same server's data, over whatever connections: then a transaction manager lets one branch do for both, and commits in one phase.
 */
public class ServerResource implements XAResource {

    private static final Logger LOG = LoggerFactory.getLogger(ServerResource.class);

    private volatile Xid branch;
    private volatile XAException refusal;
    private final Source source;
    private final Associations associations;

    public ServerResource(Source source, Associations associations) {
        this.source = source;
        this.associations = associations;
    }

    /** The branch that the session works in at the moment, or null. */
    public final boolean isInBranch() {
        return branch != null;
    }

    /**
     * Why the session could not join the last branch that it was to work in; null when it could, or when that is over. Whoever uses the session
     * must not go on then: Geronimo's connector, so TomEE, lets an application work with a connection that it failed to enlist, and
     * what is sent would get out although the transaction is rolled back.
     */
    public final XAException refusal() {
        return refusal;
    }

    /** The next user has nothing to do with the transaction that could not be joined. */
    public final void forgetRefusal() {
        refusal = null;
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        try {
            source.get().start(xid, flags);
        } catch (XAException e) {
            refusal = e;
            throw e;
        }
        refusal = null;
        branch = xid;
        associations.enter(xid, this);
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        if (xid.equals(branch)) {
            branch = null;
        }
        try {
            source.get().end(xid, flags);
        } finally {
            leave(xid);
        }
    }

    private void leave(Xid xid) throws XAException {
        ServerResource asked = associations.leave(xid, this);
        if (asked != null) {
            asked.source.get().rollback(xid);
        }
    }

    /** The connection is closed: whatever the session still worked in is without it from now on. */
    public final void abandon() {
        Xid left = branch;
        branch = null;
        if (left == null) {
            return;
        }
        try {
            leave(left);
        } catch (XAException e) {
            // The server does so by itself when the branch's time is over.
            LOG.debug("A branch was not rolled back when its connection was closed", e);
        }
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        return source.get().prepare(xid);
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        source.get().commit(xid, onePhase);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        if (!associations.putOffRollback(xid, this)) {
            source.get().rollback(xid);
        }
    }

    @Override
    public void forget(Xid xid) throws XAException {
        source.get().forget(xid);
    }

    @Override
    public Xid[] recover(int flags) throws XAException {
        return source.get().recover(flags);
    }

    @Override
    public boolean isSameRM(XAResource other) throws XAException {
        XAResource that = other instanceof ServerResource wrapped ? wrapped.source.get() : other;
        return source.get().isSameRM(that);
    }

    @Override
    public boolean setTransactionTimeout(int seconds) throws XAException {
        return source.get().setTransactionTimeout(seconds);
    }

    @Override
    public int getTransactionTimeout() throws XAException {
        return source.get().getTransactionTimeout();
    }

    /** Where the client's resource comes from. */
    @FunctionalInterface
    public interface Source {
        XAResource get() throws XAException;
    }
}
