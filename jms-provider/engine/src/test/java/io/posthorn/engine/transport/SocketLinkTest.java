package io.posthorn.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens on a link that is open. */
@Timeout(60)
class SocketLinkTest {

    private static final long FRAME_LENGTH_MAX = 1 << 20;

    @Test
    void shouldCarryFramesBothWays() throws Exception {
        CompletableFuture<ClientFrame> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            seen.complete(side.read());
            side.write(new ServerFrame.Confirmed(1), new ServerFrame.Confirmed(2));
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            ClientFrame frame = new ClientFrame.OpenSession(1, 7);
            opened.run(link -> {
                link.send(frame);
                link.flush();
                link.flush();
            });

            assertThat(seen.get()).isEqualTo(frame);
            assertThat(opened.listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(1));
            assertThat(opened.listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(2));
            opened.listener.awaitBurstEnd();
        }
    }

    @Test
    void shouldWriteNothingBeforeTheFlush() throws Exception {
        BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            lengths.add(side.socket().getInputStream().read(new byte[1000]));
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> {
                link.send(new ClientFrame.OpenSession(1, 7));
                link.send(new ClientFrame.OpenSession(2, 8));
            });
            assertThat(lengths).isEmpty();
            opened.run(Link::flush);

            assertThat(lengths.poll(30, TimeUnit.SECONDS))
                    .as("both frames in one write")
                    .isEqualTo(14);
        }
    }

    @Test
    void shouldCarryMessagesThatFillAFrame() throws Exception {
        byte[] sent = pattern(1_000_000);
        byte[] delivered = pattern(1_000_001);
        CompletableFuture<ClientFrame> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.write(connected(0));
            seen.complete(side.read());
            side.write(new ServerFrame.Deliver(1, 2, 3, 0, false, delivered));
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            opened.listener.awaitFrame();
            opened.run(link -> {
                opened.transport.limits(link, FRAME_LENGTH_MAX, 1000, 0);
                link.send(new ClientFrame.Send(1, 1, false, true, 1, sent));
                link.flush();
            });

            assertThat(((ClientFrame.Send) seen.get()).envelope()).isEqualTo(sent);
            assertThat(((ServerFrame.Deliver) opened.listener.awaitFrame()).envelope())
                    .isEqualTo(delivered);
        }
    }

    @Test
    void shouldBeBehindUntilTheServerReads() throws Exception {
        CompletableFuture<Integer> sent = new CompletableFuture<>();
        CompletableFuture<Void> written = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.write(connected(0));
            for (int count = sent.join(); count > 0; count--) {
                side.read();
            }
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            opened.listener.awaitFrame();
            opened.run(link -> {
                opened.transport.limits(link, FRAME_LENGTH_MAX, 1_000_000, 0);
                assertThat(link.isBehind()).isFalse();
                int count = 0;
                while (!link.isBehind()) {
                    link.send(new ClientFrame.Send(++count, 1, false, true, 1, pattern(1_000_000)));
                    link.flush();
                }
                link.whenWritten(() -> written.complete(null));
                assertThat(written).isNotDone();
                sent.complete(count);
            });

            written.get(30, TimeUnit.SECONDS);
            opened.run(link -> assertThat(link.isBehind()).isFalse());
        }
    }

    @Test
    void shouldBeBehindWhenMuchIsNotFlushed() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> {
                opened.transport.limits(link, FRAME_LENGTH_MAX, 1_000_000, 0);
                int count = 0;
                while (!link.isBehind()) {
                    link.send(new ClientFrame.Send(++count, 1, false, true, 1, pattern(10_000)));
                }
                assertThat(count).isBetween(20, 40);
                link.flush();
            });
        }
    }

    @Test
    void shouldTakeLongerFramesFromTheLimitsOn() throws Exception {
        String text = "x".repeat(100_000);
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.write(connected(0), new ServerFrame.Failed(1, ErrorCode.INTERNAL, text));
            side.awaitEnd();
        })) {
            Transport transport = Transports.open(ServerUrl.parse("tcp://" + peer.address()));
            CompletableFuture<Link> link = new CompletableFuture<>();
            RecordingListener listener = new RecordingListener(transport, frame -> {
                if (frame instanceof ServerFrame.Connected said) {
                    transport.limits(link.join(), said.frameLengthMax(), said.messageLengthMax(), said.heartbeatMs());
                }
            });
            transport.connect(0, new LinkListener() {
                @Override
                public void onOpen(Link opened) {
                    link.complete(opened);
                    listener.onOpen(opened);
                }

                @Override
                public void onFrame(ServerFrame frame) {
                    listener.onFrame(frame);
                }

                @Override
                public void onBurstEnd() {
                    listener.onBurstEnd();
                }

                @Override
                public void onClosed(EngineException cause) {
                    listener.onClosed(cause);
                }
            });
            listener.awaitOpen();

            assertThat(listener.awaitFrame()).isEqualTo(connected(0));
            assertThat(listener.awaitFrame()).isEqualTo(new ServerFrame.Failed(1, ErrorCode.INTERNAL, text));
        }
    }

    @Test
    void shouldEndOnAFrameThatIsTooLongBeforeTheLimits() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.writeRaw(new byte[] {0, 1, 0, 1, 72, 1});
            side.awaitEnd();
        })) {
            EngineException cause = open(peer, "").listener.awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(cause).hasMessageContainingAll("tcp://" + peer.address(), "65537 bytes");
        }
    }

    @Test
    void shouldEndOnAFrameThatIsNone() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.writeRaw(new byte[] {0, 0, 0, 1, 0});
            side.awaitEnd();
        })) {
            assertThat(open(peer, "").listener.awaitClosed().code()).isEqualTo(ErrorCode.PROTOCOL);
        }
    }

    @Test
    void shouldGoOnAfterAFrameThatTheServerWouldNotTake() throws Exception {
        CompletableFuture<ClientFrame> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            seen.complete(side.read());
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            ClientFrame tooLong = new ClientFrame.Unsubscribe(1, "x".repeat(70_000));
            opened.run(link -> {
                opened.transport.limits(link, 65_536, 1000, 0);
                assertThatThrownBy(() -> link.send(tooLong)).isInstanceOf(IllegalArgumentException.class);
                link.flush();
                link.send(new ClientFrame.DeclareAddress(1, new Address(Address.Kind.QUEUE, "q")));
                link.flush();
            });

            assertThat(seen.get()).isInstanceOf(ClientFrame.DeclareAddress.class);
        }
    }

    @Test
    void shouldTellThatTheServerClosed() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.read();
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> {
                link.send(new ClientFrame.Heartbeat());
                link.flush();
            });
            EngineException cause = opened.listener.awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(cause).hasMessageContainingAll("tcp://" + peer.address(), "was lost");
            opened.run(link -> {
                link.send(new ClientFrame.Heartbeat());
                link.flush();
                link.close();
            });
        }
    }

    @Test
    void shouldTellThatTheServerResetTheSocket() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.read();
            side.socket().setSoLinger(true, 0);
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> {
                link.send(new ClientFrame.Heartbeat());
                link.flush();
            });

            assertThat(opened.listener.awaitClosed().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        }
    }

    @Test
    void shouldEndWithADefectOfItsListener() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.write(new ServerFrame.Confirmed(1), new ServerFrame.Confirmed(2));
            side.awaitEnd();
        })) {
            Transport transport = Transports.open(ServerUrl.parse("tcp://" + peer.address()));
            RecordingListener listener = new RecordingListener(transport, frame -> {
                throw new IllegalStateException("on purpose");
            });
            transport.connect(0, listener);
            listener.awaitOpen();
            listener.awaitFrame();

            assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }

    @Test
    void shouldDeliverWhatWasFlushedBeforeItsOwnClose() throws Exception {
        byte[] sent = pattern(1_000_000);
        CompletableFuture<byte[]> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            for (int before = 1; before < 20; before++) {
                side.read();
            }
            seen.complete(((ClientFrame.Send) side.read()).envelope());
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "?closeTimeout=30s");
            opened.run(link -> {
                for (int command = 1; command <= 20; command++) {
                    link.send(new ClientFrame.Send(command, 1, false, true, 1, sent));
                }
                link.flush();
                link.close();
                link.close();
            });

            assertThat(Arrays.equals(seen.get(), sent)).isTrue();
            assertThat(opened.listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
        }
    }

    @Test
    void shouldNotWaitForeverForAServerThatDoesNotRead() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            done.join();
        })) {
            Opened opened = open(peer, "?closeTimeout=100");
            opened.run(link -> {
                for (int command = 1; command <= 50; command++) {
                    link.send(new ClientFrame.Send(command, 1, false, true, 1, new byte[1_000_000]));
                }
                link.flush();
                link.close();
            });

            assertThat(opened.listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
            done.complete(null);
        }
    }

    @Test
    void shouldBeatAndEndALinkThatIsSilent() throws Exception {
        BlockingQueue<ClientFrame> seen = new LinkedBlockingQueue<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            readAll(side, seen);
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> opened.transport.limits(link, FRAME_LENGTH_MAX, 1000, 100));
            EngineException cause = opened.listener.awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(cause).hasMessageContaining("silent for ").hasMessageContaining("tcp://" + peer.address());
            assertThat(seen).isNotEmpty().containsOnly(new ClientFrame.Heartbeat());
        }
    }

    @Test
    void shouldKeepALinkWhoseServerBeats() throws Exception {
        int beats = 5; // longer than two intervals
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            for (int i = 0; i < beats; i++) {
                assertThat(side.read()).isEqualTo(new ClientFrame.Heartbeat());
                side.write(new ServerFrame.Heartbeat());
            }
            side.write(new ServerFrame.Confirmed(1));
            side.awaitEnd();
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> opened.transport.limits(link, FRAME_LENGTH_MAX, 1000, 1_000));

            for (int i = 0; i < beats; i++) {
                assertThat(opened.listener.awaitFrame()).isEqualTo(new ServerFrame.Heartbeat());
            }
            assertThat(opened.listener.awaitFrame()).isEqualTo(new ServerFrame.Confirmed(1));
        }
    }

    @Test
    void shouldNotBeatWithoutAnInterval() throws Exception {
        CompletableFuture<Boolean> silent = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.socket().setSoTimeout(200);
            try {
                side.read();
                silent.complete(false);
            } catch (SocketTimeoutException e) {
                silent.complete(true);
            }
        })) {
            Opened opened = open(peer, "");
            opened.run(link -> opened.transport.limits(link, FRAME_LENGTH_MAX, 1000, 0));

            assertThat(silent.get()).isTrue();
        }
    }

    private static void readAll(ScriptedPeer.Side side, BlockingQueue<ClientFrame> seen) throws IOException {
        while (true) {
            seen.add(side.read());
        }
    }

    private static ServerFrame.Connected connected(long heartbeatMs) {
        return new ServerFrame.Connected(
                new UUID(1, 2), 3, "test", FRAME_LENGTH_MAX, 1000, heartbeatMs, 30_000, 0, false);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 1000);
        }
        return bytes;
    }

    private static Opened open(ScriptedPeer peer, String query) throws EngineException {
        Transport transport = Transports.open(ServerUrl.parse("tcp://" + peer.address() + query));
        RecordingListener listener = new RecordingListener(transport);
        transport.connect(0, listener);
        return new Opened(transport, listener, listener.awaitOpen());
    }

    private record Opened(Transport transport, RecordingListener listener, Link link) {

        /** Runs on the event loop and waits for it. */
        void run(java.util.function.Consumer<Link> task) {
            CompletableFuture.runAsync(() -> task.accept(link), transport::execute)
                    .join();
        }
    }
}
