package io.posthorn.jms.session;

import io.posthorn.engine.EngineException;
import io.posthorn.jms.error.JmsErrors;
import jakarta.jms.CompletionListener;
import jakarta.jms.Message;

/** One send whose outcome a completion listener waits for (section 7.3). */
public final class AsyncSend {

    private final Object owner;
    private final String doing;
    private final Message message;
    private final CompletionListener listener;

    private EngineException failure;
    private volatile boolean done;

    /** {@code owner} is the producer; {@code doing} begins the text of a failure. */
    public AsyncSend(Object owner, String doing, Message message, CompletionListener listener) {
        this.owner = owner;
        this.doing = doing;
        this.message = message;
        this.listener = listener;
    }

    Object owner() {
        return owner;
    }

    boolean isDone() {
        return done;
    }

    void finish(EngineException outcome) {
        failure = outcome;
        done = true;
    }

    /** Calls the application; only after {@link #isDone()}. */
    void callBack() {
        if (failure == null) {
            listener.onCompletion(message);
        } else {
            listener.onException(message, JmsErrors.of(doing, failure));
        }
    }
}
