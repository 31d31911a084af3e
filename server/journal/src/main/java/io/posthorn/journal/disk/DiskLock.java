package io.posthorn.journal.disk;

import io.posthorn.journal.JournalException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * The file {@code lock}: locked by the operating system while its owner lives, with the owner's name as text. The
 * locked
 * byte lies behind the text, so that others can read it on systems where locks are mandatory.
 *
 * <p>Within one JVM the file is not enough: closing any channel of it gives the lock away, on POSIX systems even if
 * another channel took it. So a second owner in this JVM must be refused before it touches the file. The JVM's system
 * properties are the one table that all class loaders share; an entry there stands for the folder.
 */
final class DiskLock implements Closeable {

    private static final String PROPERTY = "io.posthorn.journal.lock.";
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final int TEXT_MAX = 4096;

    private final String key;
    private final String owner;
    private final FileChannel channel;

    private DiskLock(String key, String owner, FileChannel channel) {
        this.key = key;
        this.owner = owner;
        this.channel = channel;
    }

    static DiskLock acquire(Path folder) throws JournalException {
        String key = PROPERTY + folder;
        String owner = nameThisProcess() + ", locked at " + Instant.now();
        Object holder = System.getProperties().putIfAbsent(key, owner);
        if (holder != null) {
            throw locked(folder, "this very process: " + holder);
        }
        FileChannel channel = null;
        try {
            channel = Interrupts.shield(() -> lockFile(folder, owner));
            if (channel == null) {
                throw locked(folder, readHolder(folder));
            }
            return new DiskLock(key, owner, channel);
        } catch (IOException e) {
            throw DiskFolder.unusable(folder, e);
        } finally {
            if (channel == null) {
                System.getProperties().remove(key, owner);
            }
        }
    }

    /** The locked channel, or null if another process has the lock. */
    private static FileChannel lockFile(Path folder, String owner) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            kept = true;
            return channel;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static String readHolder(Path folder) throws IOException {
        return Interrupts.shield(() -> {
            try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.READ)) {
                ByteBuffer text = ByteBuffer.allocate(TEXT_MAX);
                channel.read(text, 0);
                String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).trim();
                return holder.isEmpty() ? "a process that has not written its name" : holder;
            }
        });
    }

    private static JournalException locked(Path folder, String holder) {
        return new JournalException(
                JournalException.Kind.LOCKED,
                "The data folder " + folder + " is in use by " + holder
                        + ". Stop that one first, or give this one another folder.");
    }

    private static String nameThisProcess() {
        ProcessHandle process = ProcessHandle.current();
        String started = process.info().startInstant().map(Instant::toString).orElse("an unknown time");
        return "process " + process.pid() + " on host " + hostName() + ", started at " + started;
    }

    /** Asks the kernel and the environment only: a look-up by network may block for long. */
    private static String hostName() {
        Path kernel = Path.of("/proc/sys/kernel/hostname");
        if (Files.isReadable(kernel)) {
            try {
                return Files.readString(kernel).trim();
            } catch (IOException e) {
                return "unknown (" + e.getMessage() + ")";
            }
        }
        String name = System.getenv(System.getenv("COMPUTERNAME") != null ? "COMPUTERNAME" : "HOSTNAME");
        return name == null ? "unknown" : name;
    }

    /** Gives the folder up. Its entry in the JVM goes last, when the file may be touched again. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(key, owner);
        }
    }
}
