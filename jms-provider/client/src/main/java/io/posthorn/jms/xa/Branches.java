package io.posthorn.jms.xa;

import io.posthorn.wire.frame.BranchId;
import java.util.Arrays;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;

/** Translates branch identifiers; the arrays are copied, since neither side may change the other's. */
final class Branches {

    private Branches() {}

    static BranchId of(Xid xid) throws XAException {
        if (xid == null) {
            throw XaErrors.of(XAException.XAER_INVAL, "no branch is given: the Xid is null", null);
        }
        byte[] global = xid.getGlobalTransactionId();
        byte[] qualifier = xid.getBranchQualifier();
        try {
            return new BranchId(
                    xid.getFormatId(),
                    global == null ? new byte[0] : global.clone(),
                    qualifier == null ? new byte[0] : qualifier.clone());
        } catch (IllegalArgumentException e) {
            throw XaErrors.of(XAException.XAER_INVAL, e.getMessage(), e);
        }
    }

    static Xid toXid(BranchId branch) {
        return new BranchXid(branch);
    }

    /** Equal to another of its kind by value; compared with a foreign one through {@link #of}. */
    private record BranchXid(BranchId branch) implements Xid {

        @Override
        public int getFormatId() {
            return branch.formatId();
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return Arrays.copyOf(branch.global(), branch.global().length);
        }

        @Override
        public byte[] getBranchQualifier() {
            return Arrays.copyOf(branch.qualifier(), branch.qualifier().length);
        }

        @Override
        public String toString() {
            return branch.toString();
        }
    }
}
