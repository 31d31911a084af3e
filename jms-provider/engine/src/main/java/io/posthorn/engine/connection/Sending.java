package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;

/** How a session sends. On any thread. */
final class Sending {

    /** A longer message is written by the event loop, while the application makes the next one. */
    private static final int SHORT_MAX = 32 << 10;

    /** A longer message is worth a write by itself, whatever is under way. */
    private static final int STREAMED_MAX = 4 << 10;

    private final ResumingConnection connection;
    private final long session;
    private final Acknowledgements acknowledgements;

    Sending(ResumingConnection connection, long session, Acknowledgements acknowledgements) {
        this.connection = connection;
        this.session = session;
        this.acknowledgements = acknowledgements;
    }

    Pending send(Address destination, byte[] envelope, boolean transacted, boolean awaited) throws EngineException {
        Promise taken = transacted && isShort(envelope)
                ? new Promise(destination, connection.patience, connection.outbox::hurry)
                : connection.promise(destination);
        send(destination, envelope, transacted, awaited, taken);
        return taken;
    }

    void send(Address destination, byte[] envelope, boolean transacted, boolean awaited, Outcome told)
            throws EngineException {
        checkLength(destination, envelope);
        boolean persistent = Envelope.of(envelope).persistent();
        if (!transacted) {
            connection.inbox.holds().awaitRoom(session);
        }
        boolean tight = connection.window.acquire(envelope.length);
        ClientFrame.Send frame = new ClientFrame.Send(0, session, transacted, awaited || tight, 0, envelope);
        Command command = Command.send(frame, destination, persistent, told);
        if (transacted && isShort(envelope)) {
            connection.outbox.addToTransaction(command);
        } else if (awaited && !transacted && envelope.length <= STREAMED_MAX) {
            connection.outbox.addToStream(command);
        } else {
            connection.outbox.add(command);
        }
        acknowledgements.endBatch(); // what is acknowledged once this has returned comes behind it
        if (isShort(envelope)) {
            connection.outbox.wake();
        } else {
            connection.outbox.wakeLoop();
        }
    }

    private static boolean isShort(byte[] envelope) {
        return envelope.length <= SHORT_MAX;
    }

    private void checkLength(Address destination, byte[] envelope) throws EngineException {
        long lengthMax = connection.messageLengthMax();
        if (envelope.length > lengthMax) {
            throw new EngineException(
                    ErrorCode.RESOURCE_LIMIT,
                    "a message of " + envelope.length + " bytes to " + destination + " is longer than the " + lengthMax
                            + " bytes that the server takes");
        }
    }
}
