package io.posthorn.gateway;

import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Logs;
import io.posthorn.gateway.login.Authenticator;
import io.posthorn.gateway.tls.TlsSettings;
import io.posthorn.wire.frame.Frame;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A gateway on a free port with a journal in memory. */
final class TestGateway implements AutoCloseable {

    /** So little that what is not persistent soon goes to the scratch log. */
    private static final long CONTENT_BYTES_MAX = 1 << 20;

    final TestJournal journal = new TestJournal();
    final TestJournal scratch = new TestJournal();
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Gateway gateway;

    private TestGateway(GatewaySettings settings, Authenticator authenticator) throws Exception {
        gateway = Gateway.start(
                settings,
                brokerSettings(CONTENT_BYTES_MAX),
                new Logs(journal, scratch),
                authenticator,
                failure::complete);
    }

    static TestGateway start() throws Exception {
        return start(1);
    }

    static TestGateway start(int threads) throws Exception {
        return start(threads, Authenticator.OPEN);
    }

    static TestGateway start(int threads, Authenticator authenticator) throws Exception {
        return new TestGateway(settings(threads, 0, 10_000, null), authenticator);
    }

    static TestGateway start(GatewaySettings settings) throws Exception {
        return new TestGateway(settings, Authenticator.OPEN);
    }

    static GatewaySettings settings(int threads, long heartbeatMs, long handshakeTimeoutMs, TlsSettings tls) {
        return settings(new InetSocketAddress("127.0.0.1", 0), threads, heartbeatMs, handshakeTimeoutMs, tls);
    }

    static GatewaySettings settings(
            SocketAddress address, int threads, long heartbeatMs, long handshakeTimeoutMs, TlsSettings tls) {
        return new GatewaySettings(
                address, threads, Frame.LENGTH_MAX_DEFAULT, 8 << 20, heartbeatMs, handshakeTimeoutMs, tls);
    }

    static BrokerSettings brokerSettings(long contentBytesMax) {
        BrokerSettings all = BrokerSettings.defaults();
        return new BrokerSettings(
                all.messageLengthMax(),
                all.resumeWindowMs(),
                contentBytesMax,
                all.indexBytesMax(),
                all.stagedBytesMax(),
                all.blockEntries(),
                all.checkpointBytes(),
                all.compactionSlackBytes(),
                all.xaTimeoutMs(),
                all.destinations());
    }

    Gateway gateway() {
        return gateway;
    }

    SocketAddress address() {
        return gateway.address();
    }

    @Override
    public void close() {
        gateway.close();
        journal.close();
    }
}
