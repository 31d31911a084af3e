package io.posthorn.gateway;

import io.posthorn.gateway.tls.TlsSettings;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * What can be set about a gateway.
 *
 * @param address where to listen: a host and port (port 0 for any free one), or a local address for clients in this JVM
 * @param threads number of event loops; 1 runs sockets and broker on one, with more the broker has the first for itself
 * @param frameLengthMax longest frame that is taken, in bytes
 * @param messageLengthMax longest message that is taken, in bytes; for the clients, the broker checks it
 * @param heartbeatMs the server's proposal for the interval of heartbeats, in milliseconds; 0 for none of its own
 * @param handshakeTimeoutMs how long a socket may take until it has sent its CONNECT, in milliseconds
 * @param tls certificate and key, or null for plain sockets
 */
public record GatewaySettings(
        SocketAddress address,
        int threads,
        long frameLengthMax,
        long messageLengthMax,
        long heartbeatMs,
        long handshakeTimeoutMs,
        TlsSettings tls) {

    /** Most event loops that make sense on any machine we know. */
    public static final int THREADS_MAX = 128;

    public static final long HANDSHAKE_TIMEOUT_MS = 10_000;

    public GatewaySettings {
        Objects.requireNonNull(address, "address");
        if (threads < 1 || threads > THREADS_MAX) {
            throw new IllegalArgumentException("threads must be 1 to " + THREADS_MAX + ", not " + threads);
        }
    }
}
