package io.posthorn.broker.lane;

/**
 * How much of the messages' contents is in memory. Contents that can be read back from the log stay only while there is
 * room; the others must stay.
 */
public final class ContentMemory {

    /** What the objects around the bytes of one message take, more or less; of short ones it is most. */
    private static final int OBJECTS_BYTES = 96;

    private final long bytesMax;
    private long bytes;

    public ContentMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public long bytes() {
        return bytes;
    }

    public boolean hasRoomFor(Content content) {
        return bytes + cost(content) <= bytesMax;
    }

    public boolean isFull() {
        return bytes > bytesMax;
    }

    public void retain(Content content) {
        if (content.retain() == 1) {
            bytes += cost(content);
        }
    }

    public void release(Content content) {
        if (content.release() == 0) {
            bytes -= cost(content);
        }
    }

    /** What a content counts for. */
    private static long cost(Content content) {
        return content.length() + OBJECTS_BYTES;
    }
}
