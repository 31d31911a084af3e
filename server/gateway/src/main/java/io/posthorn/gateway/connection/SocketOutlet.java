package io.posthorn.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.posthorn.gateway.agent.Line;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.ServerFrame;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's way to one socket. Used on the broker's loop; only {@link #lastWriteNs} and {@link #pendingBytes} are read
 * elsewhere. Frames are encoded into one buffer, which goes to the socket whole with the flush that ends a turn, or
 * earlier when it has grown long.
 */
final class SocketOutlet implements Line {

    private static final int CAPACITY_MIN = 512;
    private static final int CAPACITY_MAX = 64 << 10;

    /** A buffer of this length, which is about full, goes to the socket without waiting for the end of the turn. */
    private static final int GATHERED_MAX = CAPACITY_MAX - (CAPACITY_MAX >> 3);

    private static final long CLOSE_TIMEOUT_S = 5;

    private static final Logger LOG = LoggerFactory.getLogger(SocketOutlet.class);

    private final Channel channel;
    private final ConnectionLimits limits;
    private final long heartbeatMs;
    private final Runnable onRoom;
    private final FrameEncoder encoder = new FrameEncoder();

    /** Handed to the socket, and not taken yet. */
    private final AtomicLong pending = new AtomicLong();

    /** Nothing was delivered for want of room among all sockets. */
    private volatile boolean refused;

    private ByteBuf gathered;
    private int capacity = CAPACITY_MIN;
    private boolean closed;
    private volatile long lastWriteNs = System.nanoTime();

    /** {@code heartbeatMs} is what both sides agreed on; {@code onRoom} is called on the socket's loop. */
    SocketOutlet(Channel channel, ConnectionLimits limits, long heartbeatMs, Runnable onRoom) {
        this.channel = channel;
        this.limits = limits;
        this.heartbeatMs = heartbeatMs;
        this.onRoom = onRoom;
    }

    /** When bytes last went out, as {@link System#nanoTime} has it. */
    long lastWriteNs() {
        return lastWriteNs;
    }

    @Override
    public String peer() {
        return channel.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : String.valueOf(channel.remoteAddress());
    }

    /** Bytes that the peer has not taken yet. Any thread. */
    long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public void send(ServerFrame frame) {
        if (closed) {
            return;
        }
        if (gathered == null) {
            gathered = channel.alloc().ioBuffer(capacity);
        }
        try {
            encoder.encode(frame instanceof ServerFrame.Connected connected ? completed(connected) : frame, gathered);
        } catch (IllegalArgumentException e) {
            LOG.error("Closing {}: a frame for it cannot be written", channel.remoteAddress(), e);
            encoder.encode(new ServerFrame.Closed(ErrorCode.INTERNAL, "the server could not write a frame"), gathered);
            close();
            return;
        }
        if (gathered.readableBytes() >= GATHERED_MAX) {
            flush();
        }
    }

    /** What the broker cannot know about the socket. */
    private ServerFrame.Connected completed(ServerFrame.Connected frame) {
        return new ServerFrame.Connected(
                frame.server(),
                frame.run(),
                frame.product(),
                limits.frameLengthMax(),
                limits.messageLengthMax(),
                heartbeatMs,
                frame.resumeWindowMs(),
                frame.lastCommand(),
                frame.resumed());
    }

    @Override
    public boolean isFull() {
        if (!channel.isWritable()) {
            return true;
        }
        if (!limits.outgoing().isMuch() || pending.get() == 0) {
            return false;
        }
        refused = true;
        return pending.get() > 0; // or nobody would call
    }

    private void taken(int length) {
        limits.outgoing().taken(length);
        if (pending.addAndGet(-length) == 0 && refused) {
            refused = false;
            onRoom.run();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void flush() {
        write();
    }

    private ChannelFuture write() {
        ByteBuf bytes = gathered;
        if (bytes == null) {
            return null;
        }
        gathered = null;
        // The next turn is likely to be as long as this one.
        int length = bytes.readableBytes();
        capacity = Math.max(CAPACITY_MIN, Math.min(CAPACITY_MAX, Math.max(length, (capacity + length) / 2)));
        lastWriteNs = System.nanoTime();
        pending.addAndGet(length);
        limits.outgoing().added(length);
        return channel.writeAndFlush(bytes).addListener(done -> taken(length));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ChannelFuture written = write();
        if (written == null) {
            channel.close();
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
            // For a peer that reads no more.
            channel.eventLoop().schedule(() -> channel.close(), CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        }
    }
}
