package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The bytes of a socket that have come and are not read yet. A burst that ends with a whole frame is read where it lies;
 * what is left over of another is moved to the front of a new buffer when more comes, so that memory does not grow with
 * what was read. Between reads it holds at most that one frame. Not thread-safe.
 */
public final class UnreadBytes {

    private static final int LENGTH_BYTES = 4;

    private int frameLengthMax = Frame.LENGTH_MAX_HANDSHAKE;

    /** Null when nothing waits. */
    private ByteBuf bytes;

    /** The longest frame for which room is made before it is there. */
    public void setFrameLengthMax(int length) {
        frameLengthMax = length;
    }

    /** Takes over {@code more}. */
    public void add(ByteBuf more, ByteBufAllocator allocator) {
        if (bytes == null) {
            bytes = more;
            return;
        }
        try {
            if (bytes.maxFastWritableBytes() < more.readableBytes()) {
                gather(allocator, more.readableBytes());
            }
            bytes.writeBytes(more);
        } finally {
            more.release();
        }
    }

    /** What waits, to be read from; null when nothing does. Stays this object's. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** To be called after each read: gives up what was read. */
    public void afterRead() {
        if (bytes != null && !bytes.isReadable()) {
            drop();
        }
    }

    /** Forgets what waits. Not while it is being read. */
    public void drop() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }

    /** Moves what is left to a buffer with room for the whole frame and for what has come. */
    private void gather(ByteBufAllocator allocator, int moreLength) {
        int left = bytes.readableBytes();
        long frameLength = left < LENGTH_BYTES ? 0 : bytes.getInt(bytes.readerIndex()) + (long) LENGTH_BYTES;
        long expected = Math.min(frameLength, (long) frameLengthMax + LENGTH_BYTES);
        ByteBuf larger = allocator.ioBuffer((int) Math.max(expected, (long) left + moreLength));
        larger.writeBytes(bytes);
        bytes.release();
        bytes = larger;
    }
}
