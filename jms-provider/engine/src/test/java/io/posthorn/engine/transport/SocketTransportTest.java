package io.posthorn.engine.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.ServerUrl;
import io.posthorn.engine.transport.route.ClientThreads;
import io.posthorn.engine.transport.route.NetworkRoute;
import io.posthorn.engine.transport.route.Route;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a link comes about, or does not. */
@Timeout(60)
class SocketTransportTest {

    @Test
    void shouldOpenAfterThePrefaces() throws Exception {
        CompletableFuture<Preface.Reading> seen = new CompletableFuture<>();
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            seen.complete(side.readPreface());
            side.writeRaw(new byte[] {'P', 'H', 'R'});
            side.writeRaw(new byte[] {'N', 1, 0, 0, 0});
            side.awaitEnd();
        })) {
            Transport transport = open("tcp://" + peer.address());
            RecordingListener listener = connect(transport);

            assertThat(listener.awaitOpen()).isNotNull();
            assertThat(seen.get().version()).isEqualTo(Preface.VERSION);
            transport.release();
            assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
        }
    }

    @Test
    void shouldReadFramesThatComeWithThePreface() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            byte[] refused = side.encode(new ServerFrame.Refused(ErrorCode.SECURITY, "no"));
            byte[] all = new byte[Preface.LENGTH + refused.length];
            System.arraycopy(new byte[] {'P', 'H', 'R', 'N', 1, 0, 0, 0}, 0, all, 0, Preface.LENGTH);
            System.arraycopy(refused, 0, all, Preface.LENGTH, refused.length);
            side.writeRaw(all);
            side.awaitEnd();
        })) {
            RecordingListener listener = connect(open("tcp://" + peer.address()));

            listener.awaitOpen();
            assertThat(listener.awaitFrame()).isEqualTo(new ServerFrame.Refused(ErrorCode.SECURITY, "no"));
            listener.awaitBurstEnd();
        }
    }

    @Test
    void shouldSayThatAnHttpServerIsNone() throws Exception {
        try (ScriptedPeer peer =
                ScriptedPeer.start(side -> side.writeRaw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)))) {
            EngineException cause = connect(open("tcp://" + peer.address())).awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(cause).hasMessageContainingAll("tcp://" + peer.address(), "HTTP", "485454502f312e31");
        }
    }

    @Test
    void shouldNameBothVersionsOfTheProtocol() throws Exception {
        try (ScriptedPeer peer =
                ScriptedPeer.start(side -> side.writeRaw(new byte[] {'P', 'H', 'R', 'N', 9, 0, 0, 0}))) {
            EngineException cause = connect(open("tcp://" + peer.address())).awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.VERSION);
            assertThat(cause).hasMessageContainingAll("tcp://" + peer.address(), "version 9", "version 1");
        }
    }

    @Test
    void shouldSayThatNothingListens() throws Exception {
        int port = freePort();

        EngineException cause = connect(open("tcp://127.0.0.1:" + port)).awaitClosed();

        assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(cause)
                .hasMessage(
                        "nothing listens at tcp://127.0.0.1:" + port + " (Connection refused): is the server running?");
    }

    @Test
    void shouldSayThatAHostIsUnknown() throws Exception {
        EngineException cause = connect(open("tcp://no..such-host:1")).awaitClosed();

        assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(cause).hasMessageContainingAll("'no..such-host'", "tcp://no..such-host:1", "is unknown");
    }

    @Test
    void shouldGiveUpAServerThatDoesNotGreetInTime() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.writeRaw(new byte[] {'P', 'H'});
            side.awaitEnd();
        })) {
            EngineException cause = connect(open("tcp://" + peer.address() + "?connectTimeout=200"))
                    .awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(cause)
                    .hasMessageContainingAll(
                            "tcp://" + peer.address(), "did not greet within 200 ms", "sent 2 of the 8 bytes");
        }
    }

    @Test
    void shouldSayThatAServerClosedWithoutAWord() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(ScriptedPeer.Side::readPreface)) {
            EngineException cause = connect(open("tcp://" + peer.address())).awaitClosed();

            assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(cause).hasMessageContainingAll("tcp://" + peer.address(), "without a word");
        }
    }

    @Test
    void shouldGiveUpALookUpThatTakesTooLong() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ServerUrl url = ServerUrl.parse("tcp://somewhere?connectTimeout=100");
        Transport transport = new SocketTransport(url, new FixedRoute(never, List.of()));

        EngineException cause = connect(transport).awaitClosed();

        assertThat(cause.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(cause)
                .hasMessageContainingAll("tcp://somewhere:7660", "not reached within 100 ms", "connectTimeout");
        never.countDown();
    }

    @Test
    void shouldTryTheNextPlaceOfAName() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.start(side -> {
            side.greet();
            side.awaitEnd();
        })) {
            List<SocketAddress> places = List.of(
                    new InetSocketAddress("127.0.0.1", freePort()), new InetSocketAddress("127.0.0.1", peer.port()));
            Transport transport = new SocketTransport(
                    ServerUrl.parse("tcp://somewhere"), new FixedRoute(new CountDownLatch(0), places));
            RecordingListener listener = connect(transport);

            listener.awaitOpen();
            transport.release();
            listener.awaitClosed();
        }
    }

    @Test
    void shouldEndAnAttemptThatIsUnderWayWhenReleased() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Transport transport = new SocketTransport(ServerUrl.parse("tcp://somewhere"), new FixedRoute(never, List.of()));
        RecordingListener listener = connect(transport);

        transport.release();

        assertThat(listener.awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
        never.countDown();
        assertThat(connect(transport).awaitClosed().code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void shouldNameItsAddressesWithoutOptions() throws Exception {
        Transport transport = open("tcp://a:1,ssl://[::1]?password=x");

        assertThat(transport.addressCount()).isEqualTo(2);
        assertThat(transport.addressText(0)).isEqualTo("tcp://a:1");
        assertThat(transport.addressText(1)).isEqualTo("ssl://[::1]:7660");
    }

    @Test
    void shouldRunTasksOnADaemonThreadOfItsName() throws Exception {
        Transport transport = open("tcp://a:1");
        CompletableFuture<Thread> now = new CompletableFuture<>();
        CompletableFuture<Thread> later = new CompletableFuture<>();

        transport.execute(() -> now.complete(Thread.currentThread()));
        transport.schedule(() -> later.complete(Thread.currentThread()), 1);

        assertThat(now.get().isDaemon()).isTrue();
        assertThat(now.get().getName()).matches("posthorn-client-\\d+");
        assertThat(later.get()).isSameAs(now.get());
        assertThat(transport.inEventLoop()).isFalse();
    }

    private static Transport open(String url) throws EngineException {
        return Transports.open(ServerUrl.parse(url));
    }

    private static RecordingListener connect(Transport transport) {
        RecordingListener listener = new RecordingListener(transport);
        transport.connect(0, listener);
        return listener;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** Finds the same places for each address, once a latch is open. */
    private record FixedRoute(CountDownLatch gate, List<SocketAddress> places) implements Route {

        @Override
        public EventLoop eventLoop() {
            return ClientThreads.takeNetworkLoop();
        }

        @Override
        public Channel channel(ServerAddress address) {
            return new NetworkRoute(null).channel(address);
        }

        @Override
        public boolean blocks(ServerAddress address) {
            return true;
        }

        @Override
        public List<SocketAddress> find(ServerAddress address) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return places;
        }

        @Override
        public void release() {
            ClientThreads.giveBackNetworkLoop();
        }
    }
}
