package io.posthorn.broker;

import io.posthorn.wire.frame.ServerFrame;

/** The way from the broker to one socket. Called on the broker's driver only; never blocks. */
public interface Outlet {

    /** Queues a frame for the peer; it leaves with the next {@link #flush}. */
    void send(ServerFrame frame);

    void flush();

    /**
     * Whether the peer takes less than it was sent, so that nothing more should be delivered to it; {@link Broker#drained} is
     * called when that is over.
     */
    default boolean isFull() {
        return false;
    }

    /** Where the socket comes from, for people; empty when that is not known. */
    default String peer() {
        return "";
    }

    /** Flushes and closes the socket. */
    void close();
}
