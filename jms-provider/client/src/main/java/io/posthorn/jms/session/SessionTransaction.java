package io.posthorn.jms.session;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Pending;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The transaction that a session is in: its own, or a branch of a global one, or none. Nobody waits for a send that belongs to it, so
 * its end asks whether all went well; outcomes become known in the order of the sends. Used as its session is: by one
 * thread at a time.
 */
public final class SessionTransaction {

    private final SessionCore session;
    private final Completions completions;
    private final Acknowledgement acknowledgement;
    private final Pending.Callback onOutcome = this::onOutcome;

    private final AtomicReference<EngineException> firstFailure = new AtomicReference<>();
    private volatile Pending lastSend;

    SessionTransaction(SessionCore session, Completions completions, Acknowledgement acknowledgement) {
        this.session = session;
        this.completions = completions;
        this.acknowledgement = acknowledgement;
    }

    /** Whether what is sent now belongs to a transaction. */
    public boolean isActive() {
        return session.mode() == SessionMode.TRANSACTED || acknowledgement.inBranch();
    }

    /** Follows a send of the transaction. */
    public void onSend(Pending outcome) {
        lastSend = outcome;
        outcome.whenDone(onOutcome);
    }

    private void onOutcome(EngineException failure) {
        if (failure != null) {
            firstFailure.compareAndSet(null, failure);
        }
    }

    /** Commits the session's own transaction (section 6.2.7), after the callbacks of its asynchronous sends. */
    public void commit() throws JMSException {
        checkLocal("commit");
        // Asked before the commit goes out: a transaction that lacks a message must not be committed.
        EngineException failedSend = awaitFailure();
        if (failedSend != null) {
            throw rollBackInstead(failedSend);
        }
        try {
            session.engine().commit().await();
        } catch (EngineException e) {
            session.nextEpoch();
            throw JmsErrors.of("cannot commit", e);
        }
    }

    private JMSException rollBackInstead(EngineException failedSend) {
        session.nextEpoch();
        JMSException rolledBack = JmsErrors.caused(
                new TransactionRolledBackException(
                        "a message of the transaction could not be sent, so it was rolled back: "
                                + failedSend.getMessage(),
                        failedSend.code().name()),
                failedSend);
        try {
            session.engine().rollback().await();
        } catch (EngineException e) {
            rolledBack.addSuppressed(e);
        }
        return rolledBack;
    }

    /** Rolls the session's own transaction back; what was consumed in it comes again. */
    public void rollback() throws JMSException {
        checkLocal("roll back");
        takeFailure();
        session.nextEpoch();
        try {
            session.engine().rollback().await();
        } catch (EngineException e) {
            throw JmsErrors.of("cannot roll back", e);
        }
    }

    private void checkLocal(String doing) throws JMSException {
        session.checkOpen();
        if (session.mode() != SessionMode.TRANSACTED) {
            throw JmsErrors.illegalState("this session is not transacted: there is nothing to " + doing);
        }
        session.gate().refuseInsideCompletion(doing + " its own session");
        completions.awaitNone(null);
    }

    /** Work belongs to a branch from now on. */
    public void enterBranch() {
        takeFailure();
        acknowledgement.inBranch(true);
    }

    /** Before a branch ends: waits for the callbacks of its asynchronous sends. */
    public void awaitCallbacks() {
        completions.awaitNone(null);
    }

    /** Work is outside of a branch from now on. The failure of one of its sends, or null. */
    public EngineException leaveBranch() {
        acknowledgement.inBranch(false);
        return takeFailure();
    }

    private EngineException awaitFailure() {
        Pending waitFor = lastSend;
        if (waitFor != null) {
            try {
                waitFor.await();
            } catch (EngineException e) {
                firstFailure.compareAndSet(null, e);
            }
        }
        return takeFailure();
    }

    /** The first failure that is known, once, or null. */
    private EngineException takeFailure() {
        lastSend = null;
        return firstFailure.getAndSet(null);
    }
}
