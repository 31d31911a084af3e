package io.posthorn.broker.record;

/** How far the log is written and synced. */
public final class LogProgress {

    private long written;
    private long synced;

    public void advance(long newWritten, long newSynced) {
        written = Math.max(written, newWritten);
        synced = Math.max(synced, newSynced);
    }

    public long written() {
        return written;
    }

    public long synced() {
        return synced;
    }

    /** Whether the log has passed this position. */
    public boolean hasPassed(long position, boolean durably) {
        return position < (durably ? synced : written);
    }
}
