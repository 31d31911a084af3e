package io.posthorn.engine.transport;

import io.posthorn.wire.frame.ClientFrame;

/** One socket, after the preface. All methods are called on the event loop of its transport only. */
public interface Link {

    /**
     * Encodes into the outgoing buffer. A frame that is longer than the server takes is an {@link
     * IllegalArgumentException}, and leaves the link as it was. Does nothing once the link has ended.
     */
    void send(ClientFrame frame);

    /** Hands all that was sent to the socket in one write. */
    void flush();

    /** Calls back once all that was flushed so far was given to the network: at once if it is already. */
    void whenWritten(Runnable task);

    /**
     * Ends the link, after what was flushed has left; the bound for that is the close timeout of the URL. No frame
     * comes any more; {@link LinkListener#onClosed} follows with code CLOSED, never from inside of this call.
     */
    void close();
}
