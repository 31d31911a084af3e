package io.posthorn.broker;

import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.connection.PieceSource;
import io.posthorn.broker.queue.Backlog.Place;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.DurableState;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pieces of long bodies, read back by the host. */
final class PieceDesk implements PieceSource {

    private static final Logger LOG = LoggerFactory.getLogger(PieceDesk.class);

    private final Host host;
    private final Map<Long, List<Waiter>> waiting = new HashMap<>();
    private DurableState state;

    PieceDesk(Host host) {
        this.host = host;
    }

    private record Waiter(long piece, Receiver receiver) {}

    void attach(DurableState newState) {
        state = newState;
    }

    @Override
    public void read(long piece, Receiver receiver) {
        MessageQueue queue = state.directory().queue(Bodies.QUEUE);
        Place place = queue == null ? null : queue.backlog().placeOf(piece);
        if (place == null) {
            receiver.onFailed("it is gone");
        } else if (place.content() != null) {
            receiver.onPiece(bodyOf(place.content().envelope()));
        } else {
            long key = Logs.key(place.durable(), place.position());
            List<Waiter> waiters = waiting.get(key);
            if (waiters == null) {
                waiters = new ArrayList<>(1);
                waiting.put(key, waiters);
                host.fetch(key);
            }
            waiters.add(new Waiter(piece, receiver));
        }
    }

    /** Whether this is a piece that somebody waits for. */
    boolean onRecord(long key, byte[] record) {
        List<Waiter> waiters = waiting.remove(key);
        if (waiters == null) {
            return false;
        }
        try {
            byte[] bytes = bodyOf(Envelope.of(RecordCodec.envelopeOf(record)));
            waiters.forEach(waiter -> waiter.receiver().onPiece(bytes));
        } catch (MalformedException malformed) {
            waiters.forEach(waiter -> fail(waiter, malformed.getMessage()));
        }
        return true;
    }

    boolean onFailed(long key, String cause) {
        List<Waiter> waiters = waiting.remove(key);
        if (waiters == null) {
            return false;
        }
        for (Waiter waiter : waiters) {
            Place place = state.directory().queue(Bodies.QUEUE).backlog().placeOf(waiter.piece());
            if (place != null && Logs.key(place.durable(), place.position()) != key) {
                read(waiter.piece(), waiter.receiver()); // it stands elsewhere meanwhile
            } else {
                fail(waiter, cause);
            }
        }
        return true;
    }

    private static void fail(Waiter waiter, String cause) {
        LOG.error(
                "Piece {} of a long message cannot be read: {}; stop the server and run 'posthorn journal check'",
                waiter.piece(),
                cause);
        waiter.receiver().onFailed(cause);
    }

    private static byte[] bodyOf(Envelope piece) {
        return piece.body().readRemaining();
    }
}
