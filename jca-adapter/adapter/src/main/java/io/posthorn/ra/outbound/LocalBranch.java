package io.posthorn.ra.outbound;

import io.posthorn.ra.xa.ServerResource;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import java.nio.ByteBuffer;
import java.util.UUID;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * The container's local transaction (Connectors 2.1 section 7.7): a branch of its own, which is committed in one phase. So the one session
 * of a managed connection does for it too, and is not transacted outside. One thread at a time.
 */
final class LocalBranch implements LocalTransaction {

    private final ServerResource resource;
    private OwnXid xid;

    LocalBranch(ServerResource resource) {
        this.resource = resource;
    }

    @Override
    public void begin() throws ResourceException {
        if (xid != null) {
            throw new LocalTransactionException("a local transaction is in progress already; end it first");
        }
        OwnXid next = OwnXid.random();
        try {
            resource.start(next, XAResource.TMNOFLAGS);
            xid = next;
        } catch (XAException e) {
            throw failure("cannot begin a local transaction", e);
        }
    }

    @Override
    public void commit() throws ResourceException {
        OwnXid ending = take();
        try {
            resource.end(ending, XAResource.TMSUCCESS);
            resource.commit(ending, true);
        } catch (XAException e) {
            throw failure("cannot commit the local transaction", e);
        }
    }

    @Override
    public void rollback() throws ResourceException {
        try {
            rollBack(take());
        } catch (XAException e) {
            throw failure("cannot roll the local transaction back", e);
        }
    }

    /** Ends what the last user left behind. */
    void abandon() throws XAException {
        if (xid != null) {
            OwnXid left = xid;
            xid = null;
            rollBack(left);
        }
    }

    private void rollBack(OwnXid ending) throws XAException {
        resource.end(ending, XAResource.TMFAIL);
        resource.rollback(ending);
    }

    private OwnXid take() throws ResourceException {
        if (xid == null) {
            throw new LocalTransactionException("no local transaction is in progress");
        }
        OwnXid ending = xid;
        xid = null;
        return ending;
    }

    private static ResourceException failure(String doing, XAException cause) {
        return new LocalTransactionException(doing + ": " + cause.getMessage(), cause);
    }

    /** A branch identifier that nobody else makes. */
    private record OwnXid(UUID id) implements Xid {

        /** Not a transaction manager's: "PHLT". */
        private static final int FORMAT = 0x50484c54;

        static OwnXid random() {
            return new OwnXid(UUID.randomUUID());
        }

        @Override
        public int getFormatId() {
            return FORMAT;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {0};
        }
    }
}
