package io.posthorn.broker.connection;

import io.posthorn.broker.Login;
import io.posthorn.broker.Outlet;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.KnownConnection;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Subscription;
import io.posthorn.broker.transaction.Session;
import io.posthorn.broker.transaction.Sessions;
import io.posthorn.broker.transaction.Transaction;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.MalformedException;
import java.util.UUID;

/**
 * One client, for longer than its socket. Each numbered frame is a command: decided, recorded, carried out, and confirmed
 * once it is durable; one that is refused has no effect. Runs on the broker's driver.
 */
public final class Connection implements ClientFrame.Handler {

    private final Core core;
    private final Registry registry;
    private final UUID id;
    private final CommandOrder order = new CommandOrder();
    private final Confirmations confirmations = new Confirmations();
    final Consumers consumers;
    private final Destinations destinations;
    private final Sessions sessions = new Sessions();
    private final Sending sending;
    private final Aliases aliases;
    private final Outbox outbox;
    private final Associations associations;
    private final LongBodyTransfers transfers;
    private Login login;
    private Outlet outlet;
    private String clientId;
    private boolean over;

    /** Came back after a restart, and has not said yet all that the server must know again. */
    private boolean rebuilding;

    /** It was sent something in this turn that did not wait for the log. */
    private boolean served;

    public Connection(Core core, Registry registry, UUID id) {
        this.core = core;
        this.registry = registry;
        this.id = id;
        this.destinations = new Destinations(core.state(), core.recorder(), registry::isAwaited);
        this.outbox = new Outbox(core.progress(), this);
        this.consumers = new Consumers(core, this, destinations, outbox);
        this.aliases = new Aliases(destinations, consumers);
        this.associations = new Associations(core, id);
        this.transfers = new LongBodyTransfers(core, this, consumers);
        this.sending = new Sending(core, this, order, aliases, transfers);
        KnownConnection known = core.state().connection(id);
        if (known != null) {
            order.goOnBehind(known.lastCommand());
            confirmations.reset(known.lastCommand());
            rebuilding = true;
        }
    }

    /** How a command is carried out. */
    private enum Manner {
        PLAIN,
        /** Nobody waits for its confirmation, unless it fails. */
        UNAWAITED,
        /** One of those that come first after a restart. */
        REBUILDING,
        /** An end that the client waits for: whatever came before it must not be left to the next sync. */
        ENDING
    }

    /** Decides one command; must change nothing before it may throw. */
    private interface Step {
        Decision decide() throws Refusal;
    }

    public UUID id() {
        return id;
    }

    public String clientId() {
        return clientId;
    }

    public boolean isConnected() {
        return outlet != null;
    }

    public boolean isUsing(Outlet other) {
        return outlet == other;
    }

    /** Whether it came back after a restart, and temporary destinations of it may still be missing. */
    boolean isRebuilding() {
        return rebuilding;
    }

    public long lastCommand() {
        return order.last();
    }

    Login login() {
        return login;
    }

    Outlet outlet() {
        return outlet;
    }

    /** Whether a login is good for going on with this connection. */
    public boolean isOf(Login other) {
        return login == null || login.user().equals(other.user());
    }

    /** Goes on over this socket; what the client has not been told yet is told again behind {@code greeting}. */
    public void connect(Outlet newOutlet, Login newLogin, ServerFrame.Connected greeting, long lastConfirmed) {
        if (outlet != null) {
            outlet.close();
            loseSocket();
        }
        outlet = newOutlet;
        order.onSocket();
        login = newLogin;
        confirmations.beginBehind(greeting, outlet);
        registry.touch(this);
        KnownConnection known = core.state().connection(id);
        if (known != null) {
            for (KnownConnection.Outcome outcome : known.outcomes()) {
                if (outcome.command() > lastConfirmed) {
                    send(sending.again(outcome, lastConfirmed));
                    if (rebuilding && outcome.code() == ErrorCode.BLOCKED) {
                        sending.refusedBefore();
                    }
                }
            }
        }
        confirmations.toldUpTo(lastConfirmed);
    }

    /** The socket is gone; all else stays for the resume window. */
    public void disconnect(long nowMs) {
        loseSocket();
        if (!over) {
            registry.absent(this, nowMs);
        }
    }

    /** What belongs to the socket ends; nobody receives until the client is back and attaches its consumers again. */
    private void loseSocket() {
        outlet = null;
        aliases.clear();
        outbox.clear();
        transfers.clear();
        consumers.suspend();
    }

