package io.posthorn.broker.connection;

import io.posthorn.broker.admission.Waiter;
import io.posthorn.broker.body.Body;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.store.Decision;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.KnownConnection;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Routes;
import io.posthorn.broker.transaction.Session;
import io.posthorn.broker.transaction.Transaction;
import io.posthorn.broker.transaction.Units;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.Envelope;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one connection sends, and which of its sessions wait for room. Once a send of a session was refused for now, all that
 * come behind it are, until the client says that it tries again, so that none overtakes it. Runs on the broker's driver.
 */
final class Sending {

    /** Stands for the session where there is none. */
    private static final long BRANCHES = 0;

    /** How many refusals are remembered. */
    private static final int REFUSALS_MAX = 1000;

    private final Core core;
    private final Connection connection;
    private final CommandOrder order;
    private final Aliases aliases;
    private final LongBodyTransfers transfers;
    private final Map<Long, Waiter> waiters = new HashMap<>();

    /** Of this run, by command; the client may not have heard of them. */
    private final TreeMap<Long, Refusal> refusals = new TreeMap<>();

    /** A send that was refused by an earlier run is to be tried again before any other. */
    private boolean blockedBefore;

    /** Sessions that wait for no more than that. */
    private final Set<Long> behind = new LinkedHashSet<>();

    Sending(Core core, Connection connection, CommandOrder order, Aliases aliases, LongBodyTransfers transfers) {
        this.core = core;
        this.connection = connection;
        this.order = order;
        this.aliases = aliases;
        this.transfers = transfers;
    }

    /** Decides a send. */
    Decision send(ClientFrame.Send frame, Session session) throws Refusal {
        if (frame.transacted()) {
            stage(frame, session);
            return Decision.nothing();
        }
        if (blockedBefore && session.blocked() == null) {
            session.blocked(stillBlocked());
            behind.add(session.number());
        }
        if (session.blocked() != null) {
            throw session.blocked();
        }
        Destination destination = aliases.destination(frame.alias());
        Envelope envelope = core.admission().read(frame.envelope());
        Body body = envelope.bodyIsApart() ? transfers.require(envelope) : null;
        Envelope named = body == null ? envelope : body.nameIn(envelope);
        Routes routes = Routes.of(destination, named, connection.id(), connection.clientId())
                .repeated(order.isRepeated(frame.command()));
        List<Routes> letters = core.admission().mayRefuse(routes) ? judge(routes, session) : List.of();
        routes.record(core.recorder());
        if (letters.isEmpty() && body == null) {
            return Decision.of(routes.flush(), routes::complete);
        }
        return with(letters, routes, body);
    }

    private static Refusal stillBlocked() {
        return new Refusal(ErrorCode.BLOCKED, "a message that was sent before was refused for now, and comes first");
    }

    private List<Routes> judge(Routes routes, Session session) throws Refusal {
        try {
            List<Routes> letters = core.admission().judge(List.of(routes), Map.of(), waiter(session.number()));
            done(session.number());
            return letters;
        } catch (Refusal refusal) {
            if (refusal.code() == ErrorCode.BLOCKED) {
                session.blocked(refusal);
            }
            throw refusal;
        }
    }

    /** A message of which some queues give what comes to their dead letters, or whose {@code body} is apart. */
    private Decision with(List<Routes> letters, Routes routes, Body body) {
        Flush flush = routes.flush();
        for (Routes letter : letters) {
            letter.record(core.recorder());
            flush = Units.stronger(flush, letter.flush());
        }
        return Decision.of(flush, gate -> {
            BodyHold meanwhile = body == null ? null : core.bodies().keep(body);
            routes.complete(gate);
            letters.forEach(letter -> letter.complete(gate));
            if (meanwhile != null) {
                core.bodies().release(meanwhile);
            }
        });
    }

