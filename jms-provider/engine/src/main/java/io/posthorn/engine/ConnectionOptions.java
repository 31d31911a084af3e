package io.posthorn.engine;

/**
 * How a connection behaves. Immutable; {@link #defaults()} is what holds when a URL says nothing. A value that is out of
 * bounds is an {@link IllegalArgumentException} that names it.
 *
 * @param prefetch messages that the server may send ahead to a consumer; 0 to 1 000 000, where 0 means none
 * @param connectTimeoutMs longest attempt to reach one address, from the look-up of its name to the server's greeting; 1 ms
 *     at least
 * @param requestTimeoutMs longest wait for the answer to a request, also for a blocked send; 1 ms at least
 * @param closeTimeoutMs longest wait of a close for what is under way
 * @param reconnectTimeoutMs how long a lost connection is tried again before it is given up; 0 for ever
 * @param maxReconnectAttempts how many attempts a lost connection gets; -1 as many as the time allows, 0 none
 * @param initialReconnectDelayMs pause after the first attempt that failed; it grows from there; 1 ms at least
 * @param maxReconnectDelayMs longest such pause; not less than the first
 * @param randomize whether a connection begins with any of its addresses, and not with the first
 * @param heartbeatMs interval that is proposed to the server; 0 proposes none
 * @param windowBytes how many bytes of sent messages may wait for their confirmation; 1 byte at least
 * @param initialConnectAttempts how many rounds over all addresses a new connection gets to reach a server; -1 as many as
 *     the time allows; 1 at least otherwise
 * @param initialConnectTimeoutMs how long these rounds go on, when there are several; 0 for ever
 * @param acknowledgementLagMs how long an application may be handed more messages while an automatic acknowledgement has not been
 *     written to the network yet; 0 not at all
 */
public record ConnectionOptions(
        int prefetch,
        long connectTimeoutMs,
        long requestTimeoutMs,
        long closeTimeoutMs,
        long reconnectTimeoutMs,
        int maxReconnectAttempts,
        long initialReconnectDelayMs,
        long maxReconnectDelayMs,
        boolean randomize,
        long heartbeatMs,
        long windowBytes,
        int initialConnectAttempts,
        long initialConnectTimeoutMs,
        long acknowledgementLagMs) {

    /** Longest time of any option: some 24 days. */
    public static final long TIME_MAX_MS = Integer.MAX_VALUE;

    public static final int PREFETCH_MAX = 1_000_000;

    public static final long WINDOW_MAX_BYTES = 1L << 30;

    private static final ConnectionOptions DEFAULTS = new ConnectionOptions(
            1000, 10_000, 30_000, 5_000, 300_000, -1, 50, 5_000, false, 10_000, 16L << 20, 1, 300_000, 1);

    public ConnectionOptions {
        check("prefetch", prefetch, 0, PREFETCH_MAX);
        check("connectTimeoutMs", connectTimeoutMs, 1, TIME_MAX_MS);
        check("requestTimeoutMs", requestTimeoutMs, 1, TIME_MAX_MS);
        check("closeTimeoutMs", closeTimeoutMs, 0, TIME_MAX_MS);
        check("reconnectTimeoutMs", reconnectTimeoutMs, 0, TIME_MAX_MS);
        check("maxReconnectAttempts", maxReconnectAttempts, -1, Integer.MAX_VALUE);
        check("initialReconnectDelayMs", initialReconnectDelayMs, 1, TIME_MAX_MS);
        check("maxReconnectDelayMs", maxReconnectDelayMs, initialReconnectDelayMs, TIME_MAX_MS);
        check("heartbeatMs", heartbeatMs, 0, TIME_MAX_MS);
        check("windowBytes", windowBytes, 1, WINDOW_MAX_BYTES);
        check("initialConnectAttempts", initialConnectAttempts, -1, Integer.MAX_VALUE);
        if (initialConnectAttempts == 0) {
            throw new IllegalArgumentException("initialConnectAttempts is 0 where -1, or 1 and more, is allowed");
        }
        check("initialConnectTimeoutMs", initialConnectTimeoutMs, 0, TIME_MAX_MS);
        check("acknowledgementLagMs", acknowledgementLagMs, 0, TIME_MAX_MS);
    }

    public static ConnectionOptions defaults() {
        return DEFAULTS;
    }

    /** The longest that connecting to so many addresses may take, from the first look-up of a name to the last refusal. */
    public long initialConnectBoundMs(int addressCount) {
        long roundMs = connectTimeoutMs * (addressCount + 1L);
        if (initialConnectAttempts == 1) {
            return roundMs;
        }
        if (initialConnectTimeoutMs != 0) {
            return initialConnectTimeoutMs + connectTimeoutMs;
        }
        boolean forEver = initialConnectAttempts < 0;
        return forEver ? Long.MAX_VALUE / 2_000_000 : initialConnectAttempts * (roundMs + maxReconnectDelayMs);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " is " + value + " where " + least + " to " + most + " is allowed");
        }
    }
}
