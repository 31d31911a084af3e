package io.posthorn.journal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. Any thread may call; calls that touch the same bytes are kept apart by the caller. An interrupt of
 * the
 * calling thread neither fails a call nor closes the file; the thread's interrupt status is kept.
 */
public interface LogFile extends Closeable {

    /** Reads from {@code position} until {@code target} is full or the file ends; returns how many bytes were read. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all that remains in {@code source}. It may be lost in a power cut until {@link #sync}. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Makes durable what was written before the call, whoever wrote it, and the length of the file. */
    void sync() throws IOException;

    long length() throws IOException;

    @Override
    void close() throws IOException;
}
