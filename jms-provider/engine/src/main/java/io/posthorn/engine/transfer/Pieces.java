package io.posthorn.engine.transfer;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What both directions share: one thread that waits for what the event loop tells. When the link has changed, what was
 * under way on the old one is asked for again.
 */
abstract class Pieces {

    /** How many pieces are on the way at the most. */
    static final int AHEAD = 4;

    private final Patience patience;
    private final Asker asker;
    private final Supplier<EngineException> end;
    private final AtomicReference<Thread> waiter = new AtomicReference<>();
    private volatile EngineException refusal;

    /** Counts the links, and whatever else lets it begin again where the server is. Written on the event loop. */
    private volatile int epoch;

    Pieces(Patience patience, Asker asker, Supplier<EngineException> end) {
        this.patience = patience;
        this.asker = asker;
        this.end = end;
    }

    /** Has frames sent that are no commands. */
    @FunctionalInterface
    public interface Asker {
        /** The frame is made when its turn comes; null when it is of no use any more. */
        void ask(Supplier<ClientFrame> frame);
    }

    int epoch() {
        return epoch;
    }

    /** Sends a frame, unless the link has changed when its turn comes. */
    void ask(int ofEpoch, ClientFrame frame) {
        asker.ask(() -> epoch == ofEpoch ? frame : null);
    }

    /** Waits until {@code news} or an end of it; {@code what} is waited for, in the text of errors. */
    void await(BooleanSupplier news, String what) throws EngineException {
        if (patience.mustNotWait()) {
            throw new EngineException(
                    ErrorCode.ILLEGAL_STATE, what + " cannot be waited for on the event loop that would bring it");
        }
        long sinceMs = patience.nowMs();
        waiter.set(Thread.currentThread());
        boolean came = patience.await(
                () -> news.getAsBoolean() || refusal != null || end.get() != null, patience.requestTimeoutMs());
        check(refusal);
        check(end.get());
        if (!came) {
            throw timedOut(what, sinceMs);
        }
    }

    /** Nothing came for as long as somebody waits. */
    EngineException timedOut(String what, long sinceMs) {
        return patience.timedOut(what, sinceMs, "requestTimeout", patience.requestTimeoutMs());
    }

    long requestTimeoutMs() {
        return patience.requestTimeoutMs();
    }

    private static void check(EngineException cause) throws EngineException {
        if (cause != null) {
            throw new EngineException(cause.code(), cause.getMessage(), cause);
        }
    }

    // On the event loop.

    /** There is another link, or the server is elsewhere. */
    public void beginAgain() {
        int last = epoch;
        epoch = last + 1;
        wake();
    }

    public void refuse(EngineException cause) {
        refusal = cause;
        wake();
    }

    /** Whether the server has refused it so. */
    public boolean isRefused(ErrorCode code) {
        EngineException cause = refusal;
        return cause != null && cause.code() == code;
    }

    public void wake() {
        Thread thread = waiter.get();
        if (thread != null) {
            patience.unpark(thread);
        }
    }
}
