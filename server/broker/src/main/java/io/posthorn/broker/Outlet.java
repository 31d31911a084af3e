package io.posthorn.broker;

import io.posthorn.wire.frame.ServerFrame;

/** The way from the broker to one socket. Called on the broker's driver only; never blocks. */
public interface Outlet {

    /** Queues a frame for the peer; it leaves with the next {@link #flush}. */
    void send(ServerFrame frame);

    void flush();

    /** Flushes and closes the socket. */
    void close();
}
