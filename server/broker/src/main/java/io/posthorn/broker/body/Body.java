package io.posthorn.broker.body;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.util.UUID;

/**
 * One long body: its pieces, who sent it, and how many messages need it. Open from its first piece on, until its message is
 * sent; gone once nothing needs it any more.
 */
public final class Body {

    final UUID connection;
    final long upload;
    final boolean logged;
    private final EntryRanges.Builder builder = new EntryRanges.Builder();
    private EntryRanges pieces;
    private long pieceCount;
    private long length;

    /** Whether more pieces, or the message itself, may still come. */
    boolean open = true;

    /** Whether a message in the log has ever needed it: then it is open no more, also after a restart. */
    boolean sent;

    /** Messages in the log that need it. */
    int logHolds;

    /** What needs it in this run only. */
    int volatileHolds;

    /** One that begins. */
    Body(UUID connection, long upload, boolean logged) {
        this.connection = connection;
        this.upload = upload;
        this.logged = logged;
    }

    /** One that is whole. */
    Body(UUID connection, long upload, boolean logged, Manifest manifest) {
        this(connection, upload, logged);
        manifest.pieces().forEach(builder::add);
        pieceCount = manifest.pieces().count();
        length = manifest.length();
    }

    void add(long piece, int bytes) {
        builder.add(piece);
        pieces = null;
        pieceCount++;
        length += bytes;
    }

    /** The numbers of its pieces. */
    public EntryRanges pieces() {
        if (pieces == null) {
            pieces = builder.build();
        }
        return pieces;
    }

    /** How many pieces there are. */
    public long pieceCount() {
        return pieceCount;
    }

    /** How many bytes there are. */
    public long length() {
        return length;
    }

    /** Whether its pieces are in the log. */
    public boolean isLogged() {
        return logged;
    }

    /** The number of a piece, by its index; negative when there is none. */
    public long piece(long index) {
        long left = index;
        EntryRanges all = pieces();
        for (int range = 0; left >= 0 && range < all.rangeCount(); range++) {
            long count = all.last(range) - all.first(range) + 1;
            if (left < count) {
                return all.first(range) + left;
            }
            left -= count;
        }
        return -1;
    }

    boolean isNeeded() {
        return open || logHolds + volatileHolds > 0;
    }

    /** The message with the numbers of the pieces in the place of its body. */
    public Envelope nameIn(Envelope message) {
        return message.with(manifest());
    }

    Manifest manifest() {
        return Manifest.ofPieces(length, pieces());
    }
}
