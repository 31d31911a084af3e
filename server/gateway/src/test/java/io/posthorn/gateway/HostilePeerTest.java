package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Preface;
import io.posthorn.wire.frame.ServerFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes to the port ends at most its own connection, while a good client keeps working. */
@Timeout(120)
class HostilePeerTest {

    private TestGateway gateway;
    private Peer good;
    private LogLines log;
    private long command;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start(TestGateway.settings(1, 0, 1_000, null));
        good = Peer.connected(gateway.address());
        log = new LogLines();
    }

    @AfterEach
    void stop() throws Exception {
        good.proveAlive(++command);
        log.close();
        good.close();
        gateway.close();
        assertThat(gateway.failure).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "AMQP\u0000\u0001\u0000\u0000",
                "CONNECT\naccept-version:1.2\n\n\u0000",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "complete nonsense, and more of it than a preface has"
            })
    void shouldEndOtherProtocolsWithOneLineAndNoAnswer(String garbage) throws Exception {
        try (Peer peer = Peer.open(gateway.address())) {
            peer.sendBytes(garbage.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(peer.receiveToEnd()).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO")
                    .contains("127.0.0.1:" + peer.socket().getLocalPort());
        }
    }

    @Test
    void shouldTellWhatTheForeignProtocolLooksLike() throws Exception {
        try (Peer peer = Peer.open(gateway.address())) {
            peer.sendBytes("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            peer.receiveToEnd();
            assertThat(log.lines()).singleElement().asString().contains("HTTP");
        }
    }

    @Test
    void shouldAnswerANewerVersionWithItsOwnPreface() throws Exception {
        try (Peer peer = Peer.open(gateway.address())) {
            byte[] newer = Peer.prefaceBytes();
            newer[4] = (byte) (Preface.VERSION + 1);
            peer.sendBytes(newer);
            assertThat(peer.receiveToEnd()).isEqualTo(Peer.prefaceBytes());
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO")
                    .contains("version");
        }
    }

    @Test
    void shouldRefuseFramesBeforeConnect() throws Exception {
        try (Peer peer = Peer.open(gateway.address())) {
            peer.sendPreface();
            peer.send(new ClientFrame.OpenSession(1, 1));
            assertThat(((ServerFrame.Refused) peer.receive()).code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(peer.receive()).isNull();
        }
    }

    @Test
    void shouldCloseAfterASecondConnect() throws Exception {
        try (Peer peer = Peer.connected(gateway.address())) {
            peer.send(Peer.connectFrame(null, null, 0));
            assertThat(((ServerFrame.Closed) peer.receive()).code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(peer.receive()).isNull();
            assertThat(log.lines()).singleElement().asString().startsWith("WARN");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, (1 << 20) + 1})
    void shouldEndFramesOfImpossibleLength(int length) throws Exception {
        for (boolean connected : new boolean[] {false, true}) {
            try (Peer peer = Peer.open(gateway.address())) {
                if (connected) {
                    peer.connect(0);
                } else {
                    peer.sendPreface();
                }
                ByteBuf bytes = Unpooled.buffer().writeInt(length).writeInt(42);
                peer.sendBytes(Arrays.copyOf(bytes.array(), 8));
                ServerFrame last = peer.receive();
                assertThat(last).isInstanceOfAny(ServerFrame.Closed.class, ServerFrame.Refused.class);
                assertThat(peer.receive()).isNull();
            }
        }
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("WARN"));
    }

    @Test
    void shouldEndUnknownFrames() throws Exception {
        try (Peer peer = Peer.connected(gateway.address())) {
            peer.sendBytes(new byte[] {0, 0, 0, 2, (byte) 250, 1});
            assertThat(((ServerFrame.Closed) peer.receive()).code()).isEqualTo(ErrorCode.PROTOCOL);
            assertThat(peer.receive()).isNull();
        }
    }

    @Test
    void shouldServeAPeerThatSendsOneByteAtATime() throws Exception {
        try (Peer peer = Peer.open(gateway.address())) {
            for (byte[] bytes : List.of(
                    Peer.prefaceBytes(),
                    peer.encoded(Peer.connectFrame("slow", "loris", 0)),
                    peer.encoded(new ClientFrame.OpenSession(1, 1)))) {
                for (byte one : bytes) {
                    peer.sendBytes(one);
                }
            }
            assertThat(peer.receive()).isInstanceOf(ServerFrame.Connected.class);
            assertThat(peer.receive()).isEqualTo(new ServerFrame.Confirmed(1));
        }
    }

    @Test
    void shouldEndPeersThatDoNotConnectInTime() throws Exception {
        try (Peer silent = Peer.open(gateway.address());
                Peer halfPreface = Peer.open(gateway.address());
                Peer halfConnect = Peer.open(gateway.address())) {
            halfPreface.sendBytes((byte) 'P', (byte) 'H');
            halfConnect.sendPreface();
            byte[] connect = halfConnect.encoded(Peer.connectFrame("a", "b", 0));
            halfConnect.sendBytes(Arrays.copyOf(connect, connect.length - 1));
            assertThat(silent.receiveToEnd()).isEmpty();
            assertThat(halfPreface.receiveToEnd()).isEmpty();
            assertThat(halfConnect.receiveToEnd()).isEqualTo(Peer.prefaceBytes());
            assertThat(log.lines()).hasSize(3).allMatch(line -> line.startsWith("INFO") && line.contains("1000 ms"));
        }
    }

    @Test
    void shouldTakeManyPeersThatComeAndGoWithoutAWord() throws Exception {
        for (int count = 0; count < 300; count++) {
            Peer.open(gateway.address()).close();
        }
        good.proveAlive(++command);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void shouldServeTheGoodClientWhileHundredsSendNoise() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Peer> noisy = new ArrayList<>();
        for (int count = 0; count < 200; count++) {
            Peer peer = Peer.open(gateway.address());
            noisy.add(peer);
            noise(peer, random);
            if (count % 10 == 0) {
                good.proveAlive(++command);
            }
        }
        for (Peer peer : noisy) {
            peer.close();
        }
        good.proveAlive(++command);
        assertThat(log.lines()).as("one line a peer at most, seed %s", seed).hasSizeLessThanOrEqualTo(200);
    }

    private static void noise(Peer peer, Random random) {
        try {
            byte[] bytes = new byte[1 + random.nextInt(4096)];
            random.nextBytes(bytes);
            switch (random.nextInt(4)) {
                case 0 -> peer.sendBytes(bytes);
                case 1 -> {
                    peer.sendPreface();
                    peer.sendBytes(bytes);
                }
                case 2 -> {
                    peer.connect(0);
                    peer.sendBytes(bytes);
                }
                default -> {
                    peer.connect(0);
                    byte[] frame = peer.encoded(new ClientFrame.OpenSession(1, 1));
                    frame[random.nextInt(frame.length)] ^= (byte) (1 + random.nextInt(255));
                    peer.sendBytes(frame);
                }
            }
        } catch (IOException expected) {
            // The server had enough of it before all was sent.
            assertThat(expected).isNotNull();
        }
    }

    @Test
    void shouldNotStopTheLoopForASlowPeerInTheMiddleOfAFrame() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (Peer slow = Peer.connected(gateway.address())) {
            byte[] frame = slow.encoded(new ClientFrame.OpenSession(1, 1));
            slow.sendBytes(Arrays.copyOf(frame, frame.length - 1));
            sent.countDown();
            assertThat(sent.await(1, TimeUnit.SECONDS)).isTrue();
            for (int count = 0; count < 100; count++) {
                good.proveAlive(++command);
            }
            slow.sendBytes(frame[frame.length - 1]);
            assertThat(slow.receive()).isEqualTo(new ServerFrame.Confirmed(1));
        }
    }
}
