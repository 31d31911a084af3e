package io.posthorn.gateway.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all sockets together have not taken yet, in bytes. While that is much, each gets more only when it has taken all: a
 * thousand peers that do not read must not fill the memory. Safe from any thread.
 */
public final class Outgoing {

    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    /** {@code bytesMax} is from where on it counts as much. */
    public Outgoing(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void added(long length) {
        bytes.addAndGet(length);
    }

    void taken(long length) {
        bytes.addAndGet(-length);
    }

    boolean isMuch() {
        return bytes.get() > bytesMax;
    }

    /** How much it is now. */
    public long bytes() {
        return bytes.get();
    }
}
