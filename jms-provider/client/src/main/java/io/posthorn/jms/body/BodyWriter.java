package io.posthorn.jms.body;

import io.posthorn.wire.message.ByteWriter;
import java.io.IOException;

/** A body that is being written: in memory as long as it is short, then in a file. */
public final class BodyWriter {

    private static final int CAPACITY = 64;

    /** How much of an array is copied at a time. */
    private static final int COPY_MAX = 64 << 10;

    private final BodyStore store;
    private final ByteWriter memory = new ByteWriter(CAPACITY);
    private BodyFile file;

    public BodyWriter(BodyStore store) {
        this.store = store;
    }

    /** Where to write what is short. */
    public ByteWriter out() throws IOException {
        if (memory.size() > store.bytesMax()) {
            spill();
        }
        return memory;
    }

    /** Writes what may be long. */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = Math.min(COPY_MAX, length - done);
            out().writeBytes(bytes, offset + done, count);
            done += count;
        }
    }

    private void spill() throws IOException {
        if (file == null) {
            file = store.newFile();
        }
        file.write(memory.array(), 0, memory.size());
        memory.clear();
    }

    public long length() {
        return memory.size() + (file == null ? 0 : file.length());
    }

    /** All of it in a file, if any of it is; null when it is in {@link #memory()}. */
    public BodyFile file() throws IOException {
        if (file != null && memory.size() > 0) {
            spill();
        }
        return file;
    }

    /** All of it, unless there is a {@link #file()}. */
    public ByteWriter memory() {
        return memory;
    }

    public BodyReader reader() throws IOException {
        BodyFile stored = file();
        return stored == null ? new BodyReader(memory.array(), 0, memory.size()) : new BodyReader(stored);
    }
}
