package io.posthorn.engine.transport.route;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.SocketChannel;

/** A socket without TLS: what is written to the channel below is what the peer reads. */
public final class PlainSocket extends NioSocketChannel {

    /** The channel that Netty reads from and writes to. Whoever else writes to it must see to it that Netty does not meanwhile. */
    public SocketChannel socket() {
        return javaChannel();
    }
}
