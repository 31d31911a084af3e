package io.posthorn.engine.delivery;

/**
 * How far ahead of a consumer the server may deliver: starts small, doubles each time the consumer ran dry although the
 * server had more, ends at the prefetch limit, and shrinks to what fits in a bounded number of bytes when messages are
 * large. Guarded by the session's lock, but for {@link #onArrival}.
 */
public final class CreditWindow {

    static final int START = 16;

    /** Most bytes that wait in one consumer, about; a single message may be longer. */
    static final long BYTES_MAX = 8L << 20;

    private static final int AVERAGE_SHIFT = 3;

    private final int prefetch;
    private int size;

    /** Written on the event loop only. */
    private volatile long averageLength;

    public CreditWindow(int prefetch) {
        this.prefetch = prefetch;
        this.size = Math.min(START, prefetch);
    }

    /** Whether nothing is to come unless somebody waits for it. */
    public boolean isClosed() {
        return prefetch == 0;
    }

    /** Notes the length of a message. On the event loop. */
    public void onArrival(int length) {
        long average = averageLength;
        if (length != average) {
            averageLength = length > average ? length : average + ((length - average) >> AVERAGE_SHIFT);
        }
    }

    /** How many deliveries may be ahead of the application now. */
    public int ahead() {
        long fitting = BYTES_MAX / Math.max(1, averageLength);
        return (int) Math.max(prefetch == 0 ? 0 : 1, Math.min(size, fitting));
    }

    /** The consumer ran dry while the server was short of credit. Whether the window grew. */
    public boolean grow() {
        if (size >= prefetch) {
            return false;
        }
        size = (int) Math.min(prefetch, 2L * size);
        return true;
    }

    /** Others want what this consumer does not get to. */
    public void shrink() {
        size = Math.min(1, prefetch);
    }
}
