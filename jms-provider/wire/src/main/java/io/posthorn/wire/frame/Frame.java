package io.posthorn.wire.frame;

/** One unit of the protocol: a length, a type, and the fields that {@link FrameType} lists for it. */
public sealed interface Frame permits ClientFrame, ServerFrame {}
