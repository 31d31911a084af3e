package io.posthorn.engine.reconnect;

import io.posthorn.engine.EngineConnection.InterruptionListener;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.waiting.Notices;
import io.posthorn.engine.waiting.Threads;
import java.util.function.Consumer;

/** Who wants to hear of the connection's fate. Listeners run on a thread of their own, in order. Safe from any thread. */
public final class Listeners {

    private final Notices notices;
    private volatile InterruptionListener interruption;

    /** Guarded by this; told once. */
    private Consumer<EngineException> lost;

    private EngineException loss;

    public Listeners(String threadName, Threads threads) {
        this.notices = new Notices(threadName, threads);
    }

    public synchronized void onLost(Consumer<EngineException> listener) {
        lost = listener;
        tellLost();
    }

    public synchronized void lost(EngineException cause) {
        loss = cause;
        tellLost();
    }

    private void tellLost() {
        Consumer<EngineException> listener = lost;
        EngineException cause = loss;
        if (listener != null && cause != null) {
            lost = null;
            loss = null;
            notices.tell(() -> listener.accept(cause));
        }
    }

    public void onInterruption(InterruptionListener listener) {
        interruption = listener;
    }

    public void interrupted(String cause) {
        InterruptionListener listener = interruption;
        if (listener != null) {
            notices.tell(() -> listener.onInterrupted(cause));
        }
    }

    public void resumed(String server) {
        InterruptionListener listener = interruption;
        if (listener != null) {
            notices.tell(() -> listener.onResumed(server));
        }
    }

    /** Runs any other notice in its turn. */
    public void tell(Runnable notice) {
        notices.tell(notice);
    }
}
