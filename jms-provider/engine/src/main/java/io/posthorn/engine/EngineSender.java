package io.posthorn.engine;

import io.posthorn.wire.frame.Address;

/** What sends: a session. Methods are safe from any thread; messages go out in the order of the calls. */
public interface EngineSender {

    /**
     * Sends an encoded message. When {@code transacted}, it belongs to the transaction that the session is in. The outcome
     * is known when the server took it: durable, if the envelope says persistent; for a transacted one, staged. The server tells it at
     * once when it is {@code awaited} or a failure, otherwise with whatever it says next, or some milliseconds later. Blocks only while
     * the connection's window for bytes under way is full.
     */
    Pending send(Address destination, byte[] envelope, boolean transacted, boolean awaited) throws EngineException;

    /** As the other one, outside of transactions; {@code told} hears of the outcome once, on whatever thread brings it. */
    void send(Address destination, byte[] envelope, boolean awaited, Outcome told) throws EngineException;
}
