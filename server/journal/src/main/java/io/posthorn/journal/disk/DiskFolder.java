package io.posthorn.journal.disk;

import io.posthorn.journal.JournalException;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the file system. */
public final class DiskFolder implements LogFolder {

    private final Path folder;

    private DiskFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder at {@code path}, created with its parents if it is not there.
     *
     * @throws JournalException UNUSABLE, when it cannot be created or is no folder
     */
    public static DiskFolder at(Path path) throws JournalException {
        try {
            Files.createDirectories(path);
            return new DiskFolder(path.toRealPath());
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    static JournalException unusable(Path path, IOException cause) {
        return new JournalException(
                JournalException.Kind.UNUSABLE,
                "The data folder " + path.toAbsolutePath() + " cannot be created or written (" + cause
                        + "). Give the user that runs this process the right to write there, or choose another folder.",
                cause);
    }

    @Override
    public String place() {
        return folder.toString();
    }

    @Override
    public String place(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public LogFile open(String name) throws IOException {
        return DiskFile.open(folder.resolve(name));
    }

    @Override
    public LogFile create(String name) throws IOException {
        return DiskFile.create(folder.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public void sync() throws IOException {
        if (File.separatorChar == '\\') {
            return; // Windows neither opens a folder nor needs its sync
        }
        Interrupts.shield(() -> {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
            return null;
        });
    }

    @Override
    public Closeable lock() throws JournalException {
        return DiskLock.acquire(folder);
    }
}
