package io.posthorn.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.Login;
import io.posthorn.broker.Logs;
import io.posthorn.gateway.agent.AdminLink;
import io.posthorn.gateway.agent.BrokerDriver;
import io.posthorn.gateway.connection.ConnectionHandler;
import io.posthorn.gateway.connection.ConnectionLimits;
import io.posthorn.gateway.connection.Outgoing;
import io.posthorn.gateway.login.Authenticator;
import io.posthorn.gateway.login.Doorkeeper;
import io.posthorn.gateway.tls.TlsContext;
import io.posthorn.gateway.tls.TlsException;
import io.posthorn.journal.JournalException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker with its door to the world: event loops, acceptor, connections. Made by {@link #start}, ended by {@link
 * #close}; both wait and must not be called on an event loop. The journal is lent: whoever opened it closes it
 * afterwards.
 */
public final class Gateway implements AutoCloseable {

    /** Between two looks at the files of certificate and key, in milliseconds. */
    private static final long TLS_CHECK_MS = 2_000;

    private static final int BACKLOG = 1024;
    private static final long FAREWELL_MS = 2_000;

    /**
     * A socket is not read, and nothing is delivered to it, while more than the upper number of bytes waits to go out, until
     * the lower is reached.
     */
    private static final WriteBufferWaterMark OUTBOUND = new WriteBufferWaterMark(128 << 10, 512 << 10);

    /** Which part of the memory may be taken by what all sockets have not taken, before each gets less. */
    private static final int OUTGOING_SHARE = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewaySettings settings;
    private final EventLoopGroup brokerLoop;
    private final EventLoopGroup socketLoops;
    private final Transport transport;
    private final BrokerDriver driver;
    private final Doorkeeper doorkeeper;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Outgoing outgoing = new Outgoing(Runtime.getRuntime().maxMemory() / OUTGOING_SHARE);
    private TlsContext tls;
    private Channel acceptor;

    private Gateway(
            GatewaySettings settings,
            BrokerSettings brokerSettings,
            Logs logs,
            Authenticator authenticator,
            Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.transport = Transport.of(settings.address());
        LoopThreads threads = new LoopThreads();
        this.brokerLoop = new MultiThreadIoEventLoopGroup(1, threads, transport.handlers());
        this.socketLoops = settings.threads() == 1
                ? brokerLoop
                : new MultiThreadIoEventLoopGroup(settings.threads() - 1, threads, transport.handlers());
        InstantSource clock = InstantSource.system();
        this.doorkeeper = new Doorkeeper(authenticator, clock);
        this.driver = new BrokerDriver(brokerLoop.next(), logs, brokerSettings, clock, failure -> {
            abandon();
            onFailure.accept(failure);
        });
    }

    /**
     * Recovers the broker from its logs, which nobody has replayed yet, and opens the port.
     *
     * @param onFailure told once, on an event loop, when journal or broker failed. All connections are closed then; what
     *     is left to do is {@link #close}, on another thread, and to end with an error
     */
    public static Gateway start(
            GatewaySettings settings,
            BrokerSettings brokerSettings,
            Logs logs,
            Authenticator authenticator,
            Consumer<Throwable> onFailure)
            throws GatewayException, JournalException, InterruptedException {
        Gateway gateway = new Gateway(settings, brokerSettings, logs, authenticator, onFailure);
        boolean started = false;
        try {
            gateway.open();
            started = true;
            return gateway;
        } catch (TlsException e) {
            throw new GatewayException(e.getMessage(), e);
        } finally {
            if (!started) {
                gateway.close();
            }
        }
    }

    private void open() throws GatewayException, JournalException, TlsException, InterruptedException {
        if (settings.tls() != null) {
            tls = TlsContext.open(settings.tls());
            brokerLoop.next().scheduleWithFixedDelay(this::checkTls, TLS_CHECK_MS, TLS_CHECK_MS, TimeUnit.MILLISECONDS);
        }
        driver.start();
        ChannelFuture bound = bootstrap().bind(settings.address()).await();
        if (!bound.isSuccess()) {
            throw new GatewayException(whyNotBound(settings.address(), bound.cause()), bound.cause());
        }
        acceptor = bound.channel();
    }

    private ServerBootstrap bootstrap() {
        ConnectionLimits limits = new ConnectionLimits(
                (int) settings.frameLengthMax(),
                settings.messageLengthMax(),
                settings.heartbeatMs(),
                settings.handshakeTimeoutMs(),
                outgoing);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(brokerLoop, socketLoops)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, OUTBOUND)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), doorkeeper.thread()));
                        }
                        channel.pipeline().addLast(new ConnectionHandler(driver, doorkeeper, limits));
                    }
                });
        if (transport != Transport.LOCAL) {
            bootstrap
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        return bootstrap;
    }

    /** How many bytes were sent to sockets that have not taken them yet. Any thread. */
    public long outgoingBytes() {
        return outgoing.bytes();
    }

    private void checkTls() {
        try {
            doorkeeper.thread().execute(tls::reloadIfChanged);
        } catch (RejectedExecutionException e) {
            LOG.debug("No room to look at the certificate; next time", e);
        }
    }

    private static String whyNotBound(SocketAddress address, Throwable cause) {
        String where = address instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : String.valueOf(address);
        String reason = String.valueOf(cause.getMessage());
        if (reason.contains("Address already in use")) {
            return "cannot listen on " + where + ": the port is in use. Stop the program that has it, or choose another"
                    + " port (setting listen.port, or --port N on the command line; 0 takes any free one)";
        } else if (reason.contains("Permission denied")) {
            return "cannot listen on " + where
                    + ": not permitted. Ports below 1024 need privileges; choose a higher one"
                    + " (setting listen.port, or --port N)";
        }
        return "cannot listen on " + where + ": " + cause.getClass().getSimpleName() + ": " + reason
                + ". Check the settings listen.host and listen.port";
    }

    /** Where it listens, with the port that was chosen. */
    public SocketAddress address() {
        return acceptor.localAddress();
    }

    /** The operator's way to the broker. */
    public AdminLink adminLink() {
        return driver.adminLink();
    }

    /** Checks the credentials of somebody who comes another way than over a socket of ours; either may be null. */
    public CompletableFuture<Login> login(String user, String password, SocketAddress peer) {
        return doorkeeper.login(user, password, peer, brokerLoop.next());
    }

    /** Bytes that peers have not taken yet, over all connections. */
    public long pendingBytes() {
        long sum = 0;
        for (Channel channel : connections) {
            var buffer = channel.unsafe().outboundBuffer();
            sum += buffer == null ? 0 : buffer.totalPendingWriteBytes();
        }
        return sum;
    }

    public int connectionCount() {
        return connections.size();
    }

    /** Takes no more connections and drops those there are; on the broker's loop. */
    private void abandon() {
        if (acceptor != null) {
            acceptor.close();
        }
        connections.close();
    }

    /** Takes no more connections, says goodbye to those there are, and waits until that has gone out, for a bounded time. */
    @Override
    public void close() {
        if (acceptor != null) {
            acceptor.close().awaitUninterruptibly(FAREWELL_MS);
        }
        driver.stop();
        connections.newCloseFuture().awaitUninterruptibly(FAREWELL_MS);
        // Also those that the acceptor took last and that have not got to their loops yet: they are closed when they
        // do. Otherwise a loop
        // that ends with that would leave them open for ever.
        connections.close().awaitUninterruptibly(FAREWELL_MS);
        doorkeeper.close();
        socketLoops.shutdownGracefully(0, FAREWELL_MS, TimeUnit.MILLISECONDS);
        brokerLoop.shutdownGracefully(0, FAREWELL_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(FAREWELL_MS);
        socketLoops.terminationFuture().awaitUninterruptibly(FAREWELL_MS);
    }
}
