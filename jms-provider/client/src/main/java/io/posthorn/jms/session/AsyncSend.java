package io.posthorn.jms.session;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.jms.error.JmsErrors;
import io.posthorn.wire.frame.Address;
import jakarta.jms.CompletionListener;
import jakarta.jms.Message;

/** One send whose outcome a completion listener waits for (section 7.3). */
public final class AsyncSend implements Outcome {

    private final Completions completions;
    private final Object owner;
    private final Address to;
    private final Message message;
    private final CompletionListener listener;

    private EngineException failure;
    private volatile boolean done;

    AsyncSend(Completions completions, Object owner, Address to, Message message, CompletionListener listener) {
        this.completions = completions;
        this.owner = owner;
        this.to = to;
        this.message = message;
        this.listener = listener;
    }

    Object owner() {
        return owner;
    }

    boolean isDone() {
        return done;
    }

    @Override
    public void settle(long value, EngineException cause) {
        if (done) {
            return;
        }
        failure = cause;
        done = true;
        completions.onDone();
    }

    /** Calls the application; only after {@link #isDone()}. */
    void callBack() {
        if (failure == null) {
            listener.onCompletion(message);
        } else {
            listener.onException(message, JmsErrors.of("cannot send to " + to, failure));
        }
    }
}
