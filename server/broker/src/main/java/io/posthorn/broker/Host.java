package io.posthorn.broker;

import java.util.function.BooleanSupplier;

/** What the broker asks of whoever drives it. Answers come back as calls, never from within the request. */
public interface Host {

    /** How much is read of a segment at once. */
    int SCAN_BYTES = 256 << 10;

    /** Read the record that {@link Logs#read} finds and call {@link Broker#onContent} or {@link Broker#onContentFailed}. */
    void fetch(long key);

    /**
     * Read records by {@link Logs#scan} in the background, about {@link #SCAN_BYTES} of them, from {@code from} on (0 for the
     * first), and call {@link Broker#onScanned} or {@link Broker#onScanFailed}.
     */
    void scan(long key, long from);

    /**
     * Within {@link Broker#endTurn(boolean)}: the journal may have told of its progress on this thread just now. What is passed to
     * {@link Broker#onProgress} from here answers those who wait in the same turn.
     */
    default void takeProgress() {}

    /**
     * Within a frame: its sender may be left unread until {@code over}, which is asked in turns, as it sends more than consumers take.
     */
    default void hold(BooleanSupplier over) {}
}