    /** Claims a client identifier, at connect or later. */
    public void identify(String newClientId) throws Refusal {
        if (newClientId == null || newClientId.equals(clientId)) {
            return;
        }
        if (newClientId.isBlank() || newClientId.length() > Address.NAME_LENGTH_MAX) {
            throw new Refusal(
                    ErrorCode.INVALID_CLIENT_ID,
                    "a client identifier has 1 to " + Address.NAME_LENGTH_MAX + " characters, not "
                            + newClientId.length());
        }
        if (clientId != null) {
            throw new Refusal(
                    ErrorCode.INVALID_CLIENT_ID, "the connection has client identifier '" + clientId + "' already");
        }
        registry.claim(newClientId, this);
        clientId = newClientId;
    }

    /** The client did not come back, or lost its identifier to another: everything it holds is given back. */
    void expire() {
        end(true);
        core.recorder().commit(Flush.LAZY);
    }

    void send(ServerFrame frame) {
        if (outlet != null) {
            confirmations.tellAhead(outlet);
            outlet.send(frame);
            registry.touch(this);
            served |= !registry.isProgressing();
        }
    }

    /** Whether so much is on its way to the client that no more should be delivered to it. */
    boolean isFull() {
        return outbox.isFull() || outlet != null && outlet.isFull();
    }

    /** The socket takes more. */
    public void drained() {
        consumers.pump();
    }

    /** A branch that a session of it has worked in is prepared or over without its doing. */
    void branchOver(BranchId branch, long gate) {
        outbox.send(new ServerFrame.XaOver(branch), gate);
    }

    /** Whether a message of this queue is delivered here and not acknowledged, or only in a transaction that is open. */
    boolean holds(MessageQueue queue) {
        return consumers.holds(queue)
                || sessions.all().stream().anyMatch(session -> session.local().settles(queue));
    }

    /** Something waits for the log. */
    void awaitLog() {
        registry.awaitLog(this);
    }

    /** Takes note of how far the log is. True when nothing waits any more. */
    boolean onProgress() {
        boolean wasFull = outbox.isFull();
        outbox.advance();
        if (wasFull && !outbox.isFull()) {
            consumers.pump();
        }
        transfers.advance();
        if (confirmations.advance(core.progress().written(), core.progress().synced())) {
            registry.touch(this);
        }
        return confirmations.isEmpty() && outbox.isEmpty() && transfers.isSettled();
    }

    /** Whether it sent more than a confirmation in this turn. */
    boolean isSpeaking() {
        return confirmations.isSpeaking();
    }

    /** Whether it was sent something in this turn that did not wait for the log, and waits for nothing there. */
    boolean isServedWithoutLog() {
        return served && !confirmations.isAwaited();
    }

    void endTurn(long nowMs) {
        served = false;
        if (outlet != null) {
            registry.owe(this, !confirmations.tellIfDue(outlet, nowMs));
            outlet.flush();
        }
    }

    long untoldSinceMs() {
        return confirmations.untoldSinceMs();
    }

    /** Has what was left untold told at the end of this turn. */
    void tellUntold() {
        if (outlet != null && confirmations.isUntold()) {
            confirmations.hurry();
            registry.touch(this);
        }
    }

    @Override
    public void onConnect(ClientFrame.Connect frame) {
        breakOff("CONNECT came twice on one socket");
    }

    @Override
    public void onIdentify(ClientFrame.Identify frame) {
        execute(frame.command(), () -> {
            if (frame.clientId() == null) {
                throw new Refusal(ErrorCode.INVALID_CLIENT_ID, "a client identifier cannot be null");
            }
            identify(frame.clientId());
            return Decision.nothing();
        });
    }

    @Override
    public void onClose(ClientFrame.Close frame) {
        if (begin(frame.command())) {
            end(false);
            // the client waits for this one, so whatever is still unconfirmed must not be left to the next sync
            boolean waits = !confirmations.isEmpty();
            long end = core.recorder().commit(waits ? Flush.SYNC : Flush.LAZY);
            settle(frame.command(), waits ? end : Recorder.NOTHING, true, true);
        }
    }

    @Override
    public void onHeartbeat(ClientFrame.Heartbeat frame) {
        // its arrival is all that it says
    }

    @Override
    public void onDeclareAddress(ClientFrame.DeclareAddress frame) {
        if (isOpen()) {
            aliases.declare(frame.alias(), frame.address());
        }
    }

