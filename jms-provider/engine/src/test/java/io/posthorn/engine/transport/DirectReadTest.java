package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.InternalThreadLocalMap;
import io.posthorn.engine.Reading;
import io.posthorn.engine.ServerUrl;
import io.posthorn.engine.transport.route.NetworkRoute;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What threads of the application read from a socket themselves. */
@Timeout(20)
class DirectReadTest {

    private static final long NEVER_NS = TimeUnit.HOURS.toNanos(1);
    private static final long OFTEN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Thread> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> numbers = new LinkedBlockingQueue<>();
    private Transport transport;
    private Reading reading;
    private RecordingListener listener;
    private Link link;
    private long command;

    /** The last command that was confirmed, and who waits for that. */
    private volatile long confirmed;

    private volatile Thread waiting;

    private volatile boolean defective;

    private volatile boolean slow;

    /** So many heartbeats come with each answer. */
    private volatile int more;

    @AfterEach
    void end() {
        threads.shutdownNow();
        if (transport != null) {
            transport.release();
        }
    }

    private ScriptedPeer answering() throws Exception {
        return answering(() -> false);
    }

    /** A server that answers each session that is opened, and says {@link #more} with it; when {@link #slow}, not before it may. */
    private ScriptedPeer answering(BooleanSupplier mustWait) throws Exception {
        return ScriptedPeer.start(side -> {
            side.greet();
            while (true) {
                long number = ((ClientFrame.OpenSession) side.read()).command();
                while (slow && mustWait.getAsBoolean()) {
                    Thread.onSpinWait();
                }
                ServerFrame[] frames = new ServerFrame[more + 1];
                Arrays.fill(frames, new ServerFrame.Heartbeat());
                frames[more] = new ServerFrame.Confirmed(number);
                side.write(frames);
            }
        });
    }

    private void open(ScriptedPeer peer, long lookNs) throws Exception {
        transport = new SocketTransport(ServerUrl.parse("tcp://" + peer.address()), new NetworkRoute(null), lookNs);
        reading = transport.reading();
        listener = new RecordingListener(transport, this::onFrame);
        transport.connect(0, listener);
        link = listener.awaitOpen();
        onLoop(() -> transport.limits(link, 1 << 20, 1000, 0));
        reading.alone(true);
    }

    private void onLoop(Runnable task) {
        CompletableFuture.runAsync(task, transport::execute).join();
    }

    private void onFrame(ServerFrame frame) {
        if (defective) {
            throw new UnsupportedOperationException("a defect of the client");
        }
        if (frame instanceof ServerFrame.Confirmed confirmation) {
            told.add(Thread.currentThread());
            confirmed = confirmation.command();
            Thread thread = waiting;
            if (thread != null && !reading.wake(thread)) {
                LockSupport.unpark(thread);
            }
        }
    }

    /** Says something; returns the thread that was told of the answer. */
    private Thread ask() {
        long asked = ++command;
        transport.execute(() -> {
            link.send(new ClientFrame.OpenSession(asked, asked));
            link.flush();
        });
        waiting = Thread.currentThread();
        while (confirmed < asked) {
            if (!reading.await(NEVER_NS)) {
                LockSupport.parkNanos(NEVER_NS);
            }
            assertThat(Thread.interrupted())
                    .as("interrupted by the test's timeout")
                    .isFalse();
        }
        waiting = null;
        reading.leave();
        return told.remove();
    }

    /** Returns how often it had to ask. */
    private int askUntilReadBy(Thread thread) {
        int count = 1;
        while (ask() != thread) {
            count++;
        }
        return count;
    }

    private int askUntilReadHere() {
        return askUntilReadBy(Thread.currentThread());
    }

    private Thread loop() {
        CompletableFuture<Thread> loop = new CompletableFuture<>();
        onLoop(() -> loop.complete(Thread.currentThread()));
        return loop.join();
    }

