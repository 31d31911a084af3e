package io.posthorn.engine;

import java.io.IOException;

/**
 * Bodies that are too long for one frame. They go in pieces, of which only a few are in memory at a time, and go on where
 * they were after a reconnect; other messages of the connection pass between the pieces. Safe from any thread; a transfer
 * waits, but never for longer than the request timeout without a piece.
 */
public interface LongBodies {

    /** The longest envelope that goes in one frame, in bytes; the body of a longer one must be apart. */
    int envelopeLengthMax();

    /**
     * Sends a body ahead of its message. Returns the number that the message's envelope names. {@code logged}: the body
     * must survive the server, since its message is persistent or belongs to a transaction.
     */
    long upload(Source body, boolean logged) throws EngineException, IOException;

    /** The message of this body will not be sent after all. */
    void drop(long upload);

    /**
     * Fetches the body of a delivery whose envelope says that it is apart, in the order of its bytes. False when the
     * delivery is not this consumer's any more, as happens after a restart of the server: then it is as if it had never been
     * handed over.
     */
    boolean fetch(Delivery delivery, Sink sink) throws EngineException, IOException;

    /** Bytes that can be read anywhere, and more than once. */
    interface Source {

        long length();

        /** Reads bytes from {@code position} on until the array is full. */
        void read(long position, byte[] into) throws IOException;
    }

    /** Takes bytes. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes) throws IOException;
    }
}
