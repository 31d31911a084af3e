package io.posthorn.examples.benchmark.machine;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Round trips over blocking sockets: to an echo (two hops), and to an echo behind a relay (four hops, the way of a request and its reply
 * through a broker). Each party has a thread of its own.
 */
final class Loopback {
    private static final int LENGTH = 1024;
    private static final int DIGITS = 3;

    private Loopback() {}

    /** What a relay does with what comes before it passes it on. */
    interface Store {
        void append(int length) throws IOException;
    }

    /** The median round trip to the echo in microseconds. */
    static double roundTripUs(long durationNs) throws IOException {
        ExecutorService parties = Executors.newCachedThreadPool();
        try (Pair pair = Pair.connect()) {
            parties.execute(() -> echo(pair.there()));
            return measure(pair.here(), durationNs);
        } finally {
            parties.shutdown();
        }
    }

    /** The same over the relay, which stores twice. */
    static double relayUs(Store store, long durationNs) throws IOException {
        ExecutorService parties = Executors.newCachedThreadPool();
        try (Pair near = Pair.connect();
                Pair far = Pair.connect()) {
            parties.execute(() -> relay(near.there(), far.here(), store));
            parties.execute(() -> echo(far.there()));
            return measure(near.here(), durationNs);
        } finally {
            parties.shutdown();
        }
    }

    private static double measure(Socket socket, long durationNs) throws IOException {
        byte[] bytes = new byte[LENGTH];
        DataInputStream in = new DataInputStream(socket.getInputStream());
        long beginNs = System.nanoTime();
        Histogram all = new Histogram(DIGITS);
        for (long nowNs = beginNs; nowNs - beginNs < durationNs; ) {
            if (nowNs - beginNs < durationNs / 3) {
                all.reset(); // until the code is warm
            }
            socket.getOutputStream().write(bytes);
            in.readFully(bytes);
            long thenNs = System.nanoTime();
            all.recordValue(thenNs - nowNs);
            nowNs = thenNs;
        }
        return all.getValueAtPercentile(50) / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }

    private static void echo(Socket socket) {
        byte[] bytes = new byte[LENGTH];
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                in.readFully(bytes);
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException closed) {
            // The end of the measurement closes the sockets.
            return;
        }
    }

    /** Passes what comes on, and what comes back to where it came from, until the sockets are closed. */
    private static void relay(Socket socket, Socket onward, Store store) {
        byte[] bytes = new byte[LENGTH];
        try (socket;
                onward) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataInputStream back = new DataInputStream(onward.getInputStream());
            while (true) {
                in.readFully(bytes);
                store.append(LENGTH);
                onward.getOutputStream().write(bytes);
                back.readFully(bytes);
                store.append(LENGTH);
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException closed) {
            // The end of the measurement closes the sockets; should it be the disk, the measurement finds them closed.
            return;
        }
    }

    /** Two ends of one connection. */
    private record Pair(Socket here, Socket there) implements AutoCloseable {
        static Pair connect() throws IOException {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
                Socket here = new Socket(loopback, server.getLocalPort());
                Socket there = server.accept();
                here.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                return new Pair(here, there);
            }
        }

        @Override
        public void close() throws IOException {
            here.close();
            there.close();
        }
    }
}
