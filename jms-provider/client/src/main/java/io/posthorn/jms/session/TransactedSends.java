package io.posthorn.jms.session;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Pending;
import java.util.concurrent.atomic.AtomicReference;

/** Remembers the first send of a transaction that failed; nobody waits for these, so the end of the transaction tells. */
final class TransactedSends implements Pending.Callback {

    private final AtomicReference<EngineException> first = new AtomicReference<>();

    @Override
    public void done(EngineException failure) {
        if (failure != null) {
            first.compareAndSet(null, failure);
        }
    }

    /** The failure, once, or null. */
    EngineException takeFailure() {
        return first.getAndSet(null);
    }
}
