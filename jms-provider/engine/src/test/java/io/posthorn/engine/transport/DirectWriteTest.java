package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.InternalThreadLocalMap;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What threads of the application write to a socket themselves. */
@Timeout(60)
class DirectWriteTest {

    private static final long FRAME_LENGTH_MAX = 1 << 20;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Transport transport;
    private RecordingListener listener;
    private Link link;

    @AfterEach
    void end() {
        threads.shutdownNow();
        if (transport != null) {
            transport.release();
        }
    }

    private void open(ScriptedPeer peer) throws Exception {
        transport = Transports.open(ServerUrl.parse("tcp://" + peer.address()));
        listener = new RecordingListener(transport);
        transport.connect(0, listener);
        link = listener.awaitOpen();
        onLoop(() -> transport.limits(link, FRAME_LENGTH_MAX, 1000, 0));
    }

    private void onLoop(Runnable task) {
        CompletableFuture.runAsync(task, transport::execute).join();
    }

    /** Writes on this thread as soon as that can be; returns the thread on which it was told of that. */
    private CompletableFuture<Thread> writeHere(ClientFrame... frames) {
        CompletableFuture<Thread> written = new CompletableFuture<>();
        while (!transport.tryHere(() -> {
            if (!link.beginHere()) {
                return false;
            }
            assertThat(transport.inEventLoop()).as("must not wait").isTrue();
            for (ClientFrame frame : frames) {
                link.send(frame);
            }
            link.flush();
            link.whenWritten(() -> written.complete(Thread.currentThread()));
            assertThat(written).as("written in the turn").isNotDone();
            return true;
        })) {
            onLoop(() -> {}); // it still had the turn, or something to write
        }
        assertThat(transport.inEventLoop()).isFalse();
        return written;
    }

    private static ClientFrame.Send send(long command, int length) {
        return new ClientFrame.Send(command, 1, false, true, 1, new byte[length]);
    }

