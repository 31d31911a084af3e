package io.posthorn.broker.connection;

import io.posthorn.broker.admission.Waiter;
import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.body.Body;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.body.PieceLabel;
import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.Gate;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.Receiver;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.LogRecord.Target;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.transaction.Transaction;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The pieces of long bodies that come from one client, and those that it fetches. A piece is answered when it is written,
 * so that a client keeps a few of them on the way and no more. Runs on the broker's driver.
 */
final class LongBodyTransfers {

    /** Most pieces that a client may have asked for and not been given. */
    private static final int FETCHES_MAX = 64;

    private final Core core;
    private final Connection connection;
    private final Consumers consumers;
    private final Bodies bodies;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** Uploads of which a piece was refused for now. */
    private final Set<Long> blocked = new LinkedHashSet<>();

    private Waiter waiter;
    private int fetches;

    LongBodyTransfers(Core core, Connection connection, Consumers consumers) {
        this.core = core;
        this.connection = connection;
        this.consumers = consumers;
        this.bodies = core.state().directory().bodies();
        this.waiter = newWaiter();
    }

    private record Waiting(ServerFrame frame, long gate) {}

    /** Whether nothing waits for the log. */
    boolean isSettled() {
        return waiting.isEmpty();
    }

    /** The log got further: answers what it allows. */
    void advance() {
        while (!waiting.isEmpty() && core.progress().hasPassed(waiting.peek().gate(), false)) {
            connection.send(waiting.poll().frame());
        }
    }

    /** The socket is gone. */
    void clear() {
        waiting.clear();
        blocked.clear();
        waiter.end();
        waiter = newWaiter();
    }

    private Waiter newWaiter() {
        return new Waiter(session -> goOn(), 0);
    }

    /** There is room again: tells where to go on. */
    private void goOn() {
        List<Long> uploads = List.copyOf(blocked);
        blocked.clear();
        uploads.forEach(upload -> answer(new ServerFrame.Staged(upload, count(upload)), Receiver.NO_GATE));
    }

    private long count(long upload) {
        Body body = bodies.upload(connection.id(), upload);
        return body == null ? 0 : body.pieceCount();
    }

    /** Takes a piece that is the next one; whatever it is, says which ones are there. */
    void onPiece(ClientFrame.UploadPiece frame) {
        if (!connection.isOpen() || isHeldBack(frame)) {
            return;
        }
        Body body = bodies.upload(connection.id(), frame.upload());
        long next = count(frame.upload());
        if (frame.index() != next) {
            answer(new ServerFrame.Staged(frame.upload(), next), Receiver.NO_GATE);
            return;
        }
        try {
            check(body, frame);
        } catch (Refusal refusal) {
            bodies.drop(connection.id(), frame.upload());
            connection.send(new ServerFrame.UploadRefused(frame.upload(), refusal.code(), refusal.getMessage()));
            return;
        }
        long gate = store(frame);
        answer(new ServerFrame.Staged(frame.upload(), next + 1), gate);
    }

    /** While the disk is short nothing is taken that must survive; what there is of the body stays. */
    private boolean isHeldBack(ClientFrame.UploadPiece frame) {
        if (!frame.logged()) {
            return false;
        }
        try {
            core.admission().checkRoom(waiter);
            return false;
        } catch (Refusal refusal) {
            blocked.add(frame.upload());
            connection.send(new ServerFrame.UploadRefused(frame.upload(), refusal.code(), refusal.getMessage()));
            return true;
        }
    }

    private void check(Body body, ClientFrame.UploadPiece frame) throws Refusal {
        long length = (body == null ? 0 : body.length()) + frame.bytes().length;
        core.admission().checkLength(length);
        if (body != null && (body.isLogged() != frame.logged() || body.pieceCount() == Manifest.PIECES_MAX)
                || frame.bytes().length == 0) {
            throw new Refusal(
                    ErrorCode.PROTOCOL,
                    "piece " + frame.index() + " of upload " + frame.upload() + " does not go with those before it");
        }
    }

    private long store(ClientFrame.UploadPiece frame) {
        MessageQueue queue = core.state().directory().piecesForMore();
        PieceLabel label = new PieceLabel(connection.id(), frame.upload(), frame.index());
        Envelope piece = label.wrap(frame.bytes(), frame.logged());
        long entry = queue.nextEntry();
        if (frame.logged()) {
            connection.number(); // who is known may come back, and send the message
            core.recorder().add(new LogRecord.Published(List.of(new Target(Bodies.QUEUE, entry)), piece.bytes()));
            return core.recorder().commit(Flush.WRITE) - 1;
        }
        queue.add(entry, Gate.position(Receiver.NO_GATE), piece, new Content(piece));
        bodies.onPiece(label, entry, frame.bytes().length, false);
        return Receiver.NO_GATE;
    }

    private void answer(ServerFrame frame, long gate) {
        if (waiting.isEmpty() && core.progress().hasPassed(gate, false)) {
            connection.send(frame);
        } else {
            waiting.add(new Waiting(frame, gate));
            connection.awaitLog();
        }
    }

    void onDrop(ClientFrame.DropUpload frame) {
        drop(frame.upload());
    }

    private void drop(long upload) {
        blocked.remove(upload);
        bodies.drop(connection.id(), upload);
    }

    /** The message of a body came in vain. */
    void drop(Envelope message) {
        if (message.bodyIsApart()) {
            drop(Manifest.of(message).upload());
        }
    }

    /** A message for a unit of work, which needs its body until it is decided; returns it as it is stored. */
    Envelope stage(Envelope envelope, Transaction work) throws Refusal {
        Body body = require(envelope);
        work.keep(bodies.keep(body));
        return body.nameIn(envelope);
    }

    /** The body that a message of this client names. */
    Body require(Envelope message) throws Refusal {
        Manifest said = Manifest.of(message);
        Body body = bodies.upload(connection.id(), said.upload());
        if (body == null || body.length() != said.length()) {
            throw new Refusal(
                    ErrorCode.ILLEGAL_STATE,
                    "of the " + said.length() + " bytes of the message's body, which came by upload " + said.upload()
                            + ", the server has " + (body == null ? 0 : body.length())
                            + "; a restart may have lost what is not persistent. Send it again");
        }
        return body;
    }

    /** Sends what was asked for, once it is read. */
    void onFetch(ClientFrame.FetchPiece frame) {
        if (fetches == FETCHES_MAX) {
            connection.breakOff("more than " + FETCHES_MAX + " pieces were asked for at once");
            return;
        }
        BodyHold hold = consumers.bodyOf(frame.consumer(), frame.entry());
        long piece = hold == null ? -1 : hold.body().piece(frame.index());
        if (piece < 0) {
            refuse(frame, ErrorCode.ILLEGAL_STATE, "the message is not this consumer's any more");
            return;
        }
        fetches++;
        core.pieces().read(piece, new PieceSource.Receiver() {
            @Override
            public void onPiece(byte[] bytes) {
                fetches--;
                connection.send(new ServerFrame.Piece(frame.consumer(), frame.entry(), frame.index(), bytes));
            }

            @Override
            public void onFailed(String cause) {
                fetches--;
                boolean gone = consumers.bodyOf(frame.consumer(), frame.entry()) == null;
                refuse(
                        frame,
                        gone ? ErrorCode.ILLEGAL_STATE : ErrorCode.INTERNAL,
                        "piece " + frame.index() + " of the message's body cannot be read: " + cause);
            }
        });
    }

    private void refuse(ClientFrame.FetchPiece frame, ErrorCode code, String text) {
        connection.send(new ServerFrame.PieceRefused(frame.consumer(), frame.entry(), code, text));
    }
}
