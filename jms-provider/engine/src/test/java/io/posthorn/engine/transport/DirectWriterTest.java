package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread that writes, and what it leaves to the loop, step by step. */
@Timeout(60)
class DirectWriterTest {

    private static final Object NO_FAILURE = "none";

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Turn turn = new Turn(loop);

    /** What the loop was told. */
    private final BlockingQueue<Object> left = new LinkedBlockingQueue<>();

    private SocketChannel peer;
    private SocketChannel socket;
    private DirectWriter writer;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            socket = SocketChannel.open(server.getLocalAddress());
            peer = server.accept();
        }
        writer = on(socket);
    }

    private DirectWriter on(SocketChannel channel) {
        return new DirectWriter(channel, turn, failure -> left.add(failure == null ? NO_FAILURE : failure));
    }

    @AfterEach
    void end() throws Exception {
        socket.close();
        peer.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private void write(DirectWriter by, int length, Runnable whenWritten) {
        turn.tryHere(() -> {
            assertThat(by.begin()).isTrue();
            by.frames().writeZero(length);
            by.flush();
            by.whenWritten(whenWritten);
            return true;
        });
    }

    private void read(int length) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            assertThat(peer.read(bytes)).isPositive();
        }
    }

    @Test
    void shouldMakeTheLoopWaitWhileItWritesAndTellItAfterwards() throws Exception {
        boolean[] awaited = {false};
        write(writer, 10, () -> awaited[0] = writer.awaits());

        assertThat(awaited[0]).as("the loop has something, too").isTrue();
        assertThat(left.take()).isSameAs(NO_FAILURE);
        assertThat(writer.begin()).as("before the loop's").isFalse();
        assertThat(writer.takeRest().isReadable()).isFalse();
        assertThat(writer.awaits()).isFalse();
        assertThat(writer.begin()).isTrue();
        read(10);
    }

    @Test
    void shouldTellNobodyWhenNobodyWaits() throws Exception {
        write(writer, 10, () -> {});
        write(writer, 10, () -> {});

        assertThat(writer.awaits()).isFalse();
        read(20);
        turn.execute(() -> left.add("the end"));
        assertThat(left.take()).isEqualTo("the end");
    }

    @Test
    void shouldBeThereForOthersAfterNothingWasGathered() {
        turn.tryHere(() -> {
            assertThat(writer.begin()).isTrue();
            writer.flush();
            return true;
        });

        assertThat(writer.isGathering()).isFalse();
        assertThat(writer.begin()).isTrue();
    }

    /** Once is enough for a connection that sends little otherwise. */
    @Test
    void shouldNotKeepALargeBuffer() throws Exception {
        int length = 100_000; // the sockets' buffers take as much
        write(writer, length, () -> {});
        read(length);

        assertThat(writer.begin()).isTrue();
        assertThat(writer.frames().capacity()).isLessThan(length);
    }

    /** Else the loop would wait for that thread for good. */
    @Test
    void shouldTellTheLoopOfAnyFailure() throws Exception {
        try (SocketChannel unconnected = SocketChannel.open()) {
            write(on(unconnected), 1, () -> {});

            assertThat(left.take()).isInstanceOf(NotYetConnectedException.class);
        }
    }

    @Test
    void shouldTellTheLoopWhenWhoIsToldFails() throws Exception {
        OutOfMemoryError none = new OutOfMemoryError("on purpose");
        write(writer, 1, () -> {
            throw none;
        });

        assertThat(left.take()).isSameAs(none);
    }
}
