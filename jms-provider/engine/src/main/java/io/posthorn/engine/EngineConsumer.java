package io.posthorn.engine;

import java.util.function.Consumer;

/**
 * A consumer or browser. One thread at a time takes from it; {@link #close} may come from any thread and wakes a waiting
 * {@link #receive}.
 */
public interface EngineConsumer {

    /** Waits for ever. */
    long FOREVER = Long.MAX_VALUE;

    EngineSession session();

    /**
     * Takes the next message, and counts it as handed over. Waits for at most {@code timeoutNs} (0: not at all, {@link
     * #FOREVER}: until closed); before it gives up it asks the server whether there is really nothing. Null when there is
     * none, when the consumer or connection was closed, or while the connection is stopped for the whole time. Messages that
     * have expired are acknowledged and passed over. A browser does not wait for messages that are not there yet: it asks at
     * once, and null is the end.
     */
    Delivery receive(long timeoutNs) throws EngineException, InterruptedException;

    /**
     * Waits, for at most {@code timeoutNs}, until {@link #poll} may give something, and takes nothing: so that whoever takes it can begin
     * a transaction first. False when the time is over or the consumer or connection was closed; nothing is asked of the server.
     */
    boolean awaitAvailable(long timeoutNs) throws EngineException, InterruptedException;

    /**
     * Gives back, to its place, what was not taken, so that others may have it. More comes when this is asked again whether there is
     * something. Does not wait.
     */
    void giveBack();

    /** Takes the next message that is already here, and counts it as handed over; null when there is none. */
    Delivery poll();

    /**
     * Called on the event loop, without blocking, when {@link #poll} may have something: after an arrival into an empty
     * buffer, and after start. A listener drives its session's thread from here. Null for no signal.
     */
    void onAvailable(Runnable signal);

    /** For a browser: whether the server said that the end is reached and the buffer is empty. */
    boolean exhausted();

    /** Called once when the server closed the consumer (its destination was deleted, for example). */
    void onClosedByServer(Consumer<EngineException> listener);

    /**
     * Closes: what was not handed over returns to its place; what was handed over stays with the session until it is
     * acknowledged or given back. Waits for at most the close timeout. Repeated calls do nothing.
     */
    void close();
}
