package io.posthorn.engine.transport.route;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.transport.tls.TlsLayer;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.engine.url.ServerAddress.Scheme;
import io.posthorn.wire.frame.ErrorCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** TCP, with TLS where the address says so. */
public final class NetworkRoute implements Route {

    private final TlsLayer tls;

    /** {@code tls} is null when no address uses it. */
    public NetworkRoute(TlsLayer tls) {
        this.tls = tls;
    }

    @Override
    public EventLoop eventLoop() {
        return ClientThreads.takeNetworkLoop();
    }

    @Override
    public Channel channel(ServerAddress address) {
        boolean isSecure = address.scheme() == Scheme.SSL;
        Channel channel = isSecure ? new NioSocketChannel() : new PlainSocket();
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        // The link has one deadline for everything up to the preface; Netty's own would only compete with it.
        channel.config().setConnectTimeoutMillis(0);
        if (isSecure) {
            channel.pipeline().addLast(tls.handler(address));
        }
        return channel;
    }

    @Override
    public boolean blocks(ServerAddress address) {
        return !NetUtil.isValidIpV4Address(address.host()) && !NetUtil.isValidIpV6Address(address.host());
    }

    @Override
    public List<SocketAddress> find(ServerAddress address) throws EngineException {
        try {
            List<SocketAddress> found = new ArrayList<>();
            for (InetAddress each : InetAddress.getAllByName(address.host())) {
                found.add(new InetSocketAddress(each, address.port()));
            }
            return found;
        } catch (UnknownHostException e) {
            throw new EngineException(
                    ErrorCode.CONNECTION_LOST,
                    "the host '" + address.host() + "' of " + address
                            + " is unknown: check its spelling, and that this machine can look it up (DNS, hosts file)",
                    e);
        }
    }

    @Override
    public void release() {
        // Sockets belong to their links.
        ClientThreads.giveBackNetworkLoop();
    }
}
