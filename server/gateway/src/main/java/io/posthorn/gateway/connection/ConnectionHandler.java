package io.posthorn.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.util.concurrent.ScheduledFuture;
import io.posthorn.broker.Login;
import io.posthorn.gateway.agent.BrokerDriver;
import io.posthorn.gateway.agent.Link;
import io.posthorn.gateway.login.Doorkeeper;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.FrameDecoder;
import io.posthorn.wire.frame.FrameEncoder;
import io.posthorn.wire.frame.FrameType;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.UnreadBytes;
import io.posthorn.wire.message.MalformedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket's side of one connection. Runs on the socket's loop; only {@link #onBrake} is called elsewhere too.
 *
 * <pre>
 * PREFACE --preface--> CONNECT --CONNECT--> VERIFYING --admitted--> OPEN
 *    |                    |                     |                    |
 *    +--- foreign, other version, malformed, refused, too slow, lost ---> ENDED
 * </pre>
 *
 * <p>Whatever a peer sends ends at most its own connection, with one log line.
 */
public final class ConnectionHandler extends ChannelInboundHandlerAdapter implements Doorkeeper.Guest, Link.Brake {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

    private final BrokerDriver driver;
    private final Doorkeeper doorkeeper;
    private final ConnectionLimits limits;
    private final FrameDecoder decoder;

    private State state = State.PREFACE;
    private ChannelHandlerContext context;
    private String peer;
    private final UnreadBytes input = new UnreadBytes();
    private boolean reading;
    private ScheduledFuture<?> handshakeTimer;
    private ClientFrame.Connect connect;
    private Pulse pulse;
    private Link link;
    private volatile boolean braked;

    public ConnectionHandler(BrokerDriver driver, Doorkeeper doorkeeper, ConnectionLimits limits) {
        this.driver = driver;
        this.doorkeeper = doorkeeper;
        this.limits = limits;
        this.decoder = new FrameDecoder(FrameType.Side.CLIENT, Frame.LENGTH_MAX_HANDSHAKE);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        peer = describe(ctx.channel().remoteAddress());
        handshakeTimer =
                ctx.executor().schedule(this::onHandshakeTimeout, limits.handshakeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (state == State.ENDED) {
            bytes.release();
            return;
        }
        input.add(bytes, ctx.alloc());
        if (pulse != null) {
            pulse.heard();
        }
        readInput();
        if (link != null) {
            link.readEnded();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (link != null) {
            link.burstEnded();
        }
    }

    private void readInput() {
        reading = true;
        try {
            boolean more = true;
            while (more && input.bytes() != null && input.bytes().isReadable()) {
                more = readNext();
            }
        } catch (MalformedException e) {
            onMalformed(e);
        } finally {
            reading = false;
        }
        if (state == State.ENDED) {
            input.drop();
        } else {
            input.afterRead();
        }
    }

    /** Returns whether something was taken and the rest is worth a look. */
    private boolean readNext() {
        return switch (state) {
            case PREFACE -> readPreface();
            case CONNECT -> readConnect();
            case VERIFYING, ENDED -> false;
            case OPEN -> readFrame();
        };
    }

    private boolean readPreface() {
        Preface.Reading found = Preface.read(input.bytes());
        switch (found.outcome()) {
            case INCOMPLETE -> {
                return false;
            }
            case SPOKEN -> {
                state = State.CONNECT;
                context.writeAndFlush(preface());
                return true;
            }
            case OTHER_VERSION -> {
                LOG.info("Closing the connection of {}: {}", peer, found.problem());
                endWith(preface());
                return false;
            }
            case FOREIGN -> {
                LOG.info("Closing the connection of {}: {}", peer, found.problem());
                end();
                return false;
            }
        }
        throw new IllegalStateException("preface " + found);
    }

    private boolean readConnect() {
        Frame frame = decoder.decode(input.bytes());
        if (frame == null) {
            return false;
        }
        if (!(frame instanceof ClientFrame.Connect first)) {
            throw new MalformedException(
                    "the first frame must be CONNECT, not " + frame.getClass().getSimpleName());
        }
        state = State.VERIFYING;
        connect = first;
        doorkeeper.admit(
                first, context.channel().remoteAddress(), context.channel().eventLoop(), this);
        updateReading();
        return state == State.OPEN;
    }

    private boolean readFrame() {
        ByteBuf bytes = input.bytes();
        int before = bytes.readerIndex();
        Frame frame = decoder.decode(bytes);
        if (frame == null) {
            return false;
        }
        if (frame instanceof ClientFrame.Connect) {
            throw new MalformedException("a second CONNECT on one socket");
        }
        if (!(frame instanceof ClientFrame.Heartbeat)) {
            int length = frame instanceof ClientFrame.Send send ? send.envelope().length : bytes.readerIndex() - before;
            link.frame((ClientFrame) frame, length);
        }
        return state == State.OPEN;
    }

    @Override
    public void onAdmitted(Login login) {
        if (state != State.VERIFYING) {
            return;
        }
        state = State.OPEN;
        handshakeTimer.cancel(false);
        decoder.setFrameLengthMax(limits.frameLengthMax());
        input.setFrameLengthMax(limits.frameLengthMax());
        long heartbeatMs = Math.max(limits.heartbeatMs(), connect.heartbeatMs());
        SocketOutlet outlet = new SocketOutlet(context.channel(), limits, heartbeatMs, this::onRoom);
        link = driver.link(context.channel().eventLoop(), outlet, peer, this);
        link.connect(connect, login);
        connect = null;
        if (heartbeatMs > 0) {
            pulse = new Pulse(context.channel(), heartbeatMs, outlet::lastWriteNs, this::beat, this::onSilence);
            pulse.start();
        }
        LOG.debug("{} connected as '{}'", peer, login.user());
        if (!reading) {
            updateReading();
            readInput();
            link.burstEnded();
        }
    }

    @Override
    public void onRefused(ErrorCode code, String text) {
        if (state == State.VERIFYING) {
            endWith(encoded(new ServerFrame.Refused(code, text)));
        }
    }

    private void onMalformed(MalformedException malformed) {
        LOG.warn("Closing the connection of {}: {}", peer, malformed.getMessage());
        endWith(encoded(
                state == State.OPEN
                        ? new ServerFrame.Closed(ErrorCode.PROTOCOL, malformed.getMessage())
                        : new ServerFrame.Refused(ErrorCode.PROTOCOL, malformed.getMessage())));
    }

    private void onHandshakeTimeout() {
        if (state != State.OPEN && state != State.ENDED) {
            LOG.info(
                    "Closing the connection of {}: it did not connect within {} ms", peer, limits.handshakeTimeoutMs());
            end();
        }
    }

    private void beat() {
        context.writeAndFlush(encoded(new ServerFrame.Heartbeat()));
    }

    private void onSilence() {
        LOG.info("Closing the connection of {}: nothing was heard of it for two heartbeat intervals", peer);
        end();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        updateReading();
        if (ctx.channel().isWritable()) {
            onRoom();
        }
    }

    /** The socket takes more. Said later, as this comes also out of the flush that ends a turn of the broker. */
    private void onRoom() {
        if (link != null && state == State.OPEN) {
            context.executor().execute(link::drained);
        }
    }

    @Override
    public void onBrake(boolean on) {
        braked = on;
        if (context.executor().inEventLoop()) {
            updateReading();
        } else {
            context.executor().execute(this::updateReading);
        }
    }

    /** A peer that does not take what it is sent, or sends faster than the broker works, is not listened to. */
    private void updateReading() {
        boolean listen =
                state != State.VERIFYING && !braked && context.channel().isWritable();
        if (context.channel().config().isAutoRead() != listen) {
            context.channel().config().setAutoRead(listen);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        LOG.debug("The socket of {} is closed", peer);
        state = State.ENDED;
        handshakeTimer.cancel(false);
        if (pulse != null) {
            pulse.stop();
        }
        if (!reading) {
            input.drop();
        }
        if (link != null) {
            link.lost();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (state != State.ENDED) {
            if (hasCause(cause, NotSslRecordException.class)) {
                LOG.info("Closing the connection of {}: it does not speak TLS, which this port is set to", peer);
            } else if (hasCause(cause, SSLException.class)) {
                LOG.info("Closing the connection of {}: TLS failed: {}", peer, cause.getMessage());
            } else if (cause instanceof IOException) {
                LOG.debug("The socket of {} failed", peer, cause);
            } else {
                LOG.warn("Closing the connection of {}", peer, cause);
            }
        }
        end();
    }

    private void end() {
        state = State.ENDED;
        context.close();
    }

    private void endWith(ByteBuf lastWords) {
        state = State.ENDED;
        context.writeAndFlush(lastWords).addListener(ChannelFutureListener.CLOSE);
    }

    private ByteBuf preface() {
        ByteBuf bytes = context.alloc().ioBuffer(Preface.LENGTH);
        Preface.write(bytes);
        return bytes;
    }

    private ByteBuf encoded(ServerFrame frame) {
        ByteBuf bytes = context.alloc().ioBuffer();
        new FrameEncoder().encode(frame, bytes);
        return bytes;
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String describe(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            return inet.getAddress().getHostAddress() + ":" + inet.getPort();
        }
        return String.valueOf(address);
    }

    private enum State {
        /** Nothing certain yet. */
        PREFACE,
        /** It speaks Posthorn. */
        CONNECT,
        /** Its credentials are being checked; it is not read. */
        VERIFYING,
        /** Frames go to the broker. */
        OPEN,
        /** Closing or closed. */
        ENDED
    }
}
