package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.FrameEncoder;
import java.util.ArrayDeque;
import java.util.Queue;

/** Frames that were sent and not flushed yet, encoded one behind the other. */
final class Outgoing {

    private static final int LENGTH_LEAST = 1 << 10;

    /**
     * Room that is made at once, and about where a buffer is full. Longer ones leave what allocators keep ready: a buffer
     * of some megabytes costs more, in pages that the system has to clear, than the messages that it carries.
     */
    private static final int LENGTH_GUESS_MAX = 64 << 10;

    private static final int FULL = LENGTH_GUESS_MAX - (LENGTH_GUESS_MAX >> 3);

    /** So many full ones are worth a write; more in memory are of no use. */
    private static final int MUCH = 4;

    private final ByteBufAllocator allocator;
    private final FrameEncoder encoder = new FrameEncoder();

    /** What the last flush needed, as a rule: growing copies all that is there. */
    private int lengthGuess = LENGTH_LEAST;

    /** Those that take no more, the oldest first. */
    private final Queue<ByteBuf> full = new ArrayDeque<>();

    /** Whether one became full since the one that was taken last as it was. */
    private boolean filled;

    /** The one that is being filled; null when there is none. */
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
        if (bytes.readableBytes() >= FULL) {
            full.add(bytes);
            bytes = null;
            lengthGuess = LENGTH_GUESS_MAX;
            filled = true;
        }
    }

    /** Encodes into a buffer of somebody else's, as if there were nothing here. */
    void encode(ClientFrame frame, ByteBuf target) {
        encoder.encode(frame, target);
    }

    boolean isEmpty() {
        return bytes == null && full.isEmpty();
    }

    boolean isMuch() {
        return full.size() >= MUCH;
    }

    /** The next part of what waits, or null. The caller owns it. */
    ByteBuf take() {
        ByteBuf first = full.poll();
        if (first != null) {
            return first;
        }
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
        if (!filled) { // otherwise it is what was left, and says nothing of the next
            lengthGuess = Math.max(LENGTH_LEAST, Math.min(LENGTH_GUESS_MAX, taken.readableBytes()));
        }
        filled = false;
        return taken;
    }

    /** Forgets what waits. */
    void drop() {
        full.forEach(ByteBuf::release);
        full.clear();
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
