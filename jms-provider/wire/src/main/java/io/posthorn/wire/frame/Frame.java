package io.posthorn.wire.frame;

/** One unit of the protocol: a length, a type, and the fields that {@link FrameType} lists for it. */
public sealed interface Frame permits ClientFrame, ServerFrame {

    /**
     * Longest frame, in bytes after the length field, until CONNECTED has come and gone; what CONNECTED says afterwards is
     * never less.
     */
    int LENGTH_MAX_HANDSHAKE = 64 << 10;

    /** Longest frame, in bytes after the length field, that a server takes unless it is set otherwise. */
    int LENGTH_MAX_DEFAULT = 1 << 20;
}
