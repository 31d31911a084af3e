package io.posthorn.engine.transport;

import io.netty.channel.EventLoop;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.Reading;
import io.posthorn.engine.ServerUrl;
import io.posthorn.engine.transport.route.ClientThreads;
import io.posthorn.engine.transport.route.Route;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Channels to the addresses of one URL. {@code links} and {@code released} belong to whoever has the turn. */
final class SocketTransport implements Transport {

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final EventLoop loop;
    private final Turn turn;
    private final DirectReader reader;
    private final Route route;
    private final List<ServerAddress> addresses;
    private final long connectTimeoutMs;
    private final long closeTimeoutMs;
    private final Set<SocketLink> links = new HashSet<>();
    private boolean released;

    SocketTransport(ServerUrl url, Route route) {
        this(url, route, LOOK_NS);
    }

    /** Looks so often whether a thread of the application that read a socket still does. */
    SocketTransport(ServerUrl url, Route route, long lookNs) {
        this.route = route;
        this.loop = route.eventLoop();
        this.turn = new Turn(loop);
        this.reader = new DirectReader(turn, lookNs);
        this.addresses = url.addresses();
        this.connectTimeoutMs = url.options().connectTimeoutMs();
        this.closeTimeoutMs = url.options().closeTimeoutMs();
    }

    @Override
    public void connect(int addressIndex, LinkListener listener) {
        ServerAddress address = addresses.get(addressIndex);
        execute(() -> {
            if (released) {
                listener.onClosed(new EngineException(ErrorCode.CLOSED, "the connection to " + address + " is closed"));
                return;
            }
            SocketLink link = new SocketLink(address, turn, reader, listener, closeTimeoutMs, links::remove);
            links.add(link);
            link.startDeadline(connectTimeoutMs);
            new Dialler(route, loop, turn, address, link).dial();
        });
    }

    @Override
    public int addressCount() {
        return addresses.size();
    }

    @Override
    public String addressText(int addressIndex) {
        return addresses.get(addressIndex).toString();
    }

    @Override
    public void execute(Runnable task) {
        turn.execute(task);
    }

    @Override
    public boolean tryHere(BooleanSupplier task) {
        return turn.tryHere(task);
    }

    @Override
    public Reading reading() {
        return reader;
    }

    @Override
    public boolean inEventLoop() {
        return turn.isMine();
    }

    @Override
    public Runnable schedule(Runnable task, long delayMs) {
        Future<?> scheduled = turn.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public long nowMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void limits(Link link, long frameLengthMax, long messageLengthMax, long heartbeatMs) {
        ((SocketLink) link).setLimits(frameLengthMax, heartbeatMs);
    }

    @Override
    public void release() {
        execute(() -> {
            released = true;
            new ArrayList<>(links).forEach(SocketLink::close);
        });
        if (inEventLoop()) {
            ClientThreads.blocking().execute(route::release);
        } else {
            route.release();
        }
    }
}
