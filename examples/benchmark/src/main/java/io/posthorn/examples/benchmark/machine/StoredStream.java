package io.posthorn.examples.benchmark.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Blocks that one thread writes to a socket, another one reads, writes to a file, syncs sixteen at a time and then passes on, and a
 * third one reads: the way of a stream of long messages through a broker, without a copy in any of the three.
 */
final class StoredStream {
    private static final int BLOCK = 32 << 10;
    private static final int BLOCKS_PER_SYNC = 16;

    private StoredStream() {}

    /** Megabytes (of 10^6) a second that arrive. */
    static double mbPerSecond(Disk disk, long durationNs) throws IOException {
        ExecutorService parties = Executors.newCachedThreadPool();
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel sender = SocketChannel.open(server.getLocalAddress());
                SocketChannel in = server.accept();
                SocketChannel out = SocketChannel.open(server.getLocalAddress());
                SocketChannel receiver = server.accept()) {
            parties.execute(() -> send(sender));
            parties.execute(() -> relay(in, out, disk));
            return receive(receiver, durationNs);
        } finally {
            parties.shutdown();
        }
    }

    private static void send(SocketChannel socket) {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        try (socket) {
            while (socket.isOpen()) {
                writeAll(socket, block.clear());
            }
        } catch (IOException closed) {
            // The end of the measurement closes the sockets.
            return;
        }
    }

    private static void relay(SocketChannel in, SocketChannel out, Disk disk) {
        ByteBuffer blocks = ByteBuffer.allocateDirect(BLOCK * BLOCKS_PER_SYNC);
        try (in;
                out) {
            while (true) {
                blocks.clear();
                while (blocks.hasRemaining()) {
                    if (in.read(blocks) < 0) {
                        return;
                    }
                }
                disk.append(blocks.flip());
                writeAll(out, blocks.flip());
            }
        } catch (IOException closed) {
            // The end of the measurement closes the sockets; should it be the disk, the measurement finds them closed.
            return;
        }
    }

    private static double receive(SocketChannel socket, long durationNs) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        long beginNs = System.nanoTime();
        long warmNs = beginNs + durationNs / 3; // until the code is warm
        long bytes = 0;
        for (long nowNs = beginNs; nowNs - warmNs < durationNs; nowNs = System.nanoTime()) {
            int count = socket.read(block.clear());
            if (count < 0) {
                throw new IOException("the relay gave up");
            }
            bytes = nowNs < warmNs ? 0 : bytes + count;
        }
        return bytes * 1e3 / durationNs;
    }

    private static void writeAll(SocketChannel socket, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }
}
