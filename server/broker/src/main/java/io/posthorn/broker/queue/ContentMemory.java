package io.posthorn.broker.queue;

/**
 * How much of the messages' contents is in memory. Contents that can be read back from the log stay only while there is
 * room; the others must stay.
 */
public final class ContentMemory {

    private final long bytesMax;
    private long bytes;

    public ContentMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public long bytes() {
        return bytes;
    }

    boolean hasRoomFor(Content content) {
        return bytes + content.envelope().length() <= bytesMax;
    }

    boolean isFull() {
        return bytes > bytesMax;
    }

    void retain(Content content) {
        if (content.retain() == 1) {
            bytes += content.envelope().length();
        }
    }

    void release(Content content) {
        if (content.release() == 0) {
            bytes -= content.envelope().length();
        }
    }
}
