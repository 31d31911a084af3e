package io.posthorn.engine.transport.route;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.url.ServerAddress;
import java.net.SocketAddress;
import java.util.List;

/** How to get from the address of a URL to a channel: over the network, or inside of this JVM. */
public interface Route {

    /** The loop for one connection, until {@link #release}; asked for once. */
    EventLoop eventLoop();

    /** A channel that is neither registered nor connected, ready for {@code address}. On the event loop. */
    Channel channel(ServerAddress address);

    /** Whether {@link #find} may block for this address. */
    boolean blocks(ServerAddress address);

    /** Where the address leads; at least one place, in the order to try them. */
    List<SocketAddress> find(ServerAddress address) throws EngineException;

    /** No more channel will be asked for, and the loop is not needed any more. Once; may block. */
    void release();
}
