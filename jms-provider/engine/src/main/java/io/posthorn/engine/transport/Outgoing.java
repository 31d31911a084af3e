package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.FrameEncoder;

/** Frames that were sent and not flushed yet, encoded one behind the other. */
final class Outgoing {

    private static final int LENGTH_LEAST = 1 << 10;
    private static final int LENGTH_GUESS_MAX = 256 << 10;

    private final ByteBufAllocator allocator;
    private final FrameEncoder encoder = new FrameEncoder();

    /** What the last flush needed: the next one rarely has to grow its buffer. */
    private int lengthGuess = LENGTH_LEAST;

    /** Null when nothing waits. */
    private ByteBuf bytes;

    Outgoing(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    void setFrameLengthMax(int length) {
        encoder.setFrameLengthMax(length);
    }

    void add(ClientFrame frame) {
        if (bytes == null) {
            bytes = allocator.ioBuffer(lengthGuess);
        }
        encoder.encode(frame, bytes);
    }

    /** All that waits, or null. The caller owns it. */
    ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = null;
        if (taken == null) {
            return null;
        }
        if (!taken.isReadable()) {
            // The only frame was refused by the encoder.
            taken.release();
            return null;
        }
        lengthGuess = Math.max(LENGTH_LEAST, Math.min(LENGTH_GUESS_MAX, taken.readableBytes()));
        return taken;
    }

    /** Forgets what waits. */
    void drop() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
