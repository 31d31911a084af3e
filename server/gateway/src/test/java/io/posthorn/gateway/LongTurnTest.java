package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.posthorn.broker.Login;
import io.posthorn.broker.Logs;
import io.posthorn.gateway.agent.BrokerDriver;
import io.posthorn.gateway.agent.Line;
import io.posthorn.gateway.agent.Link;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the disk gets what a socket brings, while there is more to read. */
@Timeout(20)
class LongTurnTest {

    /** So many frames make a turn long. */
    private static final int LONG = 256;

    private final EventLoop loop = new DefaultEventLoop();
    private final TestJournal journal = new TestJournal();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private BrokerDriver driver;
    private Link link;
    private long command;

    @BeforeEach
    void connect() throws Exception {
        driver = new BrokerDriver(
                loop,
                new Logs(journal, new TestJournal()),
                TestGateway.brokerSettings(64L << 20),
                InstantSource.system(),
                failure::complete);
        driver.start();
        link = driver.link(loop, new Deaf(), "test", on -> {});
        onLoop(() -> {
            link.connect(Peer.connectFrame("somebody", "secret", 0), new Login("", Login.Permissions.ALL));
            link.frame(new ClientFrame.DeclareAddress(1, Address.queue("q")), 100);
            link.frame(new ClientFrame.OpenSession(++command, 1), 100);
            send(1); // makes the queue
        });
        assertThat(journal.backlogBytes()).isZero();
    }

    @AfterEach
    void stop() {
        driver.stop();
        loop.shutdownGracefully();
        assertThat(failure).isNotDone();
    }

    /** Whoever sends and hears nothing. */
    private static final class Deaf implements Line {
        @Override
        public void send(ServerFrame frame) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public boolean isClosed() {
            return false;
        }
    }

    /** Within one pass of the loop, and the turn is over when this returns. */
    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
        loop.submit(() -> {}).syncUninterruptibly();
    }

    /** One read. */
    private void send(int count) {
        byte[] message = new EnvelopeBuilder()
                .persistent(true)
                .body(BodyKind.BYTES, new byte[10], 10)
                .build()
                .bytes();
        for (int number = 0; number < count; number++) {
            link.frame(new ClientFrame.Send(++command, 1, false, true, 1, message), 100);
        }
        link.readEnded();
    }

    @Test
    void shouldGiveTheDiskALongTurnBeforeTheNextRead() {
        long[] waiting = new long[2];
        onLoop(() -> {
            send(LONG - 1);
            waiting[0] = journal.backlogBytes();
            send(1);
            waiting[1] = journal.backlogBytes();
        });

        assertThat(waiting[0]).as("bytes of a short turn").isPositive();
        assertThat(waiting[1]).as("bytes of a long turn").isZero();
    }

    @Test
    void shouldGiveTheDiskAShortTurnWhenTheLoopHasReadAllSockets() {
        onLoop(() -> send(1));

        assertThat(journal.backlogBytes()).isZero();
    }
}
