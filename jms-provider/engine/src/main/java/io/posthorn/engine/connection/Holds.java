package io.posthorn.engine.connection;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.CommandLog;
import io.posthorn.engine.transport.Transport;
import io.posthorn.engine.waiting.Patience;
import io.posthorn.engine.waiting.Promise;
import io.posthorn.engine.waiting.Window;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * What the server refused for now, as a queue is full or its disk short: kept here, by session, in order, and sent again when
 * the server says so, until somebody's patience is at its end. What is kept is not at the server, so giving up leaves no
 * doubt. What a session sends meanwhile comes behind it. On the event loop only, but for {@link #awaitRoom}.
 *
 * <pre>
 * blocked --UNBLOCKED, resumed, or {@link #RETRY_MS} over--> reopening (REOPEN is on its way) --confirmed--> all sent again
 * </pre>
 */
final class Holds implements CommandLog.Keeper {

    /** How often it is tried without being told to, should the word have been lost with a run of the server. */
    private static final long RETRY_MS = 5_000;

    /** Stands for branches, whose ends belong to no session. */
    private static final long NO_SESSION = 0;

    private final Transport transport;
    private final Patience patience;
    private final Outbox outbox;
    private final Window window;
    private final Map<Long, Hold> bySession = new ConcurrentHashMap<>();

    /** Sessions that were told of room before the refusal that it is for was confirmed. */
    private final Set<Long> told = new HashSet<>();

    /** The last command that was judged before this link: of room for it, nobody may know any more whom to tell. */
    private long lastBefore;

    /** What is to be sent again now, before anything new. */
    private final Queue<Command> ready = new ArrayDeque<>();

    Holds(Transport transport, Patience patience, Outbox outbox, Window window) {
        this.transport = transport;
        this.patience = patience;
        this.outbox = outbox;
        this.window = window;
    }

    /** One session's. */
    private static final class Hold {
        final Queue<Parked> parked = new ArrayDeque<>();
        final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();
        volatile EngineException reason;
        boolean reopening;
        long triedNs;
    }

    private record Parked(Command command, long deadlineNs) {}

    // ---- threads of the application

    /** Waits while a session is held, at most for the request timeout. On the event loop it never waits. */
    void awaitRoom(long session) throws EngineException {
        Hold hold = bySession.isEmpty() ? null : bySession.get(session);
        if (hold == null || patience.mustNotWait()) {
            return;
        }
        Thread self = Thread.currentThread();
        hold.waiting.add(self);
        try {
            if (!patience.await(() -> bySession.get(session) != hold, patience.requestTimeoutMs())) {
                throw givenUp(ErrorCode.RESOURCE_LIMIT, hold.reason);
            }
        } finally {
            hold.waiting.remove(self);
        }
    }

    private EngineException givenUp(ErrorCode code, EngineException reason) {
        return new EngineException(
                code,
                "not done within " + patience.requestTimeoutMs() + " ms (requestTimeout): " + reason.getMessage(),
                reason);
    }

    // ---- the event loop

    @Override
    public void blocked(Command command, EngineException reason) {
        long session = sessionOf(command.template());
        Hold hold = bySession.get(session);
        if (hold == null) {
            hold = new Hold();
            hold.reason = reason;
            hold.triedNs = patience.nanoTime();
            bySession.put(session, hold);
            plan(session, hold);
        }
        hold.reason = reason;
        park(hold, command);
        if (told.remove(session) || command.number() <= lastBefore) {
            reopen(session, hold);
        }
    }

    private void park(Hold hold, Command command) {
        long deadlineNs = patience.deadlineNs(TimeUnit.MILLISECONDS.toNanos(patience.requestTimeoutMs()));
        if (command.outcome() instanceof Promise promise) {
            deadlineNs = promise.held(deadlineNs);
        }
        hold.parked.add(new Parked(command, deadlineNs));
    }

    @Override
    public boolean keeps(Command command) {
        if (bySession.isEmpty()) {
            return false;
        }
        if (command.template() instanceof ClientFrame.CloseSession close) {
            abandon(close.session());
        }
        Hold hold = isPlainSend(command) ? bySession.get(sessionOf(command.template())) : null;
        if (hold != null) {
            window.confirmed(command.messageLength());
            window.release();
            park(hold, command);
        }
        return hold != null;
    }

    private static boolean isPlainSend(Command command) {
        return command.template() instanceof ClientFrame.Send send && !send.transacted();
    }

    private static long sessionOf(ClientFrame frame) {
        if (frame instanceof ClientFrame.Send send) {
            return send.session();
        }
        return frame instanceof ClientFrame.Commit commit ? commit.session() : NO_SESSION;
    }

    /** What is to be sent again next, or null. */
    Command poll() {
        Command command = ready.poll();
        if (command != null && command.isMessage()) {
            window.take(command.messageLength());
        }
        return command;
    }

    boolean isReady() {
        return !ready.isEmpty();
    }

    /** The server says that there may be room. */
    void onUnblocked(long session) {
        Hold hold = bySession.get(session);
        if (hold == null || hold.reopening) {
            told.add(session);
        } else {
            reopen(session, hold);
        }
    }

    /** A fresh link: the server, which has judged commands up to this one, may have forgotten who waits. */
    void onResumed(long lastCommand) {
        lastBefore = lastCommand;
        told.clear();
        bySession.forEach(this::reopen);
    }

    private void reopen(long session, Hold hold) {
        if (!hold.reopening) {
            hold.reopening = true;
            hold.triedNs = patience.nanoTime();
            outbox.add(Command.of(
                    new ClientFrame.Reopen(0, session), (value, failure) -> onReopened(session, hold, failure)));
            outbox.wake();
        }
    }

    /** Everything that was refused before is known now. */
    private void onReopened(long session, Hold hold, EngineException failure) {
        hold.reopening = false;
        if (failure == null) {
            release(session, hold);
            hold.parked.forEach(parked -> ready.add(parked.command()));
        }
    }

    private void release(long session, Hold hold) {
        bySession.remove(session, hold);
        hold.waiting.forEach(patience::unpark);
    }

    /** Looks after a hold by itself, when the first of it runs out of time, and now and then. */
    private void plan(long session, Hold hold) {
        Parked first = hold.parked.peek();
        long leftMs =
                first == null ? RETRY_MS : TimeUnit.NANOSECONDS.toMillis(first.deadlineNs() - patience.nanoTime()) + 1;
        long timeoutMs = Math.min(RETRY_MS, patience.requestTimeoutMs());
        transport.schedule(() -> look(session, hold), Math.max(1, Math.min(leftMs, timeoutMs)));
    }

    private void look(long session, Hold hold) {
        if (bySession.get(session) != hold) {
            return;
        }
        long nowNs = patience.nanoTime();
        for (Parked first = hold.parked.peek();
                first != null && first.deadlineNs() - nowNs <= 0;
                first = hold.parked.peek()) {
            hold.parked.poll();
            giveUp(first.command(), hold.reason);
        }
        if (hold.parked.isEmpty() || nowNs - hold.triedNs >= TimeUnit.MILLISECONDS.toNanos(RETRY_MS)) {
            reopen(session, hold);
        }
        plan(session, hold);
    }

    /** The command has no effect: a message was not sent, and what was to be committed is rolled back. */
    private void giveUp(Command command, EngineException reason) {
        ErrorCode code = ErrorCode.RESOURCE_LIMIT;
        if (command.template() instanceof ClientFrame.Commit) {
            code = ErrorCode.ROLLED_BACK; // by whoever asked for it
        } else if (command.template() instanceof ClientFrame.XaPrepare prepare) {
            code = ErrorCode.XA_ROLLED_BACK;
            outbox.add(Command.of(new ClientFrame.XaRollback(0, prepare.branch()), Outcome.NONE));
        } else if (command.template() instanceof ClientFrame.XaCommit commit) {
            code = ErrorCode.XA_ROLLED_BACK;
            outbox.add(Command.of(new ClientFrame.XaRollback(0, commit.branch()), Outcome.NONE));
        }
        command.outcome().settle(0, givenUp(code, reason));
        outbox.wake();
    }

    /** The session is being closed. */
    private void abandon(long session) {
        Hold hold = bySession.get(session);
        if (hold != null) {
            release(session, hold);
            failAll(
                    hold,
                    new EngineException(
                            ErrorCode.CLOSED,
                            "the session was closed before it was sent: " + hold.reason.getMessage(),
                            hold.reason));
        }
    }

    /** The connection is over. */
    void end(EngineException cause) {
        bySession.forEach((session, hold) -> {
            release(session, hold);
            failAll(hold, cause);
        });
        for (Command command = ready.poll(); command != null; command = ready.poll()) {
            command.outcome().settle(0, cause);
        }
    }

    private static void failAll(Hold hold, EngineException cause) {
        for (Parked parked = hold.parked.poll(); parked != null; parked = hold.parked.poll()) {
            parked.command().outcome().settle(0, cause);
        }
    }
}
