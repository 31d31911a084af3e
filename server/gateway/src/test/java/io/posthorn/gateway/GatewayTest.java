package io.posthorn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.local.LocalAddress;
import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Logs;
import io.posthorn.gateway.login.Authenticator;
import io.posthorn.journal.JournalException;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Frame;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GatewayTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldConnectAndConfirmCommands(int threads) throws Exception {
        try (TestGateway gateway = TestGateway.start(threads);
                Peer peer = Peer.open(gateway.address())) {
            ServerFrame.Connected connected = peer.connect(0);
            assertThat(connected.server()).isEqualTo(gateway.journal.identity());
            assertThat(connected.frameLengthMax()).isEqualTo(Frame.LENGTH_MAX_DEFAULT);
            assertThat(connected.messageLengthMax()).isEqualTo(8 << 20);
            for (int command = 1; command <= 100; command++) {
                peer.proveAlive(command);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldServeManyConnectionsAtOnce(int threads) throws Exception {
        try (TestGateway gateway = TestGateway.start(threads)) {
            List<Peer> peers = new ArrayList<>();
            for (int count = 0; count < 50; count++) {
                peers.add(Peer.connected(gateway.address()));
            }
            for (int command = 1; command <= 20; command++) {
                for (Peer peer : peers) {
                    peer.proveAlive(command);
                }
            }
            for (Peer peer : peers) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldKeepTheOrderOfFramesSentInOnePiece(int threads) throws Exception {
        try (TestGateway gateway = TestGateway.start(threads);
                Peer peer = Peer.connected(gateway.address())) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            for (long token = 1; token <= 2_000; token++) {
                all.write(peer.encoded(new ClientFrame.XaRecover(token)));
            }
            peer.sendBytes(all.toByteArray());
            for (long token = 1; token <= 2_000; token++) {
                assertThat(((ServerFrame.XaBranches) peer.receive()).token()).isEqualTo(token);
            }
        }
    }

    @Test
    void shouldSendFramesThatFollowConnectInTheSamePiece() throws Exception {
        try (TestGateway gateway = TestGateway.start();
                Peer peer = Peer.open(gateway.address())) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            all.write(Peer.prefaceBytes());
            all.write(peer.encoded(Peer.connectFrame(null, null, 0)));
            all.write(peer.encoded(new ClientFrame.OpenSession(1, 1)));
            peer.sendBytes(all.toByteArray());
            assertThat(peer.receive()).isInstanceOf(ServerFrame.Connected.class);
            assertThat(peer.receive()).isEqualTo(new ServerFrame.Confirmed(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldSayGoodbyeWhenItStops(int threads) throws Exception {
        TestGateway gateway = TestGateway.start(threads);
        try (Peer peer = Peer.connected(gateway.address());
                Peer halfway = Peer.open(gateway.address())) {
            halfway.sendPreface();
            gateway.close();
            assertThat(peer.receive()).isEqualTo(new ServerFrame.Closed(ErrorCode.STOPPING, "the server is stopping"));
            assertThat(peer.receive()).isNull();
            halfway.receiveToEnd();
            assertThat(gateway.journal.isClosed()).isTrue();
        }
        assertThatThrownBy(() -> Peer.open(gateway.address())).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldDropEverybodyAndTellWhenTheJournalFails(int threads) throws Exception {
        try (LogLines log = new LogLines();
                TestGateway gateway = TestGateway.start(threads);
                Peer peer = Peer.connected(gateway.address())) {
            gateway.journal.fail();
            assertThat(gateway.failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("segment-7");
            assertThat(peer.receive()).isNull();
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("ERROR"))
                    .singleElement()
                    .asString()
                    .contains("segment-7 at 4096");
            assertThat(isServed(gateway)).isFalse();
        }
    }

    private static boolean isServed(TestGateway gateway) {
        try (Peer peer = Peer.open(gateway.address())) {
            return peer.connect(0) != null;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void shouldNotReadAPeerThatDoesNotTakeItsAnswers() throws Exception {
        try (TestGateway gateway = TestGateway.start();
                Peer flooder = Peer.connected(gateway.address());
                Peer good = Peer.connected(gateway.address())) {
            byte[] question = flooder.encoded(new ClientFrame.XaRecover(7));
            byte[] many = new byte[question.length * 4096];
            for (int index = 0; index < many.length; index++) {
                many[index] = question[index % question.length];
            }
            Thread flood = new Thread(() -> {
                try {
                    while (true) {
                        flooder.sendBytes(many);
                    }
                } catch (IOException expected) {
                    Thread.currentThread().interrupt();
                }
            });
            flood.start();
            long most = 0;
            for (int command = 1; command <= 2_000; command++) {
                good.proveAlive(command);
                most = Math.max(most, gateway.gateway().pendingBytes());
            }
            flooder.hangUp();
            flood.join();
            assertThat(most).isLessThan(16 << 20);
        }
    }

    @Test
    void shouldStoreNothingWhenItCouldNotRecover() {
        TestJournal journal = new TestJournal();
        journal.damage();
        assertThatThrownBy(() -> Gateway.start(
                        TestGateway.settings(1, 0, 10_000, null),
                        BrokerSettings.defaults(),
                        new Logs(journal, new TestJournal()),
                        Authenticator.OPEN,
                        failure -> {}))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("segment-3");
        assertThat(journal.checkpointCount()).isZero();
    }

    @Test
    void shouldNameThePortThatIsInUse() throws Exception {
        try (TestGateway gateway = TestGateway.start()) {
            InetSocketAddress taken = (InetSocketAddress) gateway.address();
            assertThatThrownBy(() -> TestGateway.start(TestGateway.settings(taken, 1, 0, 10_000, null)))
                    .isInstanceOf(GatewayException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getPort())
                    .hasMessageContaining("in use")
                    .hasMessageContaining("--port");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldServeClientsOfTheSameJvm(int threads) throws Exception {
        LocalAddress address = new LocalAddress("test-" + System.nanoTime());
        try (TestGateway gateway = TestGateway.start(TestGateway.settings(address, threads, 0, 10_000, null));
                LocalPeer peer = new LocalPeer(gateway.address())) {
            peer.send(Peer.connectFrame(null, null, 0));
            assertThat(peer.receive()).isInstanceOf(ServerFrame.Connected.class);
            peer.send(new ClientFrame.OpenSession(1, 1));
            assertThat(peer.receive()).isEqualTo(new ServerFrame.Confirmed(1));
        }
    }

    @Test
    void shouldBeatAndGiveUpSilentPeers() throws Exception {
        try (LogLines log = new LogLines();
                TestGateway gateway = TestGateway.start(TestGateway.settings(1, 100, 10_000, null));
                Peer peer = Peer.open(gateway.address())) {
            assertThat(peer.connect(200).heartbeatMs()).isEqualTo(200);
            assertThat(peer.receive()).isInstanceOf(ServerFrame.Heartbeat.class);
            long startNs = System.nanoTime();
            ServerFrame last = peer.receive();
            while (last != null) {
                assertThat(last).isInstanceOf(ServerFrame.Heartbeat.class);
                last = peer.receive();
            }
            assertThat(System.nanoTime() - startNs).isLessThan(TimeUnit.SECONDS.toNanos(5));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("heartbeat"))
                    .hasSize(1);
        }
    }

    @Test
    void shouldKeepAPeerThatBeats() throws Exception {
        try (TestGateway gateway = TestGateway.start(TestGateway.settings(1, 50, 10_000, null));
                Peer peer = Peer.open(gateway.address())) {
            assertThat(peer.connect(0).heartbeatMs()).isEqualTo(50);
            for (int beats = 0; beats < 20; beats++) {
                assertThat(peer.receive()).isInstanceOf(ServerFrame.Heartbeat.class);
                peer.send(new ClientFrame.Heartbeat());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "3, true", "1, false", "3, false"})
    void shouldHoldASenderWhileTheDiskIsBehindAndServeTheOthers(int threads, boolean persistent) throws Exception {
        int messages = 1000;
        byte[] body = new byte[64 << 10];
        byte[] envelope = new EnvelopeBuilder()
                .persistent(persistent)
                .body(BodyKind.BYTES, body, body.length)
                .build()
                .bytes();
        ExecutorService sending = Executors.newSingleThreadExecutor();
        try (TestGateway gateway = TestGateway.start(threads);
                Peer sender = Peer.connected(gateway.address());
                Peer other = Peer.connected(gateway.address())) {
            sender.send(new ClientFrame.OpenSession(1, 1));
            sender.send(new ClientFrame.DeclareAddress(1, Address.queue("q")));
            TestJournal behind = persistent ? gateway.journal : gateway.scratch;
            behind.stall();
            Future<?> sent = sending.submit(() -> {
                for (int number = 0; number < messages; number++) {
                    sender.send(new ClientFrame.Send(2 + number, 1, false, true, 1, envelope));
                }
                return null;
            });
            int command = 1;
            while (behind.backlogBytes() < 16 << 20) {
                other.proveAlive(command++);
            }
            for (int more = 0; more < 500; more++) {
                other.proveAlive(command++);
            }
            assertThat(behind.backlogBytes()).isLessThan(32 << 20);
            assertThat(sent.isDone()).isFalse();
            behind.goOn();
            ServerFrame last = sender.receive();
            while (!(last instanceof ServerFrame.Confirmed confirmed) || confirmed.command() < 1 + messages) {
                assertThat(last).isNotNull();
                last = sender.receive();
            }
            sent.get(10, TimeUnit.SECONDS);
        } finally {
            sending.shutdownNow();
        }
    }

    @Test
    void shouldStopWhenWhatIsNotPersistentCannotBeWritten() throws Exception {
        try (TestGateway gateway = TestGateway.start()) {
            gateway.scratch.fail();
            assertThat(gateway.failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("cannot write to segment-7");
        }
    }
}
