package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Turns the bytes of one direction of a socket, after the {@link Preface}, into frames. Envelopes that come in chunks are
 * put together here: callers see {@link ClientFrame.Send} and {@link ServerFrame.Deliver}, never their chunks.
 *
 * <p>Memory is bounded: a frame costs a small multiple of its length, which is at most {@code frameLengthMax}; a transfer
 * costs at most {@code messageLengthMax} while it gathers and the same once more when it is whole. There is at most one
 * transfer at a time; other frames may come between its chunks.
 *
 * <p>A {@link MalformedException} says what the peer did wrong and ends the connection: this decoder is of no use after
 * it. A message of a client that is longer than {@code messageLengthMax} is no such error: its bytes are passed over and
 * {@link ClientFrame.SendRefused} stands for it, so that only the one send fails. A server that delivers one is in
 * error.
 *
 * <p>One instance per socket. Not thread-safe.
 */
public final class FrameDecoder {

    private static final int LENGTH_BYTES = 4;

    private final FrameType.Side side;
    private final FieldReader in = new FieldReader();
    private final Transfer transfer = new Transfer();
    private int frameLengthMax;
    private long messageLengthMax;

    /**
     * @param side whose frames are expected
     * @param frameLengthMax longest frame, in bytes after the length field
     * @param messageLengthMax longest envelope, in bytes
     */
    public FrameDecoder(FrameType.Side side, int frameLengthMax, long messageLengthMax) {
        this.side = Objects.requireNonNull(side, "side");
        setLimits(frameLengthMax, messageLengthMax);
    }

    /** Sets what holds from the next frame on; a transfer that is under way meets the new limit with its next chunk. */
    public void setLimits(int frameLengthMax, long messageLengthMax) {
        if (frameLengthMax < 1 || messageLengthMax < 1) {
            throw new IllegalArgumentException("limits are at least 1, not " + frameLengthMax + " for frames and "
                    + messageLengthMax + " for messages");
        }
        this.frameLengthMax = frameLengthMax;
        this.messageLengthMax = Math.min(messageLengthMax, Integer.MAX_VALUE - 8);
    }

    /**
     * The next whole frame, or null when more bytes are needed: then the reader index stands at the beginning of the frame
     * that is not whole yet.
     */
    public Frame decode(ByteBuf bytes) {
        while (bytes.readableBytes() >= LENGTH_BYTES) {
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
            if (frame != null) {
                return frame;
            }
        }
        return null;
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

    /** The codec's half of the table. Null for a chunk, which is kept. */
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
            case SEND_STAGED -> sendStaged();
            case SEND_CHUNK, DELIVER_CHUNK -> chunk();
            case ATTACH -> attach();
            case DETACH -> new ClientFrame.Detach(in.varint(), in.varint(), in.ranges());
            case CREDIT -> new ClientFrame.Credit(in.varint(), in.varint(), in.varint());
            case DRAIN -> new ClientFrame.Drain(in.varint(), in.varint(), in.varint());
            case ACKNOWLEDGE -> acknowledge();
            case RELEASE -> new ClientFrame.Release(in.varint(), in.varint(), in.varint(), in.ranges());
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
            case DELIVER -> deliver();
            case DELIVER_STAGED -> deliverStaged();
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
        long alias = in.varint();
        int length = in.remaining();
        if (length > messageLengthMax) {
            in.skipRest();
            return new ClientFrame.SendRefused(command, length, messageLengthMax);
        }
        return new ClientFrame.Send(command, session, transacted, alias, in.rest());
    }

    private Frame sendStaged() {
        long command = in.varint();
        long session = in.varint();
        boolean transacted = in.bool();
        long alias = in.varint();
        long number = in.varint();
        long length = in.varint();
        byte[] envelope = transfer.finish(number, length);
        return envelope == null
                ? new ClientFrame.SendRefused(command, length, messageLengthMax)
                : new ClientFrame.Send(command, session, transacted, alias, envelope);
    }

    private Frame deliver() {
        long consumer = in.varint();
        long generation = in.varint();
        long entry = in.varint();
        int attempts = in.varintInt();
        boolean redelivered = in.bool();
        if (in.remaining() > messageLengthMax) {
            throw tooLong(in.remaining());
        }
        return new ServerFrame.Deliver(consumer, generation, entry, attempts, redelivered, in.rest());
    }

    private Frame deliverStaged() {
        long consumer = in.varint();
        long generation = in.varint();
        long entry = in.varint();
        int attempts = in.varintInt();
        boolean redelivered = in.bool();
        byte[] envelope = transfer.finish(in.varint(), in.varint());
        return new ServerFrame.Deliver(consumer, generation, entry, attempts, redelivered, envelope);
    }

    private Frame chunk() {
        transfer.add(in.varint());
        return null;
    }

    private MalformedException tooLong(long length) {
        return in.malformed("a message of " + length + " bytes or more where at most " + messageLengthMax
                + " are taken (message length limit)");
    }

    /**
     * The envelope that is being gathered. Blocks are filled one after the other whatever the length of the chunks, so that
     * a peer with tiny chunks costs no more memory than another.
     */
    private final class Transfer {

        private final List<byte[]> blocks = new ArrayList<>();
        private boolean open;
        private boolean refused;
        private long number;
        private long length;
        private int blockUsed;

        /** Takes what is left of the frame as the next piece. */
        void add(long transferNumber) {
            if (open && transferNumber != number) {
                throw in.malformed("a piece of transfer " + Long.toUnsignedString(transferNumber) + " while transfer "
                        + Long.toUnsignedString(number) + " is under way");
            }
            if (in.remaining() == 0) {
                throw in.malformed("an empty piece");
            }
            open = true;
            number = transferNumber;
            length += in.remaining();
            refused |= length > messageLengthMax;
            if (!refused) {
                fill();
            } else if (side == FrameType.Side.SERVER) {
                throw tooLong(length);
            } else {
                blocks.clear();
                in.skipRest();
            }
        }

        /** The whole envelope; null when it was refused. */
        byte[] finish(long transferNumber, long lengthSaid) {
            if (!open || transferNumber != number || lengthSaid != length) {
                throw in.malformed("transfer " + Long.toUnsignedString(transferNumber) + " of "
                        + Long.toUnsignedString(lengthSaid) + " bytes, of which "
                        + (open && transferNumber == number ? length : 0) + " have come");
            }
            byte[] whole = refused ? null : join();
            blocks.clear();
            open = false;
            refused = false;
            length = 0;
            blockUsed = 0;
            return whole;
        }

        private void fill() {
            while (in.remaining() > 0) {
                byte[] block = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
                if (block == null || blockUsed == block.length) {
                    long before = length - in.remaining();
                    block = new byte[(int) Math.min(Frame.CHUNK_LENGTH, messageLengthMax - before)];
                    blocks.add(block);
                    blockUsed = 0;
                }
                int part = Math.min(in.remaining(), block.length - blockUsed);
                in.into(block, blockUsed, part);
                blockUsed += part;
            }
        }

        private byte[] join() {
            byte[] whole = new byte[(int) length];
            int offset = 0;
            for (byte[] block : blocks) {
                int part = Math.min(block.length, whole.length - offset);
                System.arraycopy(block, 0, whole, offset, part);
                offset += part;
            }
            return whole;
        }
    }
}
