package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;

/**
 * The bytes of a socket that have come and are not read yet. A burst that ends with a whole frame is read where it lies;
 * what is left over of another is gathered until the frame is whole. Between reads it holds at most that one frame.
 */
final class Incoming {

    /**
     * The longest message that this client takes, in bytes: what an array can hold. The server's limit is none for this
     * direction, since it may hold messages from a time with a higher one.
     */
    private static final long MESSAGE_LENGTH_MAX = Integer.MAX_VALUE - 8;

    private static final int LENGTH_BYTES = 4;

    private final FrameDecoder decoder =
            new FrameDecoder(FrameType.Side.SERVER, Frame.LENGTH_MAX_HANDSHAKE, MESSAGE_LENGTH_MAX);

    private int frameLengthMax = Frame.LENGTH_MAX_HANDSHAKE;

    /** Null when nothing waits. */
    private ByteBuf bytes;

    private String greeting = "";

    void setFrameLengthMax(int length) {
        frameLengthMax = length;
        decoder.setLimits(length, MESSAGE_LENGTH_MAX);
    }

    /** Takes over {@code more}. */
    void add(ByteBuf more, ByteBufAllocator allocator) {
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

    Preface.Reading readPreface() {
        Preface.Reading reading = Preface.read(bytes);
        greeting = reading.problem();
        return reading;
    }

    /** What is wrong with the preface so far. */
    String greeting() {
        return greeting;
    }

    /** The next whole frame, or null. */
    ServerFrame next() {
        return (ServerFrame) decoder.decode(bytes);
    }

    /** To be called after each read: gives up what was read. */
    void afterRead() {
        if (bytes != null && !bytes.isReadable()) {
            drop();
        }
    }

    /** Forgets what waits. Not from inside of {@link #next}. */
    void drop() {
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
