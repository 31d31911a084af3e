package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.CommandLog;
import io.posthorn.engine.command.SessionStanding;
import io.posthorn.engine.transport.Link;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries what is in the outbox to the server: numbers it, keeps it in the log, writes it, once for all that has gathered.
 * While there is no link it carries nothing. Belongs to whoever has the turn: the event loop, or a thread of the application whose command
 * follows none closely, and so has none that it could share a write with.
 */
final class Courier {

    /** How much is carried at a time before the event loop may do something else. */
    private static final int BATCH_MAX = 4096;

    /** The same for a thread of the application, which has better things to do; unless it carries its share of a stream. */
    private static final int BATCH_HERE_MAX = 16;

    private final Outbox outbox;
    private final CommandLog log;
    private final Holds holds;
    private final Aliases aliases = new Aliases();

    /** Gathered while there was no link. */
    private final List<Object> questions = new ArrayList<>();

    /** Null while there is none. */
    private Link link;

    /** The link says when it has written what it was given; until then all stays in the outbox. */
    private boolean behind;

    Courier(Outbox outbox, CommandLog log, Holds holds) {
        this.outbox = outbox;
        this.log = log;
        this.holds = holds;
    }

    /** Carries what is there if it should go now. */
    void drainIfDue() {
        tellShare();
        if (outbox.isDue() || holds.isReady()) {
            drain();
        }
    }

    /** Carries what is there, as far as the link takes it. */
    void drain() {
        if (link != null && isBehind()) {
            return;
        }
        outbox.awake();
        if (link == null || (outbox.isEmpty() && !holds.isReady())) {
            return;
        }
        for (Command again; (again = holds.poll()) != null; ) {
            append(again);
        }
        boolean more = take(BATCH_MAX);
        flush();
        if (more) {
            outbox.wakeLoop();
        }
    }

    /** Whether the link is to be given nothing for now; it has this go on. */
    private boolean isBehind() {
        if (!behind && link.isBehind()) {
            behind = true;
            link.whenWritten(this::catchUp);
        }
        return behind;
    }

    private void catchUp() {
        behind = false;
        drain();
    }

    /** Whether a message, or anything that somebody waits for, is under way. On any thread; who has no turn may be wrong. */
    boolean hasUnderWay() {
        return log.hasUnderWay();
    }

    /** Carries what is there on this thread, which is not the event loop; false when that cannot be, or would not be good. */
    boolean drainHere() {
        if (link == null || holds.isReady() || !link.beginHere()) {
            return false;
        }
        outbox.taken();
        try {
            if (take(Math.max(BATCH_HERE_MAX, 2 * outbox.share()))) {
                outbox.wakeLoop();
            }
        } finally {
            flush();
        }
        return true;
    }

    /** Takes so many at most, and no more than the link takes; whether there may be more. */
    private boolean take(int most) {
        boolean more = true;
        for (int count = 0; more && count < most && !link.isBehind(); count++) {
            Object item = outbox.poll();
            if (item instanceof Command command) {
                if (!holds.keeps(command)) {
                    append(command);
                }
            } else if (item != null) {
                ask(item);
            } else {
                more = false;
            }
        }
        return more;
    }

    private void tellShare() {
        outbox.share(link == null ? 0 : log.share());
    }

    private void flush() {
        tellShare();
        if (link != null) {
            link.flush();
        }
        if (link != null) {
            long taken = outbox.takenCount();
            link.whenWritten(() -> outbox.written().advance(taken));
        }
    }

    private void ask(Object question) {
        ClientFrame frame = (ClientFrame) ((Supplier<?>) question).get();
        if (frame != null) {
            link.send(frame);
        }
    }

    private void append(Command command) {
        log.append(command);
        transmit(command);
    }

    private void transmit(Command command) {
        try {
            long alias = command.address() == null ? 0 : aliases.of(command.address(), link);
            if (command.isRepeated()) {
                link.send(new ClientFrame.Repeated(command.number()));
            }
            link.send(log.frame(command, alias));
        } catch (IllegalArgumentException e) {
            log.refuse(command, new EngineException(ErrorCode.RESOURCE_LIMIT, "cannot be sent: " + e.getMessage(), e));
        }
    }

    /** Without a link from now on. */
    void down() {
        link = null;
        behind = false;
        tellShare();
        outbox.written().halt();
    }

    /** Puts what waits in the outbox into the log, without sending it; questions wait for the link. */
    private void gather() {
        outbox.awake();
        for (Command again; (again = holds.poll()) != null; ) {
            log.append(again);
        }
        for (Object item; (item = outbox.poll()) != null; ) {
            if (item instanceof Command command) {
                if (!holds.keeps(command)) {
                    log.append(command);
                }
            } else {
                questions.add(item);
            }
        }
    }

    /**
     * Says on a fresh link what has to be said again, and goes on over that link; or returns why it must not.
     *
     * @param before what the server said on the last link; null if this is the first one
     * @param now what it says on this one
     * @param standings takes what each session holds, as the same run of the server knows it or another; afterwards
     *     whatever comes belongs to new generations
     */
    EngineException resume(
            Link fresh,
            ServerFrame.Connected before,
            ServerFrame.Connected now,
            Function<Boolean, List<SessionStanding>> standings) {
        boolean isSameServer = before != null && before.server().equals(now.server());
        boolean isKnown = isSameServer && now.resumed();
        boolean sameRun = isKnown && now.run() == before.run();
        List<SessionStanding> held = standings.apply(sameRun);
        gather();
        if (before != null && !isSameServer && log.isAtStake(held)) {
            return new EngineException(
                    ErrorCode.CONNECTION_LOST,
                    "another server answered: its data folder is " + now.server()
                            + ", and what this connection has under way is at " + before.server());
        }
        link = fresh;
        outbox.written().goOn();
        aliases.clear();
        for (Command command : log.resume(sameRun, isKnown ? now.lastCommand() : 0, held)) {
            transmit(command);
        }
        questions.forEach(this::ask);
        questions.clear();
        flush();
        return null;
    }

    /** Nothing is carried any more; what is under way fails. */
    void end(EngineException cause) {
        down();
        log.failAll(cause);
        holds.end(cause);
        outbox.end(cause);
    }

    long lastConfirmed() {
        return log.lastConfirmed();
    }
}
