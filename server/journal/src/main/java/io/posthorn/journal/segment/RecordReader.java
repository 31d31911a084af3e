package io.posthorn.journal.segment;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads single records from the files and checks them. For any thread; each has a window of its own. A thread that
 * goes
 * through the log in order reads it in large pieces.
 */
public final class RecordReader {

    private static final int PIECE_LENGTH = 4096;

    private final LogFolder folder;
    private final SegmentReaders readers;
    private final int readAhead;
    private final ThreadLocal<Window> windows = ThreadLocal.withInitial(Window::new);

    public RecordReader(LogFolder folder, SegmentReaders readers, int readAhead) {
        this.folder = folder;
        this.readers = readers;
        this.readAhead = readAhead;
    }

    /** Bytes of a segment that were written when they were read, so they do not change any more. */
    private static final class Window {
        private final Frame frame = new Frame(0);
        private byte[] bytes = new byte[PIECE_LENGTH];
        private long segment = -1;
        private int start;
        private int length;

        boolean holds(long wantedSegment, int offset, long wantedLength) {
            return wantedSegment == segment && offset >= start && offset + wantedLength <= (long) start + length;
        }

        boolean isNear(long wantedSegment, int offset, int distance) {
            return wantedSegment == segment && offset >= start && offset <= (long) start + length + distance;
        }
    }

    /** The body of the record at a position before {@code end}, up to which all is written. */
    public byte[] read(long position, long end) throws JournalException {
        long segment = Position.segment(position);
        int offset = Position.offset(position);
        SegmentReaders.Reader reader = null;
        try {
            reader = readers.acquire(segment);
            int limit = (int) (Position.segment(end) == segment ? Position.offset(end) : reader.length());
            return read(reader, segment, offset, limit);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    "Reading " + Site.of(folder, segment).place() + " at offset " + offset + " failed: " + e
                            + ". Look after the disk; stop the server and run 'posthorn journal check --data "
                            + folder.place()
                            + "' to see what is damaged.",
                    e);
        } finally {
            if (reader != null) {
                readers.release(reader);
            }
        }
    }

    private byte[] read(SegmentReaders.Reader reader, long segment, int offset, int limit)
            throws JournalException, IOException {
        Window window = windows.get();
        if (!window.holds(segment, offset, Frame.HEADER_LENGTH)) {
            fill(window, reader, segment, offset, limit);
        }
        if (!window.holds(segment, offset, Frame.HEADER_LENGTH)) {
            throw damaged(segment, offset, "there is no record");
        }
        int at = offset - window.start;
        if (!window.frame.headerCounts(window.bytes, at, Position.of(segment, offset))) {
            throw damaged(segment, offset, "the header of the record is not what was written");
        }
        long length = Frame.length(Frame.bodyLength(window.bytes, at));
        if (length > limit - offset) {
            throw damaged(segment, offset, "the record is longer than what is written");
        }
        byte[] bytes = window.bytes;
        if (!window.holds(segment, offset, length)) {
            bytes = load(window, reader, segment, offset, (int) length, limit);
            at = 0;
        }
        if (!window.frame.counts(bytes, at, Position.of(segment, offset)) || Frame.kind(bytes, at) != Frame.DATA) {
            throw damaged(segment, offset, "the record is not what was written");
        }
        int body = at + Frame.HEADER_LENGTH;
        return Arrays.copyOfRange(bytes, body, body + Frame.bodyLength(bytes, at));
    }

    private JournalException damaged(long segment, int offset, String what) {
        return Site.of(folder, segment).damaged(offset, what);
    }

    private void fill(Window window, SegmentReaders.Reader reader, long segment, int offset, int limit)
            throws IOException {
        int wanted = window.isNear(segment, offset, readAhead) ? readAhead : PIECE_LENGTH;
        if (window.bytes.length < wanted) {
            window.bytes = new byte[wanted];
        }
        window.segment = segment;
        window.start = offset;
        window.length = 0; // stays if the read fails
        int length = Math.max(0, Math.min(wanted, limit - offset));
        window.length = reader.file().read(ByteBuffer.wrap(window.bytes, 0, length), offset);
    }

    /**
     * A record that goes past the window: into the window from its start, or, if it is longer, into an
     * array of its own.
     */
    private byte[] load(Window window, SegmentReaders.Reader reader, long segment, int offset, int length, int limit)
            throws JournalException, IOException {
        if (length <= readAhead) {
            if (window.bytes.length < length) {
                window.bytes = new byte[readAhead];
            }
            fill(window, reader, segment, offset, limit);
            if (window.holds(segment, offset, length)) {
                return window.bytes;
            }
        }
        byte[] bytes = new byte[length];
        if (reader.file().read(ByteBuffer.wrap(bytes), offset) < length) {
            throw damaged(segment, offset, "the file ends within the record");
        }
        return bytes;
    }
}
