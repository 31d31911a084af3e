package io.posthorn.examples.benchmark.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** What the disk below a folder does with a preallocated file. */
final class Disk implements AutoCloseable {
    private static final int PREALLOCATED = 32 << 20;
    private static final int BLOCK = 32 << 10;
    private static final int SEQUENTIAL = 256 << 20;
    private static final int DIGITS = 3;
    private static final double NS_PER_US = TimeUnit.MICROSECONDS.toNanos(1);
    private static final int PAGE = 4096;

    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    private final Path file;
    private final FileChannel channel;
    private long position;

    Disk(Path folder) throws IOException {
        file = Files.createTempFile(folder, "disk", ".dat");
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        for (long at = 0; at < PREALLOCATED; at += BLOCK) {
            channel.write(block.clear(), at);
        }
        channel.force(true);
    }

    /** Writes so many bytes and syncs, one after the other; the time of the syncs alone, in nanoseconds. */
    Histogram syncs(int length, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        Histogram times = new Histogram(DIGITS);
        for (int number = 0; number < count; number++) {
            write(bytes.clear());
            long beginNs = System.nanoTime();
            channel.force(false);
            times.recordValue(System.nanoTime() - beginNs);
        }
        return times;
    }

    /**
     * Writes so many bytes at a fixed rate and syncs what has gathered, as a journal does with nothing around it. The time counts from
     * when a write was due to when it was durable.
     */
    double appendP99Us(int length, int perSecond, long durationNs) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        Histogram times = new Histogram(DIGITS);
        long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long beginNs = System.nanoTime();
        long count = durationNs / intervalNs;
        for (long synced = 0; synced < count; ) {
            long dueNs = beginNs + synced * intervalNs;
            for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
                LockSupport.parkNanos(leftNs);
            }
            long written = synced;
            while (written < count && System.nanoTime() - (beginNs + written * intervalNs) >= 0) {
                write(bytes.clear());
                written++;
            }
            channel.force(false);
            long durableNs = System.nanoTime();
            for (; synced < written; synced++) {
                times.recordValue(durableNs - (beginNs + synced * intervalNs));
            }
        }
        return times.getValueAtPercentile(99) / NS_PER_US;
    }

    /** Writes so many bytes, in whole pages, and syncs them. */
    void append(int length) throws IOException {
        int whole = (length + PAGE - 1) / PAGE * PAGE;
        write(block.clear().limit(whole));
        channel.force(false);
    }

    /** The same with whatever is given. */
    void append(ByteBuffer bytes) throws IOException {
        write(bytes);
        channel.force(false);
    }

    /** Megabytes a second of buffered writes of 32 KiB to a new file with one sync at the end. */
    double sequentialMbPerSecond() throws IOException {
        Path other = Files.createTempFile(file.getParent(), "sequential", ".dat");
        try (FileChannel written = FileChannel.open(other, StandardOpenOption.WRITE)) {
            long beginNs = System.nanoTime();
            for (long at = 0; at < SEQUENTIAL; at += BLOCK) {
                written.write(block.clear());
            }
            written.force(false);
            return SEQUENTIAL * 1e3 / (System.nanoTime() - beginNs);
        } finally {
            Files.delete(other);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (position + bytes.remaining() > PREALLOCATED) {
            position = 0;
        }
        position += channel.write(bytes, position);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.delete(file);
    }
}
