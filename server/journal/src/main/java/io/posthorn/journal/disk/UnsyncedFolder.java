package io.posthorn.journal.disk;

import io.posthorn.journal.JournalException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A folder whose files need not survive: nothing in it is ever synced. */
public final class UnsyncedFolder implements LogFolder {

    private final LogFolder folder;

    public UnsyncedFolder(LogFolder folder) {
        this.folder = folder;
    }

    @Override
    public String place() {
        return folder.place();
    }

    @Override
    public String place(String name) {
        return folder.place(name);
    }

    @Override
    public List<String> names() throws IOException {
        return folder.names();
    }

    @Override
    public LogFile open(String name) throws IOException {
        return new UnsyncedFile(folder.open(name));
    }

    @Override
    public LogFile create(String name) throws IOException {
        return new UnsyncedFile(folder.create(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        folder.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        folder.delete(name);
    }

    @Override
    public long freeBytes() throws IOException {
        return folder.freeBytes();
    }

    @Override
    public void sync() {
        // which names exist need not survive either
    }

    @Override
    public Closeable lock() throws JournalException {
        return folder.lock();
    }

    private record UnsyncedFile(LogFile file) implements LogFile {

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void sync() {
            // what is in it need not survive
        }

        @Override
        public long length() throws IOException {
            return file.length();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
