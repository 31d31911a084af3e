package io.posthorn.ra.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** Another resource of a transaction, which never comes back from the step that it is set at; a file says that it is there. */
final class Doorstop implements XAResource {

    /** Where it stands. */
    enum Step {
        PREPARE,
        COMMIT
    }

    private final Step step;
    private final Path reached;

    Doorstop(Step step, Path reached) {
        this.step = step;
        this.reached = reached;
    }

    private void passing(Step here) throws XAException {
        if (here != step) {
            return;
        }
        try {
            Files.createFile(reached);
            new CountDownLatch(1).await();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new XAException(XAException.XAER_RMFAIL);
        }
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        passing(Step.PREPARE);
        return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        passing(Step.COMMIT);
    }

    @Override
    public void start(Xid xid, int flags) {
        // Nothing to remember.
    }

    @Override
    public void end(Xid xid, int flags) {
        // Nothing to remember.
    }

    @Override
    public void rollback(Xid xid) {
        // Nothing was done.
    }

    @Override
    public void forget(Xid xid) {
        // Nothing to remember.
    }

    @Override
    public Xid[] recover(int flag) {
        return new Xid[0];
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return other == this;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }
}
