package io.posthorn.engine;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A connection to a server that goes on when its socket, or the server, is gone for a while. All methods are safe from any
 * thread.
 */
public interface EngineConnection extends AutoCloseable {

    /** Names the data folder of the server for ever: two connections with the same speak to the same resource manager. */
    UUID serverId();

    /** This connection's own identifier, the same over reconnects; part of the names of temporary destinations. */
    UUID id();

    /** Name and version of the server, for messages. */
    String serverProduct();

    /** Longest message that the server takes, in bytes. */
    long messageLengthMax();

    /** Sends and fetches bodies that are too long for one frame. */
    LongBodies longBodies();

    /** Where a thread may wait that does what the sessions of this connection have to do. */
    Reading reading();

    /** Claims a client identifier; fails with INVALID_CLIENT_ID when it is in use. */
    Pending identify(String clientId);

    EngineSession openSession();

    Pending createTemporary(Address address);

    Pending deleteTemporary(Address address);

    Pending unsubscribe(String subscription);

    /** 0 for XA_OK, 3 for XA_RDONLY. */
    Pending prepare(BranchId branch);

    Pending commit(BranchId branch, boolean onePhase);

    /**
     * What was received in the branch comes again, counted and flagged, in its place. A session of this connection that
     * ended the branch gets it before what it was not handed yet.
     */
    Pending rollback(BranchId branch);

    Pending forget(BranchId branch);

    /** All prepared branches of the server. Waits, bounded by the request timeout. */
    List<BranchId> recover() throws EngineException;

    /** Lets consumers receive. A new connection is stopped. */
    void start();

    /**
     * Takes credit from all consumers and gives back to the server, in their places, the messages that were not handed over. Afterwards
     * {@link EngineConsumer#poll} gives nothing. A receive that waits goes on waiting.
     */
    void stop();

    /** Called once, on a thread of its own, when the connection is lost for good: resumption was given up or refused. */
    void onLost(Consumer<EngineException> listener);

    /** Whether the connection was lost for good. */
    boolean isLost();

    /** Called on a socket's end and on resumption; for logs and health, not for decisions. May be called at any time. */
    void onInterruption(InterruptionListener listener);

    /**
     * Says that {@link #close} follows: what is closed until then does not wait by itself for the server's word, since the connection's end
     * waits for all of it.
     */
    void closeSoon();

    /** Closes in order, waiting for at most the close timeout. Repeated calls do nothing. */
    @Override
    void close();

    /** Hears of interruptions that the connection rides through. */
    interface InterruptionListener {
        void onInterrupted(String cause);

        void onResumed(String server);
    }
}
