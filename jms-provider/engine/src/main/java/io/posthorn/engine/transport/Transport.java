package io.posthorn.engine.transport;

import io.posthorn.engine.Reading;
import java.util.function.BooleanSupplier;

/**
 * How a connection gets its sockets, its time and its thread: everything runs on one event loop, over all sockets of the
 * connection, or, while the loop has nothing to do, as if it did ({@link #tryHere}). In production these are sockets to the addresses of one URL ({@link Transports}); a test puts in its own.
 * Methods may be called on any thread unless they say otherwise.
 */
public interface Transport {

    /**
     * Begins to connect and returns at once. It ends within the connect timeout of the URL with {@link
     * LinkListener#onOpen} or {@link LinkListener#onClosed}.
     */
    void connect(int addressIndex, LinkListener listener);

    /** At least one. */
    int addressCount();

    /** The address for logs and errors; without passwords. */
    String addressText(int addressIndex);

    /** Runs a task on the event loop. */
    void execute(Runnable task);

    /**
     * Runs a task on this thread as if it was the event loop, while that does nothing for the connection; never waits for it. The
     * task says whether it did what it was to do. False when it did not, when the event loop or another thread is at work,
     * and on the event loop itself. Nothing comes from the network meanwhile.
     */
    boolean tryHere(BooleanSupplier task);

    /** Where threads wait for what comes. */
    Reading reading();

    /** Whether this thread is the event loop, or runs as if it was: it must not wait for anything that the loop brings. */
    boolean inEventLoop();

    /** Runs a task on the event loop, not before {@code delayMs} have gone. What is returned has it not run, if it has not yet. */
    Runnable schedule(Runnable task, long delayMs);

    /** Milliseconds since the beginning of 1970. */
    long nowMs();

    /** For distances of time only. */
    long nanoTime();

    /**
     * What CONNECTED said about a link. On the event loop, from inside of {@link LinkListener#onFrame} for that frame:
     * the next one may already need the new limit.
     *
     * @param frameLengthMax longest frame in both directions
     * @param messageLengthMax longest envelope that the server takes; what it delivers may be longer
     * @param heartbeatMs the agreed interval; 0 for none
     */
    void limits(Link link, long frameLengthMax, long messageLengthMax, long heartbeatMs);

    /**
     * The connection is closed for good, or never came about: to be called once for each transport. Ends what is still
     * open. When it is not called on the event loop, an embedded server that nobody uses any more has stopped when it
     * returns; on the event loop the server is stopped by another thread.
     */
    void release();
}
