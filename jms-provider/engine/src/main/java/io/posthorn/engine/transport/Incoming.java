package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.UnreadBytes;

/** What comes from a socket, as frames. */
final class Incoming {

    private final FrameDecoder decoder = new FrameDecoder(FrameType.Side.SERVER, Frame.LENGTH_MAX_HANDSHAKE);

    private final UnreadBytes unread = new UnreadBytes();

    private String greeting = "";

    void setFrameLengthMax(int length) {
        unread.setFrameLengthMax(length);
        decoder.setFrameLengthMax(length);
    }

    /** Takes over {@code more}. */
    void add(ByteBuf more, ByteBufAllocator allocator) {
        unread.add(more, allocator);
    }

    Preface.Reading readPreface() {
        Preface.Reading reading = Preface.read(unread.bytes());
        greeting = reading.problem();
        return reading;
    }

    /** What is wrong with the preface so far. */
    String greeting() {
        return greeting;
    }

    /** The next whole frame, or null. */
    ServerFrame next() {
        return (ServerFrame) decoder.decode(unread.bytes());
    }

    /** To be called after each read: gives up what was read. */
    void afterRead() {
        unread.afterRead();
    }

    /** Forgets what waits. Not from inside of {@link #next}. */
    void drop() {
        unread.drop();
    }
}
