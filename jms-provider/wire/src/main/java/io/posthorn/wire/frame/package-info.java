/**
 * The frames of the protocol: one record per frame, and the codec that follows the one table, {@link
 * io.posthorn.wire.frame.FrameType}. Bytes in, frames out; no sockets, no threads. Begin with {@code docs/protocol.md}.
 */
package io.posthorn.wire.frame;
