package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.posthorn.wire.message.MalformedException;
import java.util.Objects;

/**
 * Turns the bytes of one direction of a socket, after the {@link Preface}, into frames. Memory is bounded: a frame costs a
 * small multiple of its length, which is at most {@code frameLengthMax}.
 *
 * <p>A {@link MalformedException} says what the peer did wrong and ends the connection: this decoder is of no use after it.
 *
 * <p>One instance per socket. Not thread-safe.
 */
public final class FrameDecoder {

    private static final int LENGTH_BYTES = 4;

    private final FrameType.Side side;
    private final FieldReader in = new FieldReader();
    private int frameLengthMax;

    /**
     * @param side whose frames are expected
     * @param frameLengthMax longest frame, in bytes after the length field
     */
    public FrameDecoder(FrameType.Side side, int frameLengthMax) {
        this.side = Objects.requireNonNull(side, "side");
        setFrameLengthMax(frameLengthMax);
    }

    /** Sets what holds from the next frame on. */
    public void setFrameLengthMax(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a limit for frames is at least 1, not " + length);
        }
        frameLengthMax = length;
    }

    /**
     * The next whole frame, or null when more bytes are needed: then the reader index stands at the beginning of the frame
     * that is not whole yet.
     */
    public Frame decode(ByteBuf bytes) {
        if (bytes.readableBytes() < LENGTH_BYTES) {
            return null;
        }
        int start = bytes.readerIndex();
        int length = bytes.getInt(start);
        if (length < 1 || length > frameLengthMax) {
            throw new MalformedException("a frame of " + Integer.toUnsignedString(length)
                    + " bytes where between 1 and " + frameLengthMax + " are allowed");
        }
        if (bytes.readableBytes() - LENGTH_BYTES < length) {
            return null;
        }
        int from = start + LENGTH_BYTES;
        Frame frame = decode(bytes, from, from + length);
        bytes.readerIndex(from + length);
        return frame;
    }

    private Frame decode(ByteBuf bytes, int from, int to) {
        FrameType type = FrameType.of(bytes.getByte(from) & 0xFF);
        if (type.side() != side) {
            throw new MalformedException(type + " is a frame of the " + type.side() + " and came from the " + side);
        }
        in.begin(type, bytes, from + 1, to);
        Frame frame = read(type);
        in.end();
        return frame;
    }

    /** The codec's half of the table. */
    private Frame read(FrameType type) {
        return switch (type) {
            case CONNECT -> connect();
            case IDENTIFY -> new ClientFrame.Identify(in.varint(), in.string());
            case CLOSE -> new ClientFrame.Close(in.varint());
            case CLIENT_HEARTBEAT -> new ClientFrame.Heartbeat();
            case DECLARE_ADDRESS -> new ClientFrame.DeclareAddress(in.varint(), in.address());
            case OPEN_SESSION -> new ClientFrame.OpenSession(in.varint(), in.varint());
            case CLOSE_SESSION -> new ClientFrame.CloseSession(in.varint(), in.varint(), in.handed());
            case COMMIT -> new ClientFrame.Commit(in.varint(), in.varint());
            case ROLLBACK -> new ClientFrame.Rollback(in.varint(), in.varint());
            case SEND -> send();
            case UPLOAD_PIECE -> new ClientFrame.UploadPiece(in.varint(), in.varint(), in.bool(), in.rest());
            case DROP_UPLOAD -> new ClientFrame.DropUpload(in.varint());
            case REOPEN -> new ClientFrame.Reopen(in.varint(), in.varint());
            case ATTACH -> attach();
            case DETACH -> new ClientFrame.Detach(in.varint(), in.varint(), in.ranges());
            case CREDIT -> new ClientFrame.Credit(in.varint(), in.varint(), in.varint());
            case DRAIN -> new ClientFrame.Drain(in.varint(), in.varint(), in.varint());
            case ACKNOWLEDGE -> acknowledge();
            case RELEASE -> new ClientFrame.Release(in.varint(), in.varint(), in.varint(), in.ranges());
            case FETCH_PIECE -> new ClientFrame.FetchPiece(in.varint(), in.varint(), in.varint());
            case CREATE_TEMPORARY -> new ClientFrame.CreateTemporary(in.varint(), in.address());
            case DELETE_TEMPORARY -> new ClientFrame.DeleteTemporary(in.varint(), in.address());
            case UNSUBSCRIBE -> new ClientFrame.Unsubscribe(in.varint(), in.string());
            case XA_START -> new ClientFrame.XaStart(in.varint(), in.varint(), in.branch(), in.i32());
            case XA_END -> new ClientFrame.XaEnd(in.varint(), in.varint(), in.branch(), in.i32());
            case XA_PREPARE -> new ClientFrame.XaPrepare(in.varint(), in.branch());
            case XA_COMMIT -> new ClientFrame.XaCommit(in.varint(), in.branch(), in.bool());
            case XA_ROLLBACK -> new ClientFrame.XaRollback(in.varint(), in.branch());
            case XA_FORGET -> new ClientFrame.XaForget(in.varint(), in.branch());
            case XA_TIMEOUT -> new ClientFrame.XaTimeout(in.varint(), in.varint(), in.varint());
            case REPEATED -> new ClientFrame.Repeated(in.varint());
            case XA_RECOVER -> new ClientFrame.XaRecover(in.varint());
            case CONNECTED -> connected();
            case REFUSED -> new ServerFrame.Refused(in.error(), in.string());
            case CLOSED -> new ServerFrame.Closed(in.error(), in.string());
            case SERVER_HEARTBEAT -> new ServerFrame.Heartbeat();
            case CONFIRMED -> new ServerFrame.Confirmed(in.varint());
            case FAILED -> new ServerFrame.Failed(in.varint(), in.error(), in.string());
            case RESULT -> new ServerFrame.Result(in.varint(), in.varint());
            case UNBLOCKED -> new ServerFrame.Unblocked(in.varint());
            case STAGED -> new ServerFrame.Staged(in.varint(), in.varint());
            case UPLOAD_REFUSED -> new ServerFrame.UploadRefused(in.varint(), in.error(), in.string());
            case DELIVER -> deliver();
            case PIECE -> new ServerFrame.Piece(in.varint(), in.varint(), in.varint(), in.rest());
            case PIECE_REFUSED -> new ServerFrame.PieceRefused(in.varint(), in.varint(), in.error(), in.string());
            case DRAINED -> new ServerFrame.Drained(in.varint(), in.varint(), in.varint());
            case RECALL -> new ServerFrame.Recall(in.varint(), in.varint());
            case CONSUMER_CLOSED -> new ServerFrame.ConsumerClosed(in.varint(), in.error(), in.string());
            case XA_BRANCHES -> new ServerFrame.XaBranches(in.varint(), in.bool(), in.branches());
            case XA_OVER -> new ServerFrame.XaOver(in.branch());
        };
    }

    private Frame connect() {
        return new ClientFrame.Connect(
                in.uuid(),
                in.stringOrNull(),
                in.stringOrNull(),
                in.stringOrNull(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.string());
    }

    private Frame connected() {
        ServerFrame.Connected frame = new ServerFrame.Connected(
                in.uuid(),
                in.varint(),
                in.string(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.bool());
        if (frame.frameLengthMax() < Frame.LENGTH_MAX_HANDSHAKE || frame.frameLengthMax() > Integer.MAX_VALUE) {
            throw in.malformed("the server takes frames of " + Long.toUnsignedString(frame.frameLengthMax())
                    + " bytes where between " + Frame.LENGTH_MAX_HANDSHAKE + " and " + Integer.MAX_VALUE
                    + " are allowed");
        }
        return frame;
    }

    private Frame attach() {
        return new ClientFrame.Attach(in.varint(), in.varint(), in.varint(), in.varint(), in.source(), in.ranges());
    }

    private Frame acknowledge() {
        return new ClientFrame.Acknowledge(in.varint(), in.varint(), in.bool(), in.bool(), in.ranges());
    }

    private Frame send() {
        long command = in.varint();
        long session = in.varint();
        boolean transacted = in.bool();
        boolean awaited = in.bool();
        long alias = in.varint();
        return new ClientFrame.Send(command, session, transacted, awaited, alias, in.rest());
    }

    private Frame deliver() {
        long consumer = in.varint();
        long generation = in.varint();
        long entry = in.varint();
        int attempts = in.varintInt();
        boolean redelivered = in.bool();
        return new ServerFrame.Deliver(consumer, generation, entry, attempts, redelivered, in.rest());
    }
}