    @Test
    void shouldWriteOnTheThreadThatSends() throws Exception {
        CompletableFuture<List<ClientFrame>> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            seen.complete(List.of(side.read(), side.read(), side.read()));
            side.write(new ServerFrame.Confirmed(3));
            side.awaitEnd();
        })) {
            open(peer);
            CompletableFuture<Thread> written =
                    writeHere(new ClientFrame.OpenSession(1, 7), new ClientFrame.OpenSession(2, 8));

            assertThat(written).isCompletedWithValue(Thread.currentThread());
            onLoop(() -> {
                link.send(new ClientFrame.OpenSession(3, 9));
                link.flush();
            });
            assertThat(seen.get())
                    .containsExactly(
                            new ClientFrame.OpenSession(1, 7),
                            new ClientFrame.OpenSession(2, 8),
                            new ClientFrame.OpenSession(3, 9));
            assertThat(listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(3));
        }
    }

    @Test
    void shouldLeaveToTheLoopWhatTheSocketDoesNotTake() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        CompletableFuture<List<Long>> seen = new CompletableFuture<>();
        int count = 40; // more than the sockets' buffers take
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            await(reads);
            List<Long> commands = new ArrayList<>();
            while (commands.size() <= count) {
                commands.add(((ClientFrame.Send) side.read()).command());
            }
            seen.complete(commands);
            side.awaitEnd();
        })) {
            open(peer);
            ClientFrame[] frames = new ClientFrame[count];
            List<Long> expected = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                frames[index] = send(index + 1, 1_000_000);
                expected.add(index + 1L);
            }
            CompletableFuture<Thread> written = writeHere(frames);
            onLoop(() -> {
                link.send(send(count + 1, 10));
                link.flush();
            });
            expected.add(count + 1L);

            assertThat(written).isNotDone();
            assertThat(transport.tryHere(link::beginHere)).as("beside the loop").isFalse();
            reads.countDown();
            assertThat(seen.get()).isEqualTo(expected);
            assertThat(written.get()).isNotSameAs(Thread.currentThread());
            assertThat(writeHere(send(count + 2, 10)).get()).isSameAs(Thread.currentThread());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldTellOfALostLinkOnceAndOnTheLoop() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.read();
            side.socket().setSoLinger(true, 0);
        })) {
            open(peer);
            CountDownLatch lost = new CountDownLatch(1);
            Future<?> writer = threads.submit(() -> {
                while (lost.getCount() != 0) {
                    transport.tryHere(() -> {
                        if (!link.beginHere()) {
                            return false;
                        }
                        link.send(send(1, 1000));
                        link.flush();
                        return true;
                    });
                }
            });

            assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            lost.countDown();
            writer.get();
            assertThat(transport.tryHere(link::beginHere)).isFalse();
            onLoop(() -> {});
        }
    }

    @Test
    void shouldLoseTheLinkWhenThereIsNoMemoryToWrite() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.awaitEnd();
        })) {
            open(peer);
            OutOfMemoryError none = new OutOfMemoryError("no direct memory");
            while (!transport.tryHere(() -> {
                if (!link.beginHere()) {
                    return false;
                }
                link.send(new ClientFrame.OpenSession(1, 7));
                link.flush();
                link.whenWritten(() -> {
                    throw none;
                });
                return true;
            })) {
                onLoop(() -> {}); // it still had the turn, or something to write
            }

            EngineException lost = listener.awaitClosed();
            assertThat(lost.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(lost).hasCause(none).hasMessageContaining("no direct memory");
        }
    }

    @Test
    void shouldCloseAfterWhatAThreadHasBegunToWrite() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        CompletableFuture<Long> last = new CompletableFuture<>();
        int count = 40;
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            await(reads);
            for (int index = 1; index < count; index++) {
                side.read();
            }
            last.complete(((ClientFrame.Send) side.read()).command());
            side.awaitEnd();
        })) {
            open(peer);
            ClientFrame[] frames = new ClientFrame[count];
            for (int index = 0; index < count; index++) {
                frames[index] = send(index + 1, 1_000_000);
            }
            writeHere(frames);
            onLoop(link::close);
            reads.countDown();

            assertThat(last.get()).isEqualTo(count);
            assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
        }
    }

    @Test
    void shouldNotWriteOnAThreadThatIsInterrupted() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.read();
            side.write(new ServerFrame.Confirmed(1));
            side.awaitEnd();
        })) {
            open(peer);
            onLoop(() -> {});
            Thread.currentThread().interrupt();
            boolean begun = transport.tryHere(link::beginHere);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(begun).isFalse();
            writeHere(new ClientFrame.OpenSession(1, 1));
            assertThat(listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(1));
        }
    }

    /** They would keep this client's classes for as long as the thread lives, in an application server for ever. */
    @Test
    void shouldLeaveNothingOfNettyInThreadsOfTheApplication() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.awaitEnd();
        })) {
            open(peer);
            Boolean clean = threads.submit(() -> {
                        writeHere(send(1, 10), new ClientFrame.Unsubscribe(2, "naïve"), send(3, 100_000));
                        writeHere(send(4, 10));
                        return InternalThreadLocalMap.getIfSet() == null;
                    })
                    .get();

            assertThat(clean).isTrue();
        }
    }

    @Test
    void shouldKeepTheOrderOfTheTurnsWhoeverWrites() throws Exception {
        long seed = new Random().nextLong();
        int writers = 4;
        int each = 1000;
        CompletableFuture<List<Long>> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            List<Long> commands = new ArrayList<>();
            while (commands.size() < writers * each) {
                commands.add(((ClientFrame.Send) side.read()).command());
            }
            seen.complete(commands);
            side.awaitEnd();
        })) {
            open(peer);
            long[] command = {0};
            int[] here = {0};
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                Random random = new Random(seed + writer);
                tasks.add(() -> {
                    for (int number = 0; number < each; number++) {
                        int length = random.nextInt(50) == 0 ? 300_000 : random.nextInt(2_000);
                        boolean tries = random.nextInt(4) != 0;
                        boolean insists = number % 100 == 0;
                        boolean done;
                        do {
                            done = (tries || insists)
                                    && transport.tryHere(() -> {
                                        if (!link.beginHere()) {
                                            return false;
                                        }
                                        here[0]++;
                                        link.send(send(++command[0], length));
                                        link.flush();
                                        return true;
                                    });
                        } while (insists && !done);
                        if (!done) {
                            transport.execute(() -> {
                                link.send(send(++command[0], length));
                                link.flush();
                            });
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }

            List<Long> expected = new ArrayList<>();
            for (long number = 1; number <= writers * each; number++) {
                expected.add(number);
            }
            assertThat(seen.get(30, TimeUnit.SECONDS)).as("seed %d", seed).isEqualTo(expected);
            onLoop(() ->
                    assertThat(here[0]).as("written here, seed %d", seed).isGreaterThanOrEqualTo(writers * each / 100));
        }
    }
}
