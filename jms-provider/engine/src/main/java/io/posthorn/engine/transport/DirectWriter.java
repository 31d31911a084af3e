package io.posthorn.engine.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Writes what one thread of the application has to say to the socket, past the event loop. Frames are gathered in the turn and
 * written after it, while the loop may read, decide, and leave what it has to write. What the socket does not take, and every failure, is
 * the loop's. Its buffers belong to no pool: those keep something for each thread, which an application server's threads would keep for
 * good.
 *
 * <pre>
 * IDLE --begin--> GATHERING --flush--> WRITING --all written--> IDLE
 *                                      WRITING --the loop has something, too--> AWAITED
 *                                      WRITING, AWAITED --told on the loop--> IDLE
 * </pre>
 */
final class DirectWriter {

    private static final int LENGTH_LEAST = 1 << 10;

    /** As much is written at once, and kept for the next time. */
    private static final int CHUNK_MAX = 64 << 10;

    private enum State {
        IDLE,
        GATHERING,
        WRITING,
        AWAITED
    }

    private final SocketChannel socket;
    private final Turn turn;
    private final Consumer<Throwable> onLeft;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    /** Whose turn it was when this was flushed. */
    private Thread writer;

    private Runnable onWritten;
    private ByteBuf frames = Unpooled.EMPTY_BUFFER;
    private ByteBuffer chunk = ByteBuffer.allocateDirect(0);

    /** {@code onLeft} is told on the event loop when it has to go on: with a failure, or with null. */
    DirectWriter(SocketChannel socket, Turn turn, Consumer<Throwable> onLeft) {
        this.socket = socket;
        this.turn = turn;
        this.onLeft = onLeft;
    }

    // In the turn.

    /** The calling thread, which is not the event loop, has something to write. False while another one writes, or will. */
    boolean begin() {
        // A channel of java.nio may close when an interrupted thread writes to it.
        if (Thread.currentThread().isInterrupted() || !state.compareAndSet(State.IDLE, State.GATHERING)) {
            return false;
        }
        if (frames.capacity() == 0 || frames.capacity() > CHUNK_MAX) {
            frames = Unpooled.buffer(LENGTH_LEAST);
        }
        frames.clear();
        return true;
    }

    boolean isGathering() {
        return state.get() == State.GATHERING;
    }

    /** Where to put what is gathered. */
    ByteBuf frames() {
        return frames;
    }

    /** Has what was gathered written when the turn is over. */
    void flush() {
        if (!frames.isReadable()) {
            state.set(State.IDLE);
            return;
        }
        writer = Thread.currentThread();
        state.set(State.WRITING);
        turn.afterwards(this::write);
    }

    /** The event loop has something to write. True when it has to wait for a thread that writes, and will be told. */
    boolean awaits() {
        return state.get() == State.AWAITED || state.compareAndSet(State.WRITING, State.AWAITED);
    }

    /** Whether the calling thread is about to write. */
    boolean isWriter() {
        return state.get() == State.WRITING && writer == Thread.currentThread();
    }

    /** By the thread that is about to write: calls back when all is written. */
    void whenWritten(Runnable task) {
        onWritten = task;
    }

    /** What was not called back, or null. */
    Runnable takeOnWritten() {
        Runnable task = onWritten;
        onWritten = null;
        return task;
    }

    /** Told that it has to go on, the event loop does so with what is left here. */
    ByteBuf takeRest() {
        state.set(State.IDLE);
        return frames;
    }

    // Without the turn, on the thread that had it.

    private void write() {
        Throwable failure = null;
        try {
            if (writeFrames()) {
                Runnable told = takeOnWritten();
                if (told != null) {
                    told.run();
                }
                if (state.compareAndSet(State.WRITING, State.IDLE)) {
                    return;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e; // of any kind: the loop waits for an answer, and ends the link
        }
        Throwable cause = failure;
        turn.execute(() -> onLeft.accept(cause));
    }

    /** Whether the socket took all. */
    private boolean writeFrames() throws IOException {
        int length = Math.min(CHUNK_MAX, frames.readableBytes());
        if (chunk.capacity() < length) {
            chunk = ByteBuffer.allocateDirect(Math.max(LENGTH_LEAST, Integer.highestOneBit(length - 1) << 1));
        }
        while (frames.isReadable()) {
            chunk.clear().limit(Math.min(chunk.capacity(), frames.readableBytes()));
            frames.readBytes(chunk);
            chunk.flip();
            socket.write(chunk);
            if (chunk.hasRemaining()) {
                frames.readerIndex(frames.readerIndex() - chunk.remaining());
                return false;
            }
        }
        return true;
    }
}
