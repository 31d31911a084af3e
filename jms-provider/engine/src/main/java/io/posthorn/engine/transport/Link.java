package io.posthorn.engine.transport;

import io.posthorn.wire.frame.ClientFrame;

/** One socket, after the preface. All methods are called on the event loop of its transport, or within {@link Transport#tryHere}. */
public interface Link {

    /**
     * Within {@link Transport#tryHere}: what is sent from now to the next {@link #flush}, which must follow, is written to the
     * socket by this thread, when the task has ended. False when that cannot be, since something else is being written, or the socket is
     * none that can be written to like that (TLS, inside of this JVM). Whether the write succeeds is seen on the event loop.
     */
    boolean beginHere();

    /**
     * Encodes into the outgoing buffer. A frame that is longer than the server takes is an {@link
     * IllegalArgumentException}, and leaves the link as it was. Does nothing once the link has ended.
     */
    void send(ClientFrame frame);

    /** Hands all that was sent to the socket in one write. */
    void flush();

    /**
     * Whether more was sent than the socket takes at once, so that what is sent now would only lie in memory. Not any more when {@link
     * #whenWritten} calls back.
     */
    boolean isBehind();

    /** Calls back once all that was flushed so far was given to the network: at once if it is already. */
    void whenWritten(Runnable task);

    /**
     * Ends the link, after what was flushed has left; the bound for that is the close timeout of the URL. No frame
     * comes any more; {@link LinkListener#onClosed} follows with code CLOSED, never from inside of this call.
     */
    void close();
}