    @Override
    public void onOpenSession(ClientFrame.OpenSession frame) {
        execute(
                frame.command(),
                Manner.REBUILDING,
                () -> Decision.volatileOnly(
                        () -> sessions.open(frame.session(), core.settings().xaTimeoutMs())));
    }

    @Override
    public void onCloseSession(ClientFrame.CloseSession frame) {
        execute(frame.command(), Manner.ENDING, () -> {
            Session session = sessions.get(frame.session());
            if (session == null) {
                return Decision.nothing();
            }
            Decision rollback = core.units().rollback(session.local());
            Runnable close = consumers.closeAll(session, frame.handed());
            return Decision.of(rollback.flush(), gate -> {
                sessions.remove(frame.session());
                consumers.suspend(session);
                sending.close(session);
                associations.close(session);
                rollback.complete().accept(gate);
                close.run();
            });
        });
    }

    @Override
    public void onSend(ClientFrame.Send frame) {
        confirmations.came(frame.envelope().length);
        execute(
                frame.command(),
                frame.awaited() ? Manner.PLAIN : Manner.UNAWAITED,
                () -> sending.send(frame, sessions.require(frame.session())));
    }

    @Override
    public void onReopen(ClientFrame.Reopen frame) {
        execute(
                frame.command(),
                () -> Decision.volatileOnly(() -> sending.reopen(frame.session(), sessions.get(frame.session()))));
    }

    @Override
    public void onRepeated(ClientFrame.Repeated frame) {
        order.repeat(frame.command());
    }

    @Override
    public void onUploadPiece(ClientFrame.UploadPiece frame) {
        transfers.onPiece(frame);
    }

    @Override
    public void onDropUpload(ClientFrame.DropUpload frame) {
        transfers.onDrop(frame);
    }

    @Override
    public void onFetchPiece(ClientFrame.FetchPiece frame) {
        transfers.onFetch(frame);
    }

    @Override
    public void onAttach(ClientFrame.Attach frame) {
        execute(frame.command(), () -> consumers.attach(frame, sessions.require(frame.session())));
    }

    @Override
    public void onDetach(ClientFrame.Detach frame) {
        execute(frame.command(), Manner.ENDING, () -> consumers.detach(frame));
    }

    @Override
    public void onCredit(ClientFrame.Credit frame) {
        consumers.credit(frame);
    }

    @Override
    public void onDrain(ClientFrame.Drain frame) {
        consumers.drain(frame);
    }

    @Override
    public void onAcknowledge(ClientFrame.Acknowledge frame) {
        execute(frame.command(), frame.forced() ? Manner.PLAIN : Manner.UNAWAITED, () -> consumers.acknowledge(frame));
    }

    @Override
    public void onRelease(ClientFrame.Release frame) {
        execute(frame.command(), () -> consumers.release(frame));
    }

    @Override
    public void onCommit(ClientFrame.Commit frame) {
        execute(frame.command(), () -> sending.commit(sessions.require(frame.session())));
    }

    @Override
    public void onRollback(ClientFrame.Rollback frame) {
        execute(frame.command(), () -> {
            Session session = sessions.require(frame.session());
            Transaction work = session.local();
            session.newLocal();
            return core.units().rollback(work);
        });
    }

    @Override
    public void onCreateTemporary(ClientFrame.CreateTemporary frame) {
        execute(frame.command(), Manner.REBUILDING, () -> {
            consumers.check(Login.Verb.CREATE, frame.address());
            Decision creation = destinations.createTemporary(frame.address(), id);
            number(); // who is known may come back, and others wait for that
            return Decision.of(Flush.WRITE, creation.complete());
        });
    }

    @Override
    public void onDeleteTemporary(ClientFrame.DeleteTemporary frame) {
        execute(frame.command(), () -> destinations.deleteTemporary(frame.address(), id));
    }

    @Override
    public void onUnsubscribe(ClientFrame.Unsubscribe frame) {
        execute(frame.command(), () -> {
            consumers.subscribing().unsubscribe(new Subscription.Key(clientId, frame.name()), registry::isHeld);
            return Decision.of(Flush.SYNC, gate -> {});
        });
    }

    @Override
    public void onXaStart(ClientFrame.XaStart frame) {
        execute(
                frame.command(),
                () -> associations.start(sessions.require(frame.session()), frame, order.isRepeated(frame.command())));
    }

    @Override
    public void onXaEnd(ClientFrame.XaEnd frame) {
        execute(frame.command(), () -> associations.end(sessions.require(frame.session()), frame));
    }

