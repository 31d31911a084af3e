package io.posthorn.jms.fake;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** An outcome that the fake, or a test, decides. */
public final class FakePending implements Pending {

    private final CountDownLatch known = new CountDownLatch(1);
    private final List<Outcome> listeners = new ArrayList<>();
    private boolean done;
    private long value;
    private EngineException failure;

    static FakePending of(long value) {
        FakePending pending = new FakePending();
        pending.finish(value, null);
        return pending;
    }

    static FakePending failed(EngineException failure) {
        FakePending pending = new FakePending();
        pending.finish(0, failure);
        return pending;
    }

    void finish(long outcome, EngineException problem) {
        List<Outcome> waiting;
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
            value = outcome;
            failure = problem;
            waiting = new ArrayList<>(listeners);
        }
        waiting.forEach(told -> told.settle(outcome, problem));
        known.countDown();
    }

    @Override
    public long await() throws EngineException {
        try {
            known.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts tests", e);
        }
        if (failure != null) {
            throw new EngineException(failure.code(), failure.getMessage(), failure);
        }
        return value;
    }

    @Override
    public void whenDone(Outcome told) {
        synchronized (this) {
            if (!done) {
                listeners.add(told);
                return;
            }
        }
        told.settle(value, failure);
    }
}
