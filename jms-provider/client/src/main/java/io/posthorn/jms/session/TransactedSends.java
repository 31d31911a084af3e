package io.posthorn.jms.session;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Pending;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Follows the sends of a transaction. Nobody waits for one of them, so the end of the transaction asks whether all went well.
 * Outcomes become known in the order of the sends.
 */
final class TransactedSends implements Pending.Callback {

    private final AtomicReference<EngineException> first = new AtomicReference<>();
    private volatile Pending last;

    void add(Pending outcome) {
        last = outcome;
        outcome.whenDone(this);
    }

    @Override
    public void done(EngineException failure) {
        if (failure != null) {
            first.compareAndSet(null, failure);
        }
    }

    /** Waits until all outcomes are known; the first failure, once, or null. */
    EngineException awaitFailure() {
        Pending waitFor = last;
        if (waitFor != null) {
            last = null;
            try {
                waitFor.await();
            } catch (EngineException e) {
                first.compareAndSet(null, e);
            }
        }
        return takeFailure();
    }

    /** The first failure that is known so far, once, or null. */
    EngineException takeFailure() {
        last = null;
        return first.getAndSet(null);
    }
}
