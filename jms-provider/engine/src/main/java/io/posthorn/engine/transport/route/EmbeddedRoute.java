package io.posthorn.engine.transport.route;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import io.posthorn.engine.EmbeddedServer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ErrorCode;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;

/**
 * Netty's local channel to a server inside of this JVM. Holds one use of the server from the first {@link #find} to
 * {@link #release}; both hold the lock of this object while the server starts and stops, which must not overlap.
 */
public final class EmbeddedRoute implements Route {

    private final EmbeddedServer server;
    private final Map<String, String> options;

    /** The name that is in use; null for none. Guarded by this. */
    private String acquired;

    /** Guarded by this. */
    private boolean released;

    public EmbeddedRoute(EmbeddedServer server, Map<String, String> options) {
        this.server = server;
        this.options = options;
    }

    @Override
    public EventLoop eventLoop() {
        return ClientThreads.takeLocalLoop();
    }

    @Override
    public Channel channel(ServerAddress address) {
        return new LocalChannel();
    }

    @Override
    public boolean blocks(ServerAddress address) {
        return true;
    }

    @Override
    public synchronized List<SocketAddress> find(ServerAddress address) throws EngineException {
        if (released) {
            throw new EngineException(ErrorCode.CLOSED, "the connection to " + address + " is closed");
        }
        SocketAddress found = server.acquire(address.host(), options);
        if (acquired != null) {
            // A later socket of the same connection: one use is enough.
            server.release(acquired);
        }
        acquired = address.host();
        return List.of(found);
    }

    @Override
    public void release() {
        ClientThreads.giveBackLocalLoop();
        releaseServer();
    }

    private synchronized void releaseServer() {
        released = true;
        if (acquired != null) {
            String name = acquired;
            acquired = null;
            server.release(name);
        }
    }
}
