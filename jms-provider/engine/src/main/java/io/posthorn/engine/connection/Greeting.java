package io.posthorn.engine.connection;

import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ServerFrame;
import java.util.UUID;

/** Who the client is and whom it spoke to last. Written on the event loop; what the server said may be read anywhere. */
final class Greeting {

    private static final String PRODUCT = "posthorn-engine";

    private final UUID connection;
    private final String user;
    private final String password;
    private final long heartbeatMs;

    /** Set again when the server has taken an identifier. */
    private volatile String clientId;

    /** What the server said last; null before it said anything. */
    private volatile ServerFrame.Connected server;

    Greeting(UUID connection, String user, String password, String clientId, long heartbeatMs) {
        this.connection = connection;
        this.user = user;
        this.password = password;
        this.clientId = clientId;
        this.heartbeatMs = heartbeatMs;
    }

    ClientFrame.Connect frame(long lastConfirmed) {
        long knownRun = server == null ? 0 : server.run();
        return new ClientFrame.Connect(
                connection, clientId, user, password, heartbeatMs, knownRun, lastConfirmed, PRODUCT);
    }

    UUID connection() {
        return connection;
    }

    void identified(String id) {
        clientId = id;
    }

    void met(ServerFrame.Connected frame) {
        server = frame;
    }

    ServerFrame.Connected server() {
        return server;
    }
}