    @Override
    public void onXaPrepare(ClientFrame.XaPrepare frame) {
        execute(
                frame.command(),
                () -> sending.endBranch(waiter -> core.branches().prepare(frame.branch(), id, waiter)));
    }

    @Override
    public void onXaCommit(ClientFrame.XaCommit frame) {
        execute(
                frame.command(),
                () -> sending.endBranch(
                        waiter -> core.branches().commit(frame.branch(), frame.onePhase(), id, waiter)));
    }

    @Override
    public void onXaRollback(ClientFrame.XaRollback frame) {
        execute(frame.command(), () -> core.branches().rollback(frame.branch(), id));
    }

    @Override
    public void onXaForget(ClientFrame.XaForget frame) {
        execute(frame.command(), () -> core.branches().forget(frame.branch()));
    }

    @Override
    public void onXaTimeout(ClientFrame.XaTimeout frame) {
        execute(
                frame.command(),
                Manner.REBUILDING,
                () -> associations.timeout(sessions.require(frame.session()), frame.seconds()));
    }

    @Override
    public void onXaRecover(ClientFrame.XaRecover frame) {
        ServerFrame.XaBranches.answer(frame.token(), core.branches().recover()).forEach(this::send);
    }

    @Override
    public String toString() {
        return "connection " + id + (clientId == null ? "" : " ('" + clientId + "')");
    }

    boolean isOpen() {
        return outlet != null && !over;
    }

    private void execute(long command, Step step) {
        execute(command, Manner.PLAIN, step);
    }

    private void execute(long command, Manner manner, Step step) {
        if (!begin(command)) {
            return;
        }
        rebuilding &= manner == Manner.REBUILDING;
        Decision decision;
        try {
            decision = step.decide();
        } catch (Refusal refusal) {
            fail(command, refusal);
            return;
        } catch (MalformedException malformed) {
            fail(command, new Refusal(ErrorCode.PROTOCOL, "the message is malformed: " + malformed.getMessage()));
            return;
        }
        boolean syncs = manner == Manner.ENDING && !confirmations.isEmpty();
        seal(command, decision.result(), syncs);
        Flush flush = syncs ? Flush.SYNC : decision.flush();
        long end = decision.carryOut(core.recorder(), flush);
        settle(command, end, flush != Flush.WRITE, manner != Manner.UNAWAITED);
    }

    /** Whether the command is to be carried out. */
    private boolean begin(long command) {
        if (isOpen() && !order.begin(command)) {
            breakOff("command " + command + " came behind command " + order.last());
        }
        return isOpen();
    }

    private void seal(long command, long result, boolean always) {
        if (result != Decision.NO_RESULT) {
            core.recorder().add(new LogRecord.CommandResult(number(), command, result));
            send(new ServerFrame.Result(command, result));
        } else if (always || !core.recorder().isEmpty()) {
            core.recorder().add(new LogRecord.CommandDone(number(), command));
        }
    }

    private void fail(long command, Refusal refusal) {
        core.recorder().abandon();
        send(new ServerFrame.Failed(command, refusal.code(), refusal.getMessage()));
        sending.refused(command, refusal);
        core.recorder().add(new LogRecord.CommandFailed(number(), command, refusal.lasting(), refusal.getMessage()));
        settle(command, core.recorder().commit(Flush.WRITE), false, true);
    }

    /** Confirms a command once the log has got as far as {@code end}. */
    private void settle(long command, long end, boolean synced, boolean awaited) {
        confirmations.add(command, end, synced, awaited);
        if (confirmations.isEmpty()) {
            registry.touch(this);
        } else {
            registry.awaitLog(this);
        }
    }

    /** The number that stands for this connection in the log; the first use writes it down. */
    long number() {
        return registry.numberOf(id);
    }

    /** Gives back all that the connection holds. The last record is left in the recorder. */
    private void end(boolean expired) {
        over = true;
        consumers.suspend();
        for (Session session : sessions.all()) {
            associations.close(session);
            core.units().rollback(session.local()).carryOut(core.recorder());
            consumers.abandonAll(session);
        }
        sessions.clear();
        sending.close();
        core.branches().abandon(id);
        core.bodies().drop(id);
        destinations.deleteTemporaries(id);
        registry.remove(this);
        if (expired || core.state().connection(id) != null) {
            core.recorder().add(new LogRecord.ConnectionEnded(number(), expired));
        }
    }

    void breakOff(String text) {
        if (outlet != null) {
            outlet.send(new ServerFrame.Closed(ErrorCode.PROTOCOL, text));
            outlet.close();
            disconnect(core.courier().nowMs());
        }
    }
}
