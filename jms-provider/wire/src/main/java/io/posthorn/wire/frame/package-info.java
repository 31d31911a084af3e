/**
 * The frames of the protocol: one record per frame, and the codec that follows the one table, {@link
 * io.posthorn.wire.frame.FrameType}. Bytes in, frames out; no sockets, no threads, no state beyond one transfer of a long
 * envelope. It does not know what an envelope holds, nor in which order frames make sense. {@link
 * io.posthorn.wire.frame.FrameEncoder} and {@link io.posthorn.wire.frame.FrameDecoder} are the way in and out. Begin with
 * {@code docs/protocol.md}.
 */
package io.posthorn.wire.frame;
