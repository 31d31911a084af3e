package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.transport.route.PlainSocket;
import io.posthorn.engine.transport.tls.TlsFailures;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.MalformedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to connect and, when it succeeds, one socket. Belongs to whoever has the turn, which is the event loop but for
 * what a thread of the application says after {@link #beginHere}. {@link #fail} and {@link #close} are the two ways to the end; the first
 * of them decides what the listener is told.
 */
final class SocketLink implements Link {

    private static final Logger LOG = LoggerFactory.getLogger(SocketLink.class);

    private final ServerAddress address;
    private final Turn turn;
    private final DirectReader reader;
    private final LinkListener listener;
    private final long closeTimeoutMs;
    private final Consumer<SocketLink> onEnd;
    private final ChannelFutureListener onWritten = this::onWritten;
    private final Incoming incoming = new Incoming();

    /** Who waits for what was left to the event loop. */
    private final Deque<Runnable> whenLeft = new ArrayDeque<>();

    private State state = State.DIALLING;
    private Channel channel;
    private Outgoing outgoing;
    private Heartbeats heartbeats;
    private Future<?> deadline;
    private ChannelFuture lastWrite;

    /** Null when what is written to the socket is not what was sent. */
    private DirectWriter direct;

    /** To be closed as soon as a thread has written. */
    private boolean closing;

    /** {@code onEnd} is told before the listener is. */
    SocketLink(
            ServerAddress address,
            Turn turn,
            DirectReader reader,
            LinkListener listener,
            long closeTimeoutMs,
            Consumer<SocketLink> onEnd) {
        this.address = address;
        this.turn = turn;
        this.reader = reader;
        this.listener = listener;
        this.closeTimeoutMs = closeTimeoutMs;
        this.onEnd = onEnd;
    }

    /** Bounds everything up to the server's preface. */
    void startDeadline(long timeoutMs) {
        deadline = turn.schedule(() -> onDeadline(timeoutMs), timeoutMs, TimeUnit.MILLISECONDS);
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
        if (channel instanceof PlainSocket plain) {
            direct = new DirectWriter(plain.socket(), turn, this::onDirectLeft);
        }
        channel.pipeline().addLast(new LinkHandler(this, turn));
        ByteBuf preface = channel.alloc().ioBuffer(Preface.LENGTH);
        Preface.write(preface);
        write(preface);
    }

    /** The one that is connected. */
    Channel channel() {
        return channel;
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
            heartbeats = new Heartbeats(turn, heartbeatMs, this::beat, this::onSilence);
        }
    }

    @Override
    public boolean beginHere() {
        return state == State.OPEN
                && direct != null
                && !closing
                && (lastWrite == null || lastWrite.isDone())
                && outgoing.isEmpty()
                && direct.begin();
    }

    @Override
    public void send(ClientFrame frame) {
        if (state != State.OPEN) {
            return;
        }
        if (direct != null && direct.isGathering()) {
            outgoing.encode(frame, direct.frames());
        } else {
            outgoing.add(frame);
        }
    }

    @Override
    public void flush() {
        if (state != State.OPEN) {
            return;
        }
        if (direct != null && direct.isGathering()) {
            direct.flush();
            onWriting();
        } else if (!outgoing.isEmpty()) {
            if (!turn.isLoop()) {
                turn.execute(this::flush); // what another thread gives to the channel, the loop may overtake
            } else if (!isBeingWritten()) {
                writeAll();
            }
        }
    }

    /** On the event loop, unless it is the last word. */
    private void writeAll() {
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
        for (Runnable task; (task = whenLeft.poll()) != null; ) {
            whenWritten(task);
        }
    }

    @Override
    public boolean isBehind() {
        boolean writes = lastWrite != null && !lastWrite.isDone();
        return outgoing.isMuch() || writes && !channel.isWritable();
    }

    /** Whether the event loop has to wait for a thread that writes, and will be told. */
    private boolean isBeingWritten() {
        return direct != null && direct.awaits();
    }

    @Override
    public void whenWritten(Runnable task) {
        if (direct != null && direct.isWriter()) {
            direct.whenWritten(task);
        } else if (isBeingWritten() || !outgoing.isEmpty()) {
            whenLeft.add(task);
        } else if (lastWrite == null || lastWrite.isDone()) {
            task.run();
        } else {
            lastWrite.addListener(done -> turn.run(task));
        }
    }

    @Override
    public void close() {
        if (hasEnded() || closing) {
            return;
        }
        if (isBeingWritten()) {
            closing = true;
        } else {
            closeNow();
        }
    }

    private void closeNow() {
        if (state == State.OPEN) {
            writeAll(); // the last word, so nothing overtakes it
        }
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
            turn.execute(hangUp);
            return;
        }
        // What was flushed goes first, unless the server does not take it in time.
        Future<?> patience = turn.schedule(this::closeChannel, closeTimeoutMs, TimeUnit.MILLISECONDS);
        lastWrite.addListener(done -> {
            patience.cancel(false);
            turn.execute(hangUp);
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

    /** The event loop goes on where a thread of the application has stopped writing: {@code failure} is why, or null. */
    private void onDirectLeft(Throwable failure) {
        ByteBuf rest = direct.takeRest();
        Runnable told = direct.takeOnWritten();
        if (hasEnded()) {
            return;
        }
        if (failure != null) {
            onFailure(failure);
            return;
        }
        if (rest.isReadable()) {
            write(channel.alloc().ioBuffer(rest.readableBytes()).writeBytes(rest));
        }
        if (told != null) {
            whenLeft.addFirst(told);
        }
        writeAll();
        if (closing) {
            closeNow();
        }
    }

    /** Takes over {@code bytes}. */
    void onRead(ByteBuf bytes, ByteBufAllocator allocator) {
        if (hasEnded() || closing) {
            bytes.release();
            return;
        }
        try {
            incoming.add(bytes, allocator);
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

    /** A thread of the application has read this, and writes what is to be said to it, if nothing else is being written. */
    void onReadHere(ByteBuf bytes) {
        boolean writesHere = beginHere();
        onRead(bytes, UnpooledByteBufAllocator.DEFAULT);
        onReadComplete();
        if (writesHere && direct.isGathering()) {
            direct.flush();
        }
    }

    void onReadComplete() {
        if (heartbeats != null) {
            heartbeats.onRead();
        }
        if (state == State.OPEN && !closing) {
            listener.onBurstEnd();
        }
    }

    void onInactive() {
        String text = state == State.GREETING
                ? address + " closed the connection without a word: is a Posthorn server there, with"
                        + (address.scheme() == ServerAddress.Scheme.SSL ? "" : "out")
                        + " TLS on that port, and does it take connections?"
                : "the connection to " + address + " was lost: the other side closed it";
        fail(new EngineException(ErrorCode.CONNECTION_LOST, text));
    }

    void onTlsFailed(Throwable cause) {
        fail(TlsFailures.explain(address, cause));
    }

    void onFailure(Throwable cause) {
        if (hasEnded()) {
            LOG.debug("After the end of a link to {}", address, cause);
        } else if (TlsFailures.isTls(cause)) {
            fail(TlsFailures.explain(address, cause));
        } else if (cause instanceof IOException || cause instanceof OutOfMemoryError) {
            fail(lost(cause)); // trying again may help
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
                if (direct != null) {
                    reader.attach(this);
                }
                listener.onOpen(this);
            }
            case OTHER_VERSION -> fail(new EngineException(ErrorCode.VERSION, address + ": " + reading.problem()));
            case FOREIGN -> fail(new EngineException(ErrorCode.PROTOCOL, address + ": " + reading.problem()));
        }
    }

    private void readFrames() {
        while (state == State.OPEN && !closing) {
            ServerFrame frame = incoming.next();
            if (frame == null) {
                return;
            }
            listener.onFrame(frame);
        }
    }

    private void write(ByteBuf bytes) {
        lastWrite = channel.writeAndFlush(bytes);
        onWriting();
        lastWrite.addListener(onWritten);
    }

    private void onWriting() {
        if (heartbeats != null) {
            heartbeats.onWritten();
        }
    }

    private void onWritten(ChannelFuture done) {
        if (!done.isSuccess()) {
            turn.run(() -> onFailure(done.cause()));
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
        reader.detach(this);
        deadline.cancel(false);
        if (heartbeats != null) {
            heartbeats.stop();
        }
        if (outgoing != null) {
            outgoing.drop();
        }
        incoming.drop();
        whenLeft.clear();
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
