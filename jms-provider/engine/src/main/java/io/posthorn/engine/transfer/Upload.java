package io.posthorn.engine.transfer;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.LongBodies;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * One body on its way to the server. {@link #run} is the sender's thread; the rest is called on the event loop. The server
 * says after each piece how many it has; when that is less than before, it was started again, and lost some. What it has no room
 * for now it refuses as BLOCKED, and says how many it has when there is room.
 */
public final class Upload extends Pieces {

    private final long number;
    private final LongBodies.Source body;
    private final boolean logged;
    private final int pieceLength;

    /** How many pieces the server has. */
    private volatile long staged;

    /** Why the server takes no more for now; null while it does. */
    private volatile EngineException blocked;

    public Upload(
            long number,
            LongBodies.Source body,
            boolean logged,
            int pieceLength,
            Patience patience,
            Asker asker,
            Supplier<EngineException> end) {
        super(patience, asker, end);
        this.number = number;
        this.body = body;
        this.logged = logged;
        this.pieceLength = pieceLength;
    }

    /** Sends all pieces; returns when the server has the last one. */
    public void run() throws EngineException, IOException {
        long count = (body.length() + pieceLength - 1) / pieceLength;
        int now = epoch();
        long next = 0;
        while (staged < count) {
            while (next < Math.min(count, staged + AHEAD)) {
                ask(now, piece(next++));
            }
            int before = now;
            long had = staged;
            await(() -> epoch() != before || staged != had || staged >= count, "the server's word on a long message");
            if (epoch() != now) {
                now = epoch();
                next = staged;
            }
        }
    }

    private ClientFrame piece(long index) throws IOException {
        long position = index * pieceLength;
        byte[] bytes = new byte[(int) Math.min(pieceLength, body.length() - position)];
        body.read(position, bytes);
        return new ClientFrame.UploadPiece(number, index, logged, bytes);
    }

    @Override
    EngineException timedOut(String what, long sinceMs) {
        EngineException reason = blocked;
        return reason == null
                ? super.timedOut(what, sinceMs)
                : new EngineException(
                        ErrorCode.RESOURCE_LIMIT,
                        "not done within " + requestTimeoutMs() + " ms (requestTimeout): " + reason.getMessage(),
                        reason);
    }

    /** The server has no room for more of it now; it says where to go on when it has. */
    public void onBlocked(EngineException reason) {
        blocked = reason;
    }

    /** The server has this many pieces. */
    public void onStaged(long pieces) {
        boolean again = pieces < staged || blocked != null;
        staged = pieces;
        blocked = null;
        if (again) {
            beginAgain();
        } else {
            wake();
        }
    }
}
