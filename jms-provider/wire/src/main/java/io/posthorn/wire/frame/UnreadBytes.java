package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The bytes of a socket that have come and are not read yet. A burst is read where it lies. What is left over of it, a part of a frame,
 * gets the rest of that frame from the next burst, in a buffer of its own if need be, and only that is copied; so memory does not grow
 * with what was read. Between reads it holds at most that one frame. Not thread-safe.
 */
public final class UnreadBytes {

    private static final int LENGTH_BYTES = 4;

    private int frameLengthMax = Frame.LENGTH_MAX_HANDSHAKE;

    /** Null when nothing waits. */
    private ByteBuf bytes;

    /** The burst that follows, when {@link #bytes} ends with a frame that it has completed; null otherwise. */
    private ByteBuf rest;

    /** The longest frame for which room is made before it is there. */
    public void setFrameLengthMax(int length) {
        frameLengthMax = length;
    }

    /** Takes over {@code more}. */
    public void add(ByteBuf more, ByteBufAllocator allocator) {
        if (bytes == null) {
            bytes = more;
        } else if (rest == null) {
            complete(more, allocator);
        } else {
            ByteBuf before = rest;
            rest = null;
            append(before, allocator);
            append(more, allocator);
        }
    }

    private void complete(ByteBuf more, ByteBufAllocator allocator) {
        long missing = frameLength() - bytes.readableBytes();
        if (missing > 0 && missing < more.readableBytes()) {
            rest = more;
            makeRoom((int) missing, allocator);
            bytes.writeBytes(more, (int) missing);
        } else {
            append(more, allocator);
        }
    }

    private void append(ByteBuf more, ByteBufAllocator allocator) {
        try {
            makeRoom(more.readableBytes(), allocator);
            bytes.writeBytes(more);
        } finally {
            more.release();
        }
    }

    /** What waits, to be read from; null when nothing does. Stays this object's; another one when it was read to its end. */
    public ByteBuf bytes() {
        if (rest != null && !bytes.isReadable()) {
            bytes.release();
            bytes = rest;
            rest = null;
        }
        return bytes;
    }

    /** To be called after each read: gives up what was read. */
    public void afterRead() {
        if (bytes() != null && !bytes.isReadable()) {
            drop();
        }
    }

    /** Forgets what waits. Not while it is being read. */
    public void drop() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }

    /** Moves what is left to a buffer with room for the whole frame and for so much, if there is none. */
    private void makeRoom(int length, ByteBufAllocator allocator) {
        if (bytes.maxFastWritableBytes() < length) {
            long expected = Math.min(frameLength(), (long) frameLengthMax + LENGTH_BYTES);
            ByteBuf larger = allocator.ioBuffer((int) Math.max(expected, (long) bytes.readableBytes() + length));
            larger.writeBytes(bytes);
            bytes.release();
            bytes = larger;
        }
    }

    /** Of the first frame that waits, with its length; 0 while that is not there. May be nonsense: whoever reads it will say so. */
    private long frameLength() {
        return bytes.readableBytes() < LENGTH_BYTES ? 0 : bytes.getInt(bytes.readerIndex()) + (long) LENGTH_BYTES;
    }
}
