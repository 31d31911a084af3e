package io.posthorn.ra.pace;

/** How long a receiver pauses after failures in a row. One thread at a time. */
public final class Pacing {

    private static final long NO_ROOM_FIRST_MS = 50;
    private static final long NO_ROOM_MAX_MS = 5_000;

    private final long firstMs;
    private final long maxMs;
    private long nextMs;
    private long nextNoRoomMs = NO_ROOM_FIRST_MS;

    public Pacing(long firstMs, long maxMs) {
        this.firstMs = firstMs;
        this.maxMs = Math.max(firstMs, maxMs);
        this.nextMs = firstMs;
    }

    /** The pause after a failure; the next one is twice as long. */
    public long failedMs() {
        long pauseMs = nextMs;
        nextMs = Math.min(maxMs, pauseMs * 2);
        return pauseMs;
    }

    /** The pause when the container has no room. */
    public long noRoomMs() {
        long pauseMs = nextNoRoomMs;
        nextNoRoomMs = Math.min(NO_ROOM_MAX_MS, pauseMs * 2);
        return pauseMs;
    }

    public void succeeded() {
        nextMs = firstMs;
        nextNoRoomMs = NO_ROOM_FIRST_MS;
    }
}
