package io.posthorn.broker.lane;

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

    public boolean hasRoomFor(Content content) {
        return bytes + content.envelope().length() <= bytesMax;
    }

    public boolean isFull() {
        return bytes > bytesMax;
    }

    public void retain(Content content) {
        if (content.retain() == 1) {
            bytes += content.envelope().length();
        }
    }

    public void release(Content content) {
        if (content.release() == 0) {
            bytes -= content.envelope().length();
        }
    }
}
