package io.posthorn.jms.session;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The transaction that a session is in: its own, or a branch of a global one, or none. Nobody waits for a send that belongs to it.
 * The engine commits nothing that lacks a message; the end of a branch says so at once, as outcomes become known in the order of the
 * sends. Used as its session is: by one thread at a time.
 */
public final class SessionTransaction {

    private final SessionCore session;
    private final Completions completions;
    private final Acknowledgement acknowledgement;
    private final Outcome onOutcome = this::onOutcome;

    private final AtomicReference<EngineException> firstFailure = new AtomicReference<>();

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
        if (acknowledgement.inBranch()) {
            outcome.whenDone(onOutcome);
        }
    }

    private void onOutcome(long value, EngineException failure) {
        if (failure != null) {
            firstFailure.compareAndSet(null, failure);
        }
    }

    /** Commits the session's own transaction (section 6.2.7), after the callbacks of its asynchronous sends. */
    public void commit() throws JMSException {
        checkLocal("commit");
        try {
            session.engine().commit().await();
        } catch (EngineException e) {
            session.nextEpoch();
            JMSException failure = JmsErrors.of("cannot commit", e);
            if (failure instanceof TransactionRolledBackException) {
                giveBackTheRest(failure);
            }
            throw failure;
        }
    }

    /** What was consumed comes again; so what has come after it, and waits here, must come again, too. */
    private void giveBackTheRest(JMSException failure) {
        try {
            session.engine().rollback().await();
        } catch (EngineException e) {
            failure.addSuppressed(e);
        }
    }

    /** Rolls the session's own transaction back; what was consumed in it comes again. */
    public void rollback() throws JMSException {
        checkLocal("roll back");
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

    /** What was received before a branch begins and is to be part of it, or null. */
    public Delivery takenAlong() {
        return acknowledgement.atListener();
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

    /** The first failure that is known, once, or null. */
    private EngineException takeFailure() {
        return firstFailure.getAndSet(null);
    }
}
