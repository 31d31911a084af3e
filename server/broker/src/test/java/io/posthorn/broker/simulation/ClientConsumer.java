package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A consumer at a simulated client: what came, and what the application was handed of it. */
final class ClientConsumer {

    final long id;
    final long session;
    final Source source;
    final ArrayDeque<ServerFrame.Deliver> buffer = new ArrayDeque<>();

    /** Handed over and not yet acknowledged, by entry. */
    final Map<Long, Ledger.Copy> handed = new LinkedHashMap<>();

    /** Those of them that came from an earlier run of the broker: others may have been given them since. */
    final Set<Long> carried = new HashSet<>();

    /** Long messages by entry. */
    final Map<Long, String> fetched = new LinkedHashMap<>();

    long generation;
    long received;
    long limit;
    long drainToken;
    boolean drainAnswered = true;

    ClientConsumer(long id, long session, Source source) {
        this.id = id;
        this.session = session;
        this.source = source;
    }

    void open(long newGeneration) {
        generation = newGeneration;
        received = 0;
        limit = 0;
        drainAnswered = true;
        buffer.clear();
    }

    void onDeliver(ServerFrame.Deliver deliver) {
        if (deliver.generation() == generation) {
            received++;
            if (received > limit) {
                throw new AssertionError("more than the credit: " + received + " of " + limit);
            }
            buffer.add(deliver);
        }
    }

    /** What it has asked for. */
    void onPiece(Ledger ledger, ServerFrame.Piece piece) {
        String messageId = fetched.get(piece.entry());
        if (messageId != null) {
            ledger.check(
                    LongBody.isPiece(messageId, piece.index(), piece.bytes()),
                    "piece " + piece.index() + " of " + messageId + " is not what was sent",
                    null);
            ledger.pieces++;
        }
    }

    /** What is in its hands, and nobody else's, can be had. */
    void onPieceRefused(Ledger ledger, ServerFrame.PieceRefused refused) {
        ledger.check(
                !handed.containsKey(refused.entry()) || carried.contains(refused.entry()),
                "no piece of a message that is held: " + refused,
                null);
    }

    void onDrained(ServerFrame.Drained drained) {
        if (drained.generation() == generation && drained.token() == drainToken) {
            drainAnswered = true;
        }
    }

    EntryRanges handedEntries() {
        EntryRanges.Builder builder = new EntryRanges.Builder();
        handed.keySet().forEach(builder::add);
        return builder.build();
    }

    /** Whether only this consumer ever reads from its place, so that there is an order. */
    boolean isAlone() {
        return source.address().equals(Places.queue(0));
    }
}
