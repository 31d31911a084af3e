package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.transport.tls.TlsFailures;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.MalformedException;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to connect and, when it succeeds, one socket. Runs on the event loop only. {@link #fail} and {@link #close}
 * are the two ways to the end; the first of them decides what the listener is told.
 */
final class SocketLink extends ChannelInboundHandlerAdapter implements Link {

    private static final Logger LOG = LoggerFactory.getLogger(SocketLink.class);

    private final ServerAddress address;
    private final EventLoop loop;
    private final LinkListener listener;
    private final long closeTimeoutMs;
    private final Consumer<SocketLink> onEnd;
    private final ChannelFutureListener onWritten = this::onWritten;
    private final Incoming incoming = new Incoming();

    private State state = State.DIALLING;
    private Channel channel;
    private Outgoing outgoing;
    private Heartbeats heartbeats;
    private Future<?> deadline;
    private ChannelFuture lastWrite;

    /** {@code onEnd} is told before the listener is. */
    SocketLink(
            ServerAddress address,
            EventLoop loop,
            LinkListener listener,
            long closeTimeoutMs,
            Consumer<SocketLink> onEnd) {
        this.address = address;
        this.loop = loop;
        this.listener = listener;
        this.closeTimeoutMs = closeTimeoutMs;
        this.onEnd = onEnd;
    }

    /** Bounds everything up to the server's preface. */
    void startDeadline(long timeoutMs) {
        deadline = loop.schedule(() -> onDeadline(timeoutMs), timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** The channel that is being connected; the last one counts. */
    void dialling(Channel dialled) {
        channel = dialled;
    }

    /** The channel is connected. */
    void attach() {
        if (hasEnded()) {
            channel.close();
            return;
        }
        state = State.GREETING;
        outgoing = new Outgoing(channel.alloc());
        channel.pipeline().addLast(this);
        ByteBuf preface = channel.alloc().ioBuffer(Preface.LENGTH);
        Preface.write(preface);
        write(preface);
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    void setLimits(long frameLengthMax, long heartbeatMs) {
        if (state != State.OPEN) {
            return;
        }
        int length = (int) Math.min(frameLengthMax, Integer.MAX_VALUE);
        incoming.setFrameLengthMax(length);
        outgoing.setFrameLengthMax(length);
        if (heartbeats == null && heartbeatMs != 0) {
            heartbeats = new Heartbeats(loop, heartbeatMs, this::beat, this::onSilence);
        }
    }

    @Override
    public void send(ClientFrame frame) {
        if (state == State.OPEN) {
            outgoing.add(frame);
        }
    }

    @Override
    public void flush() {
        if (state == State.OPEN) {
            ByteBuf bytes = outgoing.take();
            while (bytes != null) {
                ByteBuf next = outgoing.take();
                if (next == null) {
                    write(bytes);
                } else {
                    channel.write(bytes); // should it fail, so does the last one, which is listened to
                }
                bytes = next;
            }
        }
    }

    @Override
    public void whenWritten(Runnable task) {
        if (lastWrite == null || lastWrite.isDone()) {
            task.run();
        } else {
            lastWrite.addListener(done -> task.run());
        }
    }

    @Override
    public void close() {
        if (hasEnded()) {
            return;
        }
        end();
        EngineException cause =
                new EngineException(ErrorCode.CLOSED, "the connection to " + address + " was closed by this side");
        Runnable hangUp = () -> {
            closeChannel();
            tell(cause);
        };
        if (lastWrite == null || lastWrite.isDone()) {
            loop.execute(hangUp);
            return;
        }
        // What was flushed goes first, unless the server does not take it in time.
        Future<?> patience = loop.schedule(this::closeChannel, closeTimeoutMs, TimeUnit.MILLISECONDS);
        lastWrite.addListener(done -> {
            patience.cancel(false);
            loop.execute(hangUp);
        });
    }

    /** Ends the link at once and tells the listener why, unless it has ended before. */
    void fail(EngineException cause) {
        if (!hasEnded()) {
            end();
            closeChannel();
            tell(cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (hasEnded()) {
            bytes.release();
            return;
        }
        try {
            incoming.add(bytes, context.alloc());
            if (state == State.GREETING) {
                greet();
            }
            if (state == State.OPEN) {
                readFrames();
            }
        } catch (MalformedException e) {
            fail(new EngineException(
                    ErrorCode.PROTOCOL,
                    "the server at " + address + " broke the protocol: " + e.getMessage()
                            + ". The connection was ended; client and server of one version do not do this",
                    e));
        } finally {
            incoming.afterRead();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (heartbeats != null) {
            heartbeats.onRead();
        }
        if (state == State.OPEN) {
            listener.onBurstEnd();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        String text = state == State.GREETING
                ? address + " closed the connection without a word: is a Posthorn server there, with"
                        + (address.scheme() == ServerAddress.Scheme.SSL ? "" : "out")
                        + " TLS on that port, and does it take connections?"
                : "the connection to " + address + " was lost: the other side closed it";
        fail(new EngineException(ErrorCode.CONNECTION_LOST, text));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
            fail(TlsFailures.explain(address, tls.cause()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (hasEnded()) {
            LOG.debug("After the end of a link to {}", address, cause);
        } else if (TlsFailures.isTls(cause)) {
            fail(TlsFailures.explain(address, cause));
        } else if (cause instanceof IOException) {
            fail(lost(cause));
        } else {
            LOG.error("A defect of the client ends its connection to {}", address, cause);
            fail(new EngineException(
                    ErrorCode.INTERNAL,
                    "a defect of the client ended the connection to " + address + ": " + cause,
                    cause));
        }
    }

    private void greet() {
        Preface.Reading reading = incoming.readPreface();
        switch (reading.outcome()) {
            case INCOMPLETE -> {}
            case SPOKEN -> {
                state = State.OPEN;
                deadline.cancel(false);
                listener.onOpen(this);
            }
            case OTHER_VERSION -> fail(new EngineException(ErrorCode.VERSION, address + ": " + reading.problem()));
            case FOREIGN -> fail(new EngineException(ErrorCode.PROTOCOL, address + ": " + reading.problem()));
        }
    }

    private void readFrames() {
        while (state == State.OPEN) {
            ServerFrame frame = incoming.next();
            if (frame == null) {
                return;
            }
            listener.onFrame(frame);
        }
    }

    private void write(ByteBuf bytes) {
        lastWrite = channel.writeAndFlush(bytes);
        if (heartbeats != null) {
            heartbeats.onWritten();
        }
        lastWrite.addListener(onWritten);
    }

    private void onWritten(ChannelFuture done) {
        if (!done.isSuccess() && !hasEnded()) {
            exceptionCaught(null, done.cause());
        }
    }

    private void beat() {
        send(new ClientFrame.Heartbeat());
        flush();
    }

    private void onSilence(long silentMs) {
        fail(new EngineException(
                ErrorCode.CONNECTION_LOST,
                "the connection to " + address + " was lost: silent for " + silentMs
                        + " ms, more than two heartbeat intervals"));
    }

    private void onDeadline(long timeoutMs) {
        String text = switch (state) {
            case DIALLING ->
                address + " was not reached within " + timeoutMs
                        + " ms: check the address and the firewalls on the way, or raise connectTimeout";
            case GREETING ->
                address + " took the connection and did not greet within " + timeoutMs
                        + " ms: is it a Posthorn server, and is it well?"
                        + (incoming.greeting().isEmpty() ? "" : " So far " + incoming.greeting());
            case OPEN, ENDED -> null;
        };
        if (text != null) {
            fail(new EngineException(ErrorCode.CONNECTION_LOST, text));
        }
    }

    private EngineException lost(Throwable cause) {
        return new EngineException(
                ErrorCode.CONNECTION_LOST, "the connection to " + address + " was lost: " + cause.getMessage(), cause);
    }

    private void end() {
        state = State.ENDED;
        deadline.cancel(false);
        if (heartbeats != null) {
            heartbeats.stop();
        }
        if (outgoing != null) {
            outgoing.drop();
        }
        incoming.drop();
    }

    private void closeChannel() {
        if (channel != null) {
            channel.close();
        }
    }

    private void tell(EngineException cause) {
        onEnd.accept(this);
        listener.onClosed(cause);
    }

    /** DIALLING, GREETING, OPEN, ENDED in this order; ENDED may follow any. */
    private enum State {
        /** No channel is connected yet. */
        DIALLING,
        /** Connected, perhaps within the TLS handshake; the server's preface is awaited. */
        GREETING,
        /** Frames come and go. */
        OPEN,
        /** The listener was told or will be. */
        ENDED
    }
}