    @Test
    void shouldReadOnTheThreadThatWaitsOften() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            assertThat(ask()).isSameAs(loop());
            assertThat(reading.isHere()).isFalse();
            askUntilReadHere();

            assertThat(reading.isHere()).isTrue();
            for (int count = 0; count < 100; count++) {
                assertThat(ask()).isSameAs(Thread.currentThread());
            }
        }
    }

    @Test
    void shouldLeaveItToTheLoopWhenTheThreadDoesOtherThings() throws Exception {
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            for (ClientFrame frame = side.read(); frame instanceof ClientFrame.OpenSession; frame = side.read()) {
                side.write(new ServerFrame.Confirmed(((ClientFrame.OpenSession) frame).command()));
            }
            quiet.join();
            side.write(new ServerFrame.Confirmed(Long.MAX_VALUE));
            side.awaitEnd();
        })) {
            open(peer, OFTEN_NS);
            askUntilReadHere();
            AtomicInteger looks = new AtomicInteger();
            reading.whileHere(looks::incrementAndGet);
            transport.execute(() -> {
                link.send(new ClientFrame.Heartbeat());
                link.flush();
            });
            quiet.complete(null);

            assertThat(told.take()).isSameAs(loop());
            assertThat(reading.isHere()).isFalse();
            assertThat(looks).as("so soon").hasValueLessThan(3);
        }
    }

    @Test
    void shouldLookAfterTheConnectionNowAndThenWhileAThreadReads() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, OFTEN_NS);
            AtomicInteger looks = new AtomicInteger();
            reading.whileHere(looks::incrementAndGet);
            askUntilReadHere();
            while (looks.get() < 3) {
                ask();
            }
        }
    }

    /** A pause of the server, or of this process, is no reason to change over. */
    @Test
    void shouldReadOnWhenTheAnswerTakesLong() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        try (ScriptedPeer peer = answering(() -> looks.get() < 5)) {
            open(peer, OFTEN_NS);
            askUntilReadHere();
            slow = true;
            reading.whileHere(looks::incrementAndGet);

            assertThat(ask()).isSameAs(Thread.currentThread());
        }
    }

    @Test
    void shouldLeaveItToTheLoopWhenTheAnswerTakesVeryLong() throws Exception {
        try (ScriptedPeer peer = answering(() -> reading.isHere())) {
            open(peer, OFTEN_NS);
            askUntilReadHere();
            slow = true;

            assertThat(ask()).isSameAs(loop());
        }
    }

    @Test
    void shouldLeaveNoFileOpenWhenTheLinkIsClosed() throws Exception {
        UnixOperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
        try (ScriptedPeer peer = answering()) {
            readAndClose(peer);
            long before = system.getOpenFileDescriptorCount();
            int links = 20;
            for (int count = 0; count < links; count++) {
                readAndClose(peer);
            }

            assertThat(system.getOpenFileDescriptorCount() - before).isLessThan(links);
        }
    }

    private void readAndClose(ScriptedPeer peer) throws Exception {
        open(peer, NEVER_NS);
        askUntilReadHere();
        transport.execute(link::close);
        listener.awaitEnd();
        transport.release();
        transport = null;
    }

    @Test
    void shouldLeaveStreamsToTheLoop() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            more = 20_000;
            askUntilReadBy(loop());
            assertThat(reading.isHere()).isFalse();
        }
    }

    @Test
    void shouldReadOnTheLoopOnlyWhileOthersAreConcerned() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            reading.alone(false);
            for (int count = 0; count < 3 * DirectReader.WAITS_LEAST; count++) {
                assertThat(ask()).isSameAs(loop());
            }
            reading.alone(true);
            askUntilReadHere();
            reading.alone(false);

            assertThat(ask()).isSameAs(loop());
            assertThat(ask()).isSameAs(loop());
        }
    }

    @Test
    void shouldHaveAnotherThreadReadWhenTheOneThatDidHasLeft() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            Future<Boolean> other = threads.submit(() -> ask() == Thread.currentThread());

            assertThat(other.get()).isTrue();
            assertThat(ask()).isSameAs(Thread.currentThread());
        }
    }

    /** What it waits for would lie there while the other one does other things. */
    @Test
    void shouldNotReadHereWhileAnotherThreadWaitsToBeWoken() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            Callable<?> end = another();
            for (int count = 0; count < 3 * DirectReader.WAITS_LEAST; count++) {
                assertThat(ask()).isSameAs(loop());
            }
            end.call();
            askUntilReadHere();
        }
    }

    /** And wait longer for the next time, since there was little to read. */
    @Test
    void shouldGiveBackWhenAnotherThreadHasBegunToWait() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            assertThat(reading.await(NEVER_NS)).as("holds it").isTrue();
            Callable<?> end = another();
            reading.leave();

            assertThat(ask()).isSameAs(loop());
            end.call();
            assertThat(askUntilReadHere()).isGreaterThan(3 * DirectReader.WAITS_LEAST);
        }
    }

    /** A thread that waits to be woken, until it is told to end. */
    private Callable<?> another() throws Exception {
        CompletableFuture<Boolean> reads = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Future<?> thread = threads.submit(() -> {
            reads.complete(reading.await(NEVER_NS));
            end.join();
            reading.leave();
        });
        assertThat(reads.get()).isFalse();
        return () -> {
            end.complete(null);
            return thread.get();
        };
    }

    /** Until then nobody would read what it asks for. */
    @Test
    void shouldGiveBackWhatAThreadIsNotWaitingFor() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            reading.giveBack();

            assertThat(ask()).isSameAs(loop());
        }
    }

    @Test
    void shouldReturnWhenItIsWoken() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            Thread self = Thread.currentThread();
            assertThat(reading.await(NEVER_NS)).as("holds it").isTrue();
            assertThat(reading.wake(threads.submit(Thread::currentThread).get()))
                    .as("another one")
                    .isFalse();
            threads.submit(() -> reading.wake(self));

            assertThat(reading.await(NEVER_NS)).isTrue();
            reading.leave();
            assertThat(reading.wake(self)).isFalse();
        }
    }

    @Test
    void shouldNotReadOnAThreadThatIsInterrupted() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            Thread self = Thread.currentThread();
            assertThat(reading.await(NEVER_NS)).as("holds it").isTrue();
            threads.submit(self::interrupt);
            while (reading.await(NEVER_NS)) {
                assertThat(transport.inEventLoop()).isFalse();
            }

            assertThat(Thread.interrupted()).isTrue();
            assertThat(ask()).as("the socket is still open, and read by").isSameAs(self);
        }
    }

    @Test
    void shouldTellOfALostLinkOnceOnTheThreadThatReads() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            for (ClientFrame frame = side.read(); frame instanceof ClientFrame.OpenSession; frame = side.read()) {
                side.write(new ServerFrame.Confirmed(((ClientFrame.OpenSession) frame).command()));
            }
        })) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            transport.execute(() -> {
                link.send(new ClientFrame.Heartbeat()); // the last word to this server
                link.flush();
            });
            while (reading.await(NEVER_NS)) {
                assertThat(transport.inEventLoop()).isFalse();
            }

            assertThat(listener.awaitEnd().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(reading.isHere()).isFalse();
        }
    }

    @Test
    void shouldEndTheLinkAndNotTheCallWhenADefectShows() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            defective = true;
            transport.execute(() -> {
                link.send(new ClientFrame.OpenSession(++command, command));
                link.flush();
            });
            while (reading.await(NEVER_NS)) {
                assertThat(transport.inEventLoop()).isFalse();
            }

            assertThat(listener.awaitEnd().code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }

    @Test
    void shouldReturnWhenTheLinkIsClosed() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            assertThat(reading.await(NEVER_NS)).as("holds it").isTrue();
            transport.execute(link::close);
            while (reading.await(NEVER_NS)) {
                assertThat(transport.inEventLoop()).isFalse();
            }

            assertThat(listener.awaitEnd().code()).isEqualTo(ErrorCode.CLOSED);
        }
    }

    @Test
    void shouldWriteOnTheThreadThatReadsWhatComesOfIt() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            askUntilReadHere();
            // The listener answers from inside; the next confirmation proves that it was written.
            CompletableFuture<Thread> written = new CompletableFuture<>();
            listener.onceOnBurstEnd(() -> {
                link.send(new ClientFrame.OpenSession(++command, command));
                link.flush();
                link.whenWritten(() -> written.complete(Thread.currentThread()));
            });
            ask();
            waiting = Thread.currentThread();
            while (confirmed < command) {
                reading.await(NEVER_NS);
            }
            reading.leave();

            assertThat(written).isCompletedWithValue(Thread.currentThread());
        }
    }

    /** The loop, on its way to write something itself, must not overtake it. */
    @Test
    void shouldWriteInOrderWhatTheThreadThatReadsLeavesToTheLoop() throws Exception {
        try (ScriptedPeer peer = recording()) {
            open(peer, NEVER_NS);
            AtomicBoolean early = new AtomicBoolean();
            CompletableFuture<Void> written = new CompletableFuture<>();
            leaveToTheLoop(
                    () -> {
                        link.whenWritten(() -> written.complete(null));
                        early.set(written.isDone());
                    },
                    () -> {
                        say(1004);
                        link.flush();
                    });
            reading.leave();

            assertThat(List.of(numbers.take(), numbers.take(), numbers.take(), numbers.take()))
                    .containsExactly(1001L, 1002L, 1003L, 1004L);
            written.join();
            assertThat(early).isFalse();
        }
    }

    @Test
    void shouldCloseBehindWhatTheThreadThatReadsLeavesToTheLoop() throws Exception {
        try (ScriptedPeer peer = recording()) {
            open(peer, NEVER_NS);
            leaveToTheLoop(() -> {}, link::close);

            assertThat(List.of(numbers.take(), numbers.take(), numbers.take())).containsExactly(1001L, 1002L, 1003L);
            assertThat(listener.awaitEnd().code()).isEqualTo(ErrorCode.CLOSED);
        }
    }

    /** A server that answers each session that is opened, and notes its number. */
    private ScriptedPeer recording() throws Exception {
        return ScriptedPeer.start(side -> {
            side.greet();
            while (true) {
                long number = ((ClientFrame.OpenSession) side.read()).command();
                numbers.add(number);
                side.write(new ServerFrame.Confirmed(number));
            }
        });
    }

    /** This thread reads, and has something to say that it cannot write by itself, while the loop is about to do something. */
    private void leaveToTheLoop(Runnable thenHere, Runnable onLoop) throws Exception {
        askUntilReadHere();
        numbers.clear();
        CountDownLatch left = new CountDownLatch(1);
        onLoop(() -> {
            say(1001);
            link.flush();
            say(1002); // not flushed, so that who reads cannot write by itself
        });
        ((SocketLink) link).channel().eventLoop().execute(() -> awaitQuietly(left));
        transport.execute(onLoop);
        listener.onceOnBurstEnd(() -> {
            say(1003);
            link.flush();
            thenHere.run();
            left.countDown();
        });
        while (left.getCount() != 0) {
            reading.await(NEVER_NS);
        }
    }

    private void say(long number) {
        link.send(new ClientFrame.OpenSession(number, number));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** They would keep this client's classes for as long as the thread lives, in an application server for ever. */
    @Test
    void shouldLeaveNothingOfNettyInThreadsOfTheApplication() throws Exception {
        try (ScriptedPeer peer = answering()) {
            open(peer, NEVER_NS);
            Boolean clean = threads.submit(() -> {
                        askUntilReadHere();
                        more = 100;
                        ask();
                        return InternalThreadLocalMap.getIfSet() == null;
                    })
                    .get();

            assertThat(clean).isTrue();
        }
    }
}
