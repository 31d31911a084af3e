package io.posthorn.engine.transfer;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.LongBodies;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.Manifest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * One body on its way from the server. {@link #run} is the receiver's thread; the rest is called on the event loop. Never
 * holds more than the pieces that it has asked for.
 */
public final class Download extends Pieces {

    private final long consumer;
    private final long entry;
    private final Queue<ServerFrame.Piece> arrived = new ConcurrentLinkedQueue<>();

    public Download(long consumer, long entry, Patience patience, Asker asker, Supplier<EngineException> end) {
        super(patience, asker, end);
        this.consumer = consumer;
        this.entry = entry;
    }

    /** Fetches all pieces and hands them to the sink in order. */
    public void run(Manifest manifest, LongBodies.Sink sink) throws EngineException, IOException {
        long count = manifest.pieces().count();
        int now = epoch();
        long asked = 0;
        long next = 0;
        long length = 0;
        Map<Long, ServerFrame.Piece> early = new HashMap<>(AHEAD);
        while (next < count) {
            if (epoch() != now) {
                now = epoch();
                asked = next;
            }
            while (asked < Math.min(count, next + AHEAD)) {
                ask(now, new ClientFrame.FetchPiece(consumer, entry, asked++));
            }
            ServerFrame.Piece piece = early.containsKey(next) ? early.remove(next) : arrived.poll();
            if (piece == null) {
                int before = now;
                await(() -> epoch() != before || !arrived.isEmpty(), "a piece of a long message");
            } else if (piece.index() == next) {
                next++;
                length += piece.bytes().length;
                sink.write(piece.bytes());
            } else if (piece.index() > next
                    && piece.index() < asked) { // what a link that broke had asked for is read first
                early.put(piece.index(), piece);
            }
        }
        if (length != manifest.length()) {
            throw new EngineException(
                    ErrorCode.PROTOCOL,
                    "the body of the message has " + length + " bytes where " + manifest.length() + " were announced");
        }
    }

    public void onPiece(ServerFrame.Piece piece) {
        arrived.add(piece);
        wake();
    }
}
