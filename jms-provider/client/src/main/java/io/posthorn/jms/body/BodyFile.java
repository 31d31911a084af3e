package io.posthorn.jms.body;

import io.posthorn.engine.LongBodies;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * A body in a temporary file. The file has no name any more once it is open, where the operating system allows that, and
 * goes with the last reference to this object, or with the process; elsewhere it goes when the JVM ends. A {@link
 * RandomAccessFile} and not a channel, since an interruption closes those.
 */
public final class BodyFile implements LongBodies.Source, LongBodies.Sink {

    private final RandomAccessFile file;
    private long length;

    BodyFile() throws IOException {
        File path = File.createTempFile("posthorn-body-", ".tmp");
        file = new RandomAccessFile(path, "rw");
        if (!path.delete()) {
            path.deleteOnExit();
        }
    }

    @Override
    public synchronized long length() {
        return length;
    }

    @Override
    public synchronized void read(long position, byte[] into) throws IOException {
        read(position, into, 0, into.length);
    }

    /** Reads bytes from {@code position} on, exactly so many. */
    public synchronized void read(long position, byte[] into, int offset, int count) throws IOException {
        file.seek(position);
        file.readFully(into, offset, count);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /** Adds bytes at the end. */
    public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
        file.seek(length);
        file.write(bytes, offset, count);
        length += count;
    }
}
