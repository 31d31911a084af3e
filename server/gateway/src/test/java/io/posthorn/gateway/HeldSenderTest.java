package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Login;
import io.posthorn.broker.Logs;
import io.posthorn.gateway.agent.BrokerDriver;
import io.posthorn.gateway.agent.Line;
import io.posthorn.gateway.agent.Link;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose sockets are not read while consumers that are quick catch up. The clock stands still unless the test says so. */
@Timeout(20)
class HeldSenderTest {

    private static final Address QUEUE = Address.queue("q");
    private static final int BODY_BYTES = 16 << 10;

    /** Who takes so many in 10 ms is quick. */
    private static final int QUICK = 40;

    private static final int MOST = 4 * QUICK;

    private final EventLoop loop = new DefaultEventLoop();
    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final AtomicInteger asked = new AtomicInteger();
    private final InstantSource clock = () -> {
        asked.incrementAndGet();
        return Instant.ofEpochMilli(nowMs.get());
    };
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private BrokerDriver driver;

    @BeforeEach
    void start() throws Exception {
        BrokerSettings settings = TestGateway.brokerSettings(64L << 20);
        driver = new BrokerDriver(
                loop, new Logs(new TestJournal(), new TestJournal()), settings, clock, failure::complete);
        driver.start();
    }

    @AfterEach
    void stop() {
        driver.stop();
        loop.shutdownGracefully();
        assertThat(failure).isNotDone();
    }

    /** A connection with one session and, if it consumes, one consumer. */
    private final class Client implements Line {
        private final List<ServerFrame.Deliver> deliveries = new ArrayList<>();
        private final Link link;
        private volatile boolean held;
        private boolean closed;
        private long command;
        private long credit;

        Client() {
            link = driver.link(loop, this, "test", on -> held = on);
            ClientFrame.Connect connect = Peer.connectFrame("somebody", "secret", 0);
            onLoop(() -> link.connect(connect, new Login("", Login.Permissions.ALL)));
            frame(new ClientFrame.DeclareAddress(1, QUEUE));
            frame(new ClientFrame.OpenSession(++command, 1));
        }

        private void frame(ClientFrame frame) {
            onLoop(() -> link.frame(frame, 100));
        }

        void send(int count) {
            for (int number = 0; number < count; number++) {
                frame(new ClientFrame.Send(++command, 1, false, true, 1, message()));
            }
        }

        void consume() {
            frame(new ClientFrame.Attach(++command, 1, 1, 1, Source.queue(QUEUE, null), EntryRanges.NONE));
        }

        void take(int count) {
            credit += count;
            frame(new ClientFrame.Credit(1, 1, credit));
            EntryRanges.Builder entries = new EntryRanges.Builder();
            deliveries.forEach(deliver -> entries.add(deliver.entry()));
            deliveries.clear();
            frame(new ClientFrame.Acknowledge(++command, 1, false, true, entries.build()));
        }

        @Override
        public void send(ServerFrame frame) {
            if (frame instanceof ServerFrame.Deliver deliver) {
                deliveries.add(deliver);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }
    }

    private static byte[] message() {
        return new EnvelopeBuilder()
                .persistent(false)
                .body(BodyKind.BYTES, new byte[BODY_BYTES], BODY_BYTES)
                .build()
                .bytes();
    }

    /** The receiver is quick, and the sender is quicker, and held for it. */
    private void outrun(Client sender, Client receiver) {
        receiver.consume();
        sender.send(MOST);
        receiver.take(QUICK);
        assertThat(sender.held).isFalse();
        nowMs.addAndGet(10);
        sender.send(QUICK);
        assertThat(sender.held).as("held").isTrue();
    }

    /** Within one turn, which is over when this returns. */
    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
        loop.submit(() -> {}).syncUninterruptibly();
    }

    @Test
    void shouldNotReadASenderUntilConsumersHaveCaughtUp() {
        Client sender = new Client();
        Client receiver = new Client();
        outrun(sender, receiver);
        assertThat(new Client().held).as("another one").isFalse();

        receiver.take(MOST);
        assertThat(sender.held).as("held when little waits").isFalse();
        assertThat(receiver.held).isFalse();
        sender.send(2 * MOST);
        receiver.take(QUICK);
        nowMs.addAndGet(10);
        sender.send(QUICK);
        assertThat(sender.held).as("held once more").isTrue();
    }

    /** Nothing else happens that could tell. */
    @Test
    void shouldReadASenderAgainWhenConsumersTakeNoMore() {
        Client sender = new Client();
        Client receiver = new Client();
        outrun(sender, receiver);
        nowMs.addAndGet(10);

        while (sender.held) {
            Thread.onSpinWait(); // the driver looks again after some milliseconds
        }
    }

    /** There is nobody to be read again, so it is not looked every 10 ms. */
    @Test
    void shouldComeToRestWhenTheHeldSenderIsGone() {
        Client sender = new Client();
        Client receiver = new Client();
        outrun(sender, receiver);

        onLoop(sender.link::lost);
        int before = asked.get();
        loop.schedule(() -> {}, 200, TimeUnit.MILLISECONDS).syncUninterruptibly();
        assertThat(asked.get() - before)
                .as("times the driver looked at the clock")
                .isLessThan(10);
    }

    /** What it has taken would not be heard of. */
    @Test
    void shouldGoOnReadingASenderThatConsumes() {
        Client both = new Client();
        both.consume();
        both.send(MOST);
        both.take(QUICK);
        nowMs.addAndGet(10);
        both.send(QUICK);

        assertThat(both.held).isFalse();
    }
}
