package io.posthorn.broker;

import io.posthorn.journal.Journal;
import io.posthorn.wire.frame.ClientFrame;

/**
 * The state machine. All methods belong to one driver, which calls {@link #advance} first and {@link #endTurn} last in each
 * turn; in between come any number of frames, lost links, progress and contents.
 */
public final class Broker {

    private final Journal journal;
    private final Host host;

    public Broker(BrokerSettings settings, Journal journal, Host host) {
        this.journal = journal;
        this.host = host;
        settings.destinations();
    }

    /** Rebuilds the state from the journal. Once, before anything else. */
    public void recover(long nowMs) throws io.posthorn.journal.JournalException {
        journal.epoch();
        host.fetch(nowMs);
    }

    /** Tells the time, and does what is due. */
    public void advance(long nowMs) {
        host.fetch(nowMs);
    }

    /**
     * Accepts a connection, new or resuming, and answers with CONNECTED or REFUSED through the outlet. Null when it was
     * refused (the outlet is closed then).
     */
    public ClientFrame.Handler connect(ClientFrame.Connect frame, Login login, Outlet outlet) {
        return null;
    }

    /** The socket of a connection is gone; what it holds is kept for the resume window. */
    public void disconnected(ClientFrame.Handler connection) {}

    /** The journal got this far. */
    public void onProgress(long written, long synced) {}

    /** The record that {@link Host#fetch} asked for. */
    public void onContent(long position, byte[] record) {}

    /** The record that {@link Host#fetch} asked for cannot be read. */
    public void onContentFailed(long position, String cause) {}

    /** Ends a turn: starts writing what was decided, confirms and flushes what is ready. */
    public void endTurn() {}

    /** When {@link #advance} must be called next at the latest, ms since 1970; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        return Long.MAX_VALUE;
    }
}
