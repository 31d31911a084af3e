package io.posthorn.jms.body;

import io.posthorn.wire.message.ByteReader;
import java.io.IOException;

/** Goes through a body from its beginning, with a part of it in memory at a time if it is in a file. */
public final class BodyReader {

    private static final int WINDOW = 64 << 10;

    private final BodyFile file;
    private final long length;

    /** The part that is in memory, and where reading is in it. */
    private byte[] window;

    private ByteReader in;

    /** Where what follows the window begins in the file. */
    private long next;

    public BodyReader(byte[] bytes, int offset, int count) {
        file = null;
        length = count;
        next = count;
        window = bytes;
        in = new ByteReader(bytes, offset, count);
    }

    public BodyReader(BodyFile file) {
        this.file = file;
        length = file.length();
        window = new byte[0];
        in = new ByteReader(window, 0, 0);
    }

    /** Of the whole body. */
    public long length() {
        return length;
    }

    public long remaining() {
        return length - next + in.remaining();
    }

    /** A reader with at least so many bytes, which must be there; good for one read. */
    public ByteReader need(int bytes) throws IOException {
        if (in.remaining() < bytes) {
            fill(bytes);
        }
        return in;
    }

    /** The array behind {@link #need}. */
    public byte[] window() {
        return window;
    }

    /** Copies as many bytes as there are, at the most {@code count}; returns how many. */
    public int read(byte[] target, int offset, int count) throws IOException {
        int copied = (int) Math.min(count, remaining());
        int here = Math.min(copied, in.remaining());
        System.arraycopy(window, in.index(), target, offset, here);
        in.skip(here);
        if (here < copied) {
            file.read(next, target, offset + here, copied - here);
            next += copied - here;
        }
        return copied;
    }

    private void fill(int bytes) throws IOException {
        int kept = in.remaining();
        byte[] larger = new byte[(int) Math.min(Math.max(bytes, WINDOW), remaining())];
        System.arraycopy(window, in.index(), larger, 0, kept);
        file.read(next, larger, kept, larger.length - kept);
        next += larger.length - kept;
        window = larger;
        in = new ByteReader(larger, 0, larger.length);
    }
}
