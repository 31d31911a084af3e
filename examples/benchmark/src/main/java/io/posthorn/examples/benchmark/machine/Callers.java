package io.posthorn.examples.benchmark.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that each write 1 KiB to a socket of their own and wait until it was written to the disk and synced, as synchronous senders do,
 * with nothing else around them: one thread reads the sockets and takes all that has come to the disk with one sync.
 */
final class Callers implements AutoCloseable {
    private static final int CALL = 1024;
    private static final int ANSWER = 16;
    private static final long MILLISECOND_NS = 1_000_000;

    private final Disk disk;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<SocketChannel> calling = new ArrayList<>();
    private final LongAdder answered = new LongAdder();
    private final Selector selector = Selector.open();
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER);

    private Callers(Disk disk, int count) throws IOException {
        this.disk = disk;
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int number = 0; number < count; number++) {
                calling.add(noDelay(SocketChannel.open(server.getLocalAddress())));
                SocketChannel called = noDelay(server.accept());
                called.configureBlocking(false);
                called.register(selector, SelectionKey.OP_READ, ByteBuffer.allocateDirect(CALL));
            }
        }
    }

    private static SocketChannel noDelay(SocketChannel channel) throws IOException {
        return channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** How many calls a second are answered, after half as long to get warm; {@code apart}: by a second thread that syncs and answers. */
    static double perSecond(Path folder, int count, boolean apart, long durationNs) throws IOException {
        try (Disk disk = new Disk(folder);
                Callers callers = new Callers(disk, count)) {
            callers.start(apart);
            sleep(durationNs / 2);
            long before = callers.answered.sum();
            long beginNs = System.nanoTime();
            sleep(durationNs);
            return (callers.answered.sum() - before) * 1e9 / (System.nanoTime() - beginNs);
        }
    }

    private static void sleep(long ns) {
        long endNs = System.nanoTime() + ns;
        for (long leftNs = ns; leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    private void start(boolean apart) {
        BlockingQueue<SocketChannel> come = new LinkedBlockingQueue<>();
        if (apart) {
            run(() -> {
                while (!threads.isShutdown()) {
                    List<SocketChannel> those = new ArrayList<>(List.of(come.take()));
                    come.drainTo(those);
                    answer(those);
                }
            });
        }
        run(() -> {
            while (!threads.isShutdown()) {
                List<SocketChannel> those = read();
                if (apart) {
                    come.addAll(those);
                } else {
                    answer(those);
                }
            }
        });
        calling.forEach(channel -> run(() -> call(channel)));
    }

    private void call(SocketChannel channel) throws IOException {
        ByteBuffer call = ByteBuffer.allocateDirect(CALL);
        ByteBuffer come = ByteBuffer.allocateDirect(ANSWER);
        while (!threads.isShutdown()) {
            channel.write(call.clear());
            come.clear();
            while (come.hasRemaining()) {
                channel.read(come);
            }
            answered.increment();
        }
    }

    /** Waits until something comes; whose calls are there. */
    private List<SocketChannel> read() throws IOException {
        List<SocketChannel> whole = new ArrayList<>();
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
            ByteBuffer call = (ByteBuffer) key.attachment();
            ((SocketChannel) key.channel()).read(call);
            if (!call.hasRemaining()) {
                whole.add((SocketChannel) key.channel());
                call.clear();
            }
        }
        selector.selectedKeys().clear();
        return whole;
    }

    private void answer(List<SocketChannel> those) throws IOException {
        if (!those.isEmpty()) {
            disk.append(those.size() * CALL);
        }
        for (SocketChannel each : those) {
            each.write(answer.clear());
        }
    }

    /** Until it is interrupted; what it waits for is closed then, the file, too. */
    private void run(Endless work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException | ClosedSelectorException e) {
                if (!threads.isShutdown()) { // and so the end of the measurement
                    throw new IllegalStateException("Calls and answers have come to a halt", e);
                }
            }
        });
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        while (!threads.isTerminated()) {
            LockSupport.parkNanos(MILLISECOND_NS);
        }
        for (SocketChannel channel : calling) {
            channel.close();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private interface Endless {
        void run() throws IOException, InterruptedException;
    }
}
