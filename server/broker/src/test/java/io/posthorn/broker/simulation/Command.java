package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import java.util.List;
import java.util.function.LongFunction;

/** A command of a simulated client, kept until it is confirmed. */
final class Command {

    /** What happens to it when the connection is resumed. */
    enum Kind {
        /** Made anew at each resumption. */
        SET_UP,
        /** A non-persistent send, which another run of the broker does not get again. */
        VOLATILE,
        /** Part of a transaction that is not over. */
        CONTENT,
        /** Of a branch that is not prepared; another run has forgotten the branch. */
        BRANCH,
        OTHER
    }

    final Kind kind;
    final LongFunction<ClientFrame> frame;
    final ClientConsumer consumer;
    final EntryRanges entries;
    long number;
    ErrorCode failure;

    /** A non-persistent send within a transaction. */
    boolean isVolatileContent;

    /** Whether it can be confirmed although it had no effect. */
    boolean mayBeVain;

    /** The unit whose messages take room with it; null when none do. */
    Ledger.Unit entering;

    /** What was sent last for it. */
    ClientFrame sent;

    /** It came to the broker while the disk was full. */
    boolean pressed;

    /** What must be there first: the pieces of a long body. */
    List<ClientFrame> ahead = List.of();

    Runnable onDone = () -> {};

    /** {@code entries} of {@code consumer} are what the command is about. */
    Command(Kind kind, ClientConsumer consumer, EntryRanges entries, LongFunction<ClientFrame> frame) {
        this.kind = kind;
        this.consumer = consumer;
        this.entries = entries;
        this.frame = frame;
    }

    Command(Kind kind, LongFunction<ClientFrame> frame) {
        this(kind, null, EntryRanges.NONE, frame);
    }

    /** This command puts the messages of a unit into their places, or promises to. */
    Command letsIn(Ledger.Unit unit) {
        entering = unit;
        return this;
    }

    /** Whether it was let in although there was no room for it. */
    boolean wentInUnderPressure() {
        return pressed && failure == null && entering != null && entering.takesRoom();
    }

    Command then(Runnable done) {
        onDone = done;
        return this;
    }
}
