package io.posthorn.examples.benchmark.work;

import java.nio.ByteBuffer;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** What a transaction manager does with one of several resources: start, end, prepare, commit. */
final class TwoPhases implements Boundary {
    private final XAResource resource;
    private long number;
    private Xid branch;

    TwoPhases(XAResource resource) {
        this.resource = resource;
    }

    @Override
    public void begin() throws XAException {
        number++;
        branch = new Branch(number);
        resource.start(branch, XAResource.TMNOFLAGS);
    }

    @Override
    public void commit() throws XAException {
        resource.end(branch, XAResource.TMSUCCESS);
        resource.prepare(branch);
        resource.commit(branch, false);
    }

    /** Numbered within this run: the server's data is new in each. */
    private record Branch(long number) implements Xid {
        private static final int FORMAT = 0x504F5354;

        @Override
        public int getFormatId() {
            return FORMAT;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }
}
