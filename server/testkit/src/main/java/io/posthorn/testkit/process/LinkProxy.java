package io.posthorn.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between clients and one server on loopback, forwards, and breaks what it forwards when told. Two threads for each link; all
 * methods may be called from any thread.
 */
public final class LinkProxy implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int BUFFER_BYTES = 16 << 10;

    private final int serverPort;
    private final ServerSocket acceptor;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicInteger acceptedCount = new AtomicInteger();

    /** Directions in which nothing moves; guarded by itself. */
    private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);

    private volatile boolean refusing;
    private volatile boolean closed;

    public LinkProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.acceptor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("No port for the proxy", e);
        }
        start("proxy-accept", this::accept);
    }

    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    public int port() {
        return acceptor.getLocalPort();
    }

    /** Where clients find the server through this. */
    public String url() {
        return "tcp://127.0.0.1:" + port();
    }

    /** Ends all links at once, as a reset does. */
    public void cut() {
        links.forEach(Link::reset);
    }

    /** Ends all links, and refuses new ones until {@link #refuse} says otherwise. */
    public void tear() {
        refuse(true);
        cut();
    }

    /** From now on what goes this way is lost, on the links that stand; new ones are sound. */
    public void swallow(Direction direction) {
        links.forEach(link -> link.swallowed.add(direction));
    }

    /** Ends each link once it has forwarded so many more bytes this way. */
    public void cutAfter(Direction direction, int byteCount) {
        links.forEach(link -> link.limit(direction, byteCount));
    }

    /** Holds what goes this way, on all links, also new ones. Nothing is lost. */
    public void stall(Direction direction) {
        synchronized (stalled) {
            stalled.add(direction);
        }
    }

    /** Ends all stalls. */
    public void flow() {
        synchronized (stalled) {
            stalled.clear();
            stalled.notifyAll();
        }
    }

    /** Whether new links are closed as soon as they are accepted. */
    public void refuse(boolean yes) {
        refusing = yes;
    }

    /** How many links were accepted so far, refused ones too. */
    public int acceptedCount() {
        return acceptedCount.get();
    }

    public int linkCount() {
        return links.size();
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(acceptor);
        flow();
        cut();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = acceptor.accept();
                acceptedCount.incrementAndGet();
                if (refusing) {
                    client.close();
                } else {
                    start("proxy-connect", () -> connect(client));
                }
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException("The proxy cannot accept", e);
                }
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort), CONNECT_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException serverIsAway) {
            closeQuietly(client);
            closeQuietly(server);
            return;
        }
        Link link = new Link(client, server);
        links.add(link);
        start("proxy-to-server", () -> link.pump(Direction.TO_SERVER, client, server));
        start("proxy-to-client", () -> link.pump(Direction.TO_CLIENT, server, client));
        if (closed || refusing) {
            link.reset();
        }
    }

    private void awaitFlow(Direction direction) throws InterruptedException {
        synchronized (stalled) {
            while (stalled.contains(direction)) {
                stalled.wait();
            }
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException("A socket of the proxy cannot be closed", e);
        }
    }

    /** One client's link and its continuation to the server. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private final Set<Direction> swallowed = ConcurrentHashMap.newKeySet();
        private final AtomicInteger[] leftBytes = {new AtomicInteger(-1), new AtomicInteger(-1)};

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void limit(Direction direction, int byteCount) {
            leftBytes[direction.ordinal()].set(byteCount);
        }

        void pump(Direction direction, Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                int count;
                while ((count = in.read(buffer)) >= 0) {
                    awaitFlow(direction);
                    if (!swallowed.contains(direction)) {
                        int allowed = allowed(direction, count);
                        out.write(buffer, 0, allowed);
                        if (allowed < count) {
                            break;
                        }
                    }
                }
            } catch (IOException | InterruptedException ended) {
                // One side is gone; the other follows.
                reset();
                return;
            }
            end();
        }

        private int allowed(Direction direction, int count) {
            AtomicInteger left = leftBytes[direction.ordinal()];
            int before = left.get();
            if (before < 0) {
                return count;
            }
            int allowed = Math.min(before, count);
            left.set(before - allowed);
            return allowed;
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } catch (IOException alreadyClosed) {
                // Then there is nothing to reset.
                end();
                return;
            }
            end();
        }

        private void end() {
            links.remove(this);
            closeQuietly(client);
            closeQuietly(server);
        }
    }
}
