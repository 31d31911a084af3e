package io.posthorn.jms.body;

import java.io.IOException;

/** How much of one body may be in memory; what is longer goes to a file in {@code java.io.tmpdir}. Immutable. */
public final class BodyStore {

    /** What holds unless the URL says otherwise, in bytes. */
    public static final int DEFAULT_BYTES = 1 << 20;

    private static final BodyStore DEFAULT = new BodyStore(DEFAULT_BYTES);

    private final int bytesMax;

    /** @param bytesMax most bytes of a body in memory */
    public BodyStore(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    public static BodyStore standard() {
        return DEFAULT;
    }

    public int bytesMax() {
        return bytesMax;
    }

    /** An empty file. */
    public BodyFile newFile() throws IOException {
        return new BodyFile();
    }
}
