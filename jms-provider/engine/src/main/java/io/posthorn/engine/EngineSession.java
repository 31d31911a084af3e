package io.posthorn.engine;

import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.Source;

/**
 * A scope for transactions and acknowledgements. The engine keeps account of the deliveries that were handed over ({@link
 * EngineConsumer#poll}, {@link EngineConsumer#receive}) and not yet acknowledged. Methods are safe from any thread;
 * commands go out in the order of the calls.
 */
public interface EngineSession extends EngineSender {

    /** Opens a consumer and waits until the server has it. Starts receiving if the connection is started. */
    EngineConsumer attach(Source source) throws EngineException;

    /** As {@link #attach}, but nothing comes ahead: one message at a time, and only for whoever waits or listens. */
    EngineConsumer attachOnDemand(Source source) throws EngineException;

    /**
     * Acknowledges one handed-over delivery (AUTO_ACKNOWLEDGE), on its way when this returns. {@code forced}: somebody
     * waits for it to be durable. Those that are not forced and follow each other may go together, and have one outcome.
     */
    Pending acknowledge(Delivery delivery, boolean forced);

    /** Acknowledges all that was handed over and not yet acknowledged in this session, also of closed consumers. */
    Pending acknowledgeAll(boolean forced);

    /** Acknowledges, in the session's transaction, all that was handed over, and commits the local transaction. */
    Pending commit();

    /**
     * Rolls back the local transaction; all that was handed over comes again, counted and flagged, in its place, before
     * what was not handed over yet.
     */
    Pending rollback();

    /** Gives back what was handed over and not acknowledged, as {@link #rollback} does, without a transaction. */
    Pending recover();

    /**
     * Associates the session with a branch; what is handed over from now on is acknowledged in it. So is {@code along}, or null, which was
     * handed over before and is not acknowledged.
     */
    Pending xaStart(BranchId branch, int flags, Delivery along);

    /** Acknowledges in the branch what was handed over since, then ends the association. */
    Pending xaEnd(BranchId branch, int flags);

    /** Timeout for branches started from now on, in seconds; 0 for the server's default. */
    Pending xaTimeout(long seconds);

    /**
     * Closes consumers and rolls back the local transaction; what was handed over and not acknowledged goes back counted
     * and flagged. Waits for at most the close timeout. Repeated calls do nothing.
     */
    void close();
}