    /** Adds a message to the session's transaction; one that is refused lets the transaction end by rollback only. */
    private void stage(ClientFrame.Send frame, Session session) throws Refusal {
        Transaction work = session.work();
        try {
            Envelope envelope = core.admission().read(frame.envelope());
            Destination destination = aliases.destination(frame.alias());
            if (work.isDoomed()) {
                transfers.drop(envelope);
                return;
            }
            if (envelope.bodyIsApart()) {
                envelope = transfers.stage(envelope, work);
            }
            boolean isRepeated = order.isRepeated(frame.command());
            core.units()
                    .stage(
                            work,
                            new Transaction.Staged(
                                    destination, envelope, connection.id(), connection.clientId(), isRepeated));
        } catch (Refusal refusal) {
            work.doom("a message could not be sent: " + refusal.getMessage());
            throw refusal;
        }
    }

    /** Decides the commit of a session's local transaction; it stays as it is when there is no room for it now. */
    Decision commit(Session session) throws Refusal {
        Transaction work = session.local();
        if (work.doomed() == null) {
            try {
                Decision commit = core.units().commit(work, waiter(session.number()));
                done(session.number());
                session.newLocal();
                return commit;
            } catch (Refusal refusal) {
                if (refusal.code() == ErrorCode.BLOCKED) {
                    throw refusal.afterwards(ErrorCode.ROLLED_BACK);
                }
                work.doom(refusal.getMessage());
            }
        }
        session.newLocal();
        core.units().rollback(work).carryOut(core.recorder());
        throw new Refusal(ErrorCode.ROLLED_BACK, "the transaction was rolled back: " + work.doomed());
    }

    /** Decides the end of a branch, which stays as it is when there is no room for its messages now. */
    Decision endBranch(BranchEnd end) throws Refusal {
        try {
            return end.decide(waiter(BRANCHES));
        } catch (Refusal refusal) {
            throw refusal.code() == ErrorCode.BLOCKED ? refusal.afterwards(ErrorCode.XA_ROLLED_BACK) : refusal;
        }
    }

    /** What puts messages of a branch into queues, or promises to. */
    interface BranchEnd {
        Decision decide(Waiter waiter) throws Refusal;
    }

    /** A command was refused, and a later run would say so otherwise. */
    void refused(long command, Refusal refusal) {
        if (refusal.lasting() != refusal.code()) {
            refusals.put(command, refusal);
            if (refusals.size() > REFUSALS_MAX) {
                refusals.pollFirstEntry();
            }
        }
    }

    /** What the client is told again of a command that was refused; {@code lastConfirmed} and all before are forgotten. */
    ServerFrame again(KnownConnection.Outcome outcome, long lastConfirmed) {
        refusals.headMap(lastConfirmed, true).clear();
        Refusal refusal = refusals.get(outcome.command());
        return refusal == null
                ? outcome.toFrame()
                : new ServerFrame.Failed(outcome.command(), refusal.code(), refusal.getMessage());
    }

    /** Who waits in a session; 0 is for branches. */
    private Waiter waiter(long session) {
        return waiters.computeIfAbsent(session, number -> new Waiter(this::unblocked, number));
    }

    private void unblocked(long session) {
        connection.send(new ServerFrame.Unblocked(session));
    }

    private void done(long session) {
        Waiter waiter = waiters.remove(session);
        if (waiter != null) {
            waiter.end();
        }
    }

    /** The client tries again what was refused in a session. */
    void reopen(long number, Session session) {
        blockedBefore = false;
        behind.remove(number);
        behind.forEach(this::unblocked);
        behind.clear();
        waiters.computeIfPresent(number, (key, waiter) -> waiter.again());
        if (session != null) {
            session.blocked(null);
        }
    }

    /** The client is told of refusals of an earlier run. */
    void refusedBefore() {
        blockedBefore = true;
    }

    /** A session is over. */
    void close(Session session) {
        done(session.number());
    }

    /** All are. */
    void close() {
        waiters.values().forEach(Waiter::end);
        waiters.clear();
    }
}
