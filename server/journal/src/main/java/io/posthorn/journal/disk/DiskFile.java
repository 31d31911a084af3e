package io.posthorn.journal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the file system. Java closes a channel when a thread that works on it is interrupted, for all threads.
 * The
 * log must outlive that, so each operation that meets a channel closed in this way opens the file again and is
 * repeated:
 * all are by position, and repeating one does no harm.
 */
final class DiskFile implements LogFile {

    /**
     * Longest piece of a heap buffer that goes in one call: Java copies it through native memory that it
     * then keeps.
     */
    private static final int HEAP_SLICE_MAX = 1 << 20;

    private final Path path;
    private volatile FileChannel channel;
    private volatile boolean closed;

    private DiskFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static DiskFile open(Path path) throws IOException {
        return new DiskFile(path, Interrupts.shield(() -> channel(path)));
    }

    static DiskFile create(Path path) throws IOException {
        return new DiskFile(
                path,
                Interrupts.shield(() -> FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)));
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        persist(current -> {
            int end = target.limit();
            while (target.hasRemaining()) {
                if (!target.isDirect()) {
                    target.limit(Math.min(end, target.position() + HEAP_SLICE_MAX));
                }
                int count = current.read(target, position + (target.position() - start));
                target.limit(end);
                if (count < 0) {
                    break;
                }
            }
        });
        return target.position() - start;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        int start = source.position();
        int end = source.limit();
        persist(current -> {
            source.limit(end);
            while (source.hasRemaining()) {
                if (!source.isDirect()) {
                    source.limit(Math.min(end, source.position() + HEAP_SLICE_MAX));
                }
                current.write(source, position + (source.position() - start));
                source.limit(end);
            }
        });
    }

    @Override
    public void sync() throws IOException {
        persist(current -> current.force(false));
    }

    @Override
    public long length() throws IOException {
        long[] length = new long[1];
        persist(current -> length[0] = current.size());
        return length[0];
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    @FunctionalInterface
    private interface Operation {
        void on(FileChannel channel) throws IOException;
    }

    private void persist(Operation operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    operation.on(current);
                    return;
                } catch (ClosedChannelException e) {
                    if (closed) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                    reopen(current);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel broken) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (channel.equals(broken)) {
            channel = channel(path);
        }
    }
}
