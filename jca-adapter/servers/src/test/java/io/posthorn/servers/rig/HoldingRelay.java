package io.posthorn.servers.rig;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A link to a broker that can hold back frames of one type on their way to it: whoever sent one waits for ever, until this relay
 * {@linkplain #release lets go} or the sender dies. Reads the frames of {@code docs/protocol.md}. Two daemon threads for each link.
 */
public final class HoldingRelay implements AutoCloseable {

    private static final int PREFACE_BYTES = 8;
    private static final int NOTHING = -1;

    private final int target;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Long> linkTimesNs = new CopyOnWriteArrayList<>();
    private volatile int heldType = NOTHING;
    private volatile boolean held;

    public HoldingRelay(int target) {
        this.target = target;
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("No port for the relay", e);
        }
        daemon("relay-entrance", this::accept);
    }

    public String url() {
        return "tcp://127.0.0.1:" + port();
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** When links were made, the oldest first, in the time of {@link System#nanoTime}. */
    public List<Long> linkTimesNs() {
        return List.copyOf(linkTimesNs);
    }

    /** From now on the first frame of this type stops its link: it does not arrive, nor does what follows it. */
    public void hold(int frameType) {
        held = false;
        heldType = frameType;
    }

    /** Whether a frame was held back since {@link #hold}. */
    public boolean isHeld() {
        return held;
    }

    /** Holds nothing any more, and breaks the links that stand, so that what was held back never arrives. */
    public void release() {
        heldType = NOTHING;
        sockets.forEach(HoldingRelay::close);
        sockets.clear();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                linkTimesNs.add(System.nanoTime());
                connect(client);
            } catch (IOException e) {
                if (!entrance.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        } catch (IOException brokerIsAway) {
            close(client);
            close(server);
            return;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        daemon("relay-up", () -> passFrames(client, server));
        daemon("relay-down", () -> passBytes(server, client));
    }

    private void passFrames(Socket from, Socket to) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
                OutputStream out = to.getOutputStream()) {
            out.write(in.readNBytes(PREFACE_BYTES));
            while (true) {
                int length = in.readInt();
                byte[] frame = in.readNBytes(length);
                if (frame.length > 0 && frame[0] == heldType) {
                    held = true;
                    in.readAllBytes();
                    return;
                }
                out.write(ByteBuffer.allocate(Integer.BYTES + frame.length)
                        .putInt(length)
                        .put(frame)
                        .array());
            }
        } catch (EOFException end) {
            close(to);
        } catch (IOException broken) {
            close(from);
        } finally {
            close(from);
            close(to);
        }
    }

    private void passBytes(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException broken) {
            close(from);
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        release();
    }
}
