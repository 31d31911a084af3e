package io.posthorn.engine.command;

import io.posthorn.engine.Outcome;
import io.posthorn.engine.command.SessionStanding.ConsumerStanding;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What to say on a fresh link. Made once for each resumption, from what is known at that moment.
 *
 * <p>The rule is simple: what the server has done is not sent again, all else goes out again in its old order. The first
 * opening of a session, consumer or temporary destination that the server has not done yet is among it, in its old place,
 * for what comes before it may be what makes room for it. Before all that, the server is told of each consumer again, and
 * what the application holds of it; everything else it gives back.
 *
 * <p>A server that was started again has lost what was volatile. So it is also told of sessions, temporary destinations,
 * the deliveries of closed consumers, and the content of open transactions, done or not. And it may have done commands,
 * and lost them again, whose consequences the application has seen: a delivery may have come back by a rollback that is
 * not done any more, and be held again, or acknowledged again. There the last word counts. Going back from the commands
 * that no link has carried yet, over what is held now, to those that went out before, a delivery belongs to whom it is
 * named for first; earlier ones are narrowed to what is left to them. A release gives back what its consumer holds, so
 * each goes out for a claimer of its own, which holds just what is to be given back. What was not persistent is gone with
 * the run that delivered it: nobody else can have it, so nothing is said of it any more. A break in the middle of this is
 * a break like any other: the rest goes out again in its order.
 */
final class ResumePlan {

    private final boolean sameRun;
    private final long lastCommand;
    private final Registry registry;
    private final List<SessionStanding> standings;
    private final LongSupplier claimers;

    /** Done at the server, still waiting for the confirmation. */
    private final List<Command> done = new ArrayList<>();

    private final List<Command> repeated = new ArrayList<>();
    private final List<Command> setUp = new ArrayList<>();
    private final List<Command> again = new ArrayList<>();
    private final Holders holders = new Holders();
    private final Set<Long> attached = new HashSet<>();
    private final Set<Long> closedSessions = new HashSet<>();
    private final Set<Long> closedConsumers = new HashSet<>();
    private final Set<Address> deletedTemporaries = new HashSet<>();

    /** {@code claimers} gives numbers of consumers that nobody else has. */
    ResumePlan(
            boolean sameRun,
            long lastCommand,
            Registry registry,
            List<SessionStanding> standings,
            LongSupplier claimers) {
        this.sameRun = sameRun;
        this.lastCommand = lastCommand;
        this.registry = registry;
        this.standings = standings;
        this.claimers = claimers;
    }

    /** From what is unconfirmed, and the content of the transactions that have to be sent whole. */
    void make(List<Command> unconfirmed, List<Command> content) {
        sortOut(unconfirmed, content);
        if (sameRun) {
            holdStandings();
            repeated.forEach(this::hold);
            refresh();
        } else {
            narrowAll(false);
            holdStandings();
            narrowAll(true);
            dropNeedless();
            rebuild();
        }
        again.addAll(setUp);
        again.addAll(repeated);
    }

    private void sortOut(List<Command> unconfirmed, List<Command> content) {
        Set<Command> whole = new HashSet<>(content);
        for (Command command : unconfirmed) {
            boolean isMadeAnew = command.setUp && !(sameRun && command.rebuilds);
            if (isMadeAnew || whole.contains(command)) {
                continue;
            }
            if (command.ghost || command.number() > lastCommand) {
                repeated.add(command);
            } else {
                done.add(command);
                noteClosed(command.template());
            }
        }
        repeated.addAll(content);
        repeated.sort(Comparator.comparingLong(Command::number));
    }

    private void noteClosed(ClientFrame frame) {
        if (frame instanceof ClientFrame.CloseSession close) {
            closedSessions.add(close.session());
        } else if (frame instanceof ClientFrame.Detach detach) {
            closedConsumers.add(detach.consumer());
        } else if (frame instanceof ClientFrame.DeleteTemporary delete) {
            deletedTemporaries.add(delete.address());
        }
    }

    private void holdStandings() {
        for (SessionStanding session : standings) {
            for (ConsumerStanding standing : session.consumers()) {
                holders.hold(standing.consumer(), holders.take(standing.consumer(), standing.handed()));
            }
        }
    }

    // The same run.

    private void hold(Command command) {
        if (command.ghost) {
            return;
        }
        ClientFrame frame = command.template();
        if (frame instanceof ClientFrame.Acknowledge acknowledge) {
            holders.hold(command.consumers().get(0), acknowledge.entries());
        } else if (frame instanceof ClientFrame.Release release) {
            holders.hold(command.consumers().get(0), release.handed());
        } else if (frame instanceof ClientFrame.Attach attach) {
            holders.hold(command.consumers().get(0), attach.held());
        }
    }

    /** Sessions and consumers that the server has. The others are opened by what is repeated. */
    private void refresh() {
        for (SessionStanding session : standings) {
            long id = session.session();
            if (closedSessions.contains(id) || !registry.stillHasSession(id, lastCommand)) {
                continue;
            }
            setUp(Command.of(new ClientFrame.OpenSession(0, id), Outcome.NONE));
            for (ConsumerStanding standing : session.consumers()) {
                ConsumerRef consumer = standing.consumer();
                if (isOpen(standing) && registry.stillHasConsumer(consumer.id(), lastCommand)) {
                    if (consumer.browses()) {
                        // What was on its way is lost, and a browser cannot give back: it begins anew, and skips what
                        // it has shown.
                        ClientFrame.Detach detach = new ClientFrame.Detach(0, consumer.id(), EntryRanges.NONE);
                        setUp(Command.about(consumer, detach, null, Outcome.NONE));
                    }
                    attach(standing);
                }
            }
        }
    }

    private boolean isOpen(ConsumerStanding standing) {
        return standing.isOpen()
                && !closedConsumers.contains(standing.consumer().id());
    }

    // Another run.

    /** From the last to the first, those that were sent before, or the others. */
    private void narrowAll(boolean sent) {
        for (int index = repeated.size() - 1; index >= 0; index--) {
            if (repeated.get(index).sent == sent) {
                narrow(repeated.get(index));
            }
        }
    }

    /** Leaves to a command the deliveries that no later one names. */
    private void narrow(Command command) {
        ClientFrame frame = command.template();
        if (command.ghost) {
            return;
        }
        if (frame instanceof ClientFrame.Acknowledge acknowledge) {
            ConsumerRef consumer = command.consumers().get(0);
            EntryRanges left = holders.take(consumer, logged(command, acknowledge.entries()));
            holders.hold(consumer, left);
            command.narrow(
                    consumer,
                    new ClientFrame.Acknowledge(
                            0, consumer.id(), acknowledge.transacted(), acknowledge.forced(), left));
            command.ghost = left.isEmpty();
        } else if (frame instanceof ClientFrame.Release release) {
            ConsumerRef of = command.consumers().get(0);
            ConsumerRef claimer =
                    of.isClaimer() ? of : new ConsumerRef(claimers.getAsLong(), of.session(), of.source());
            EntryRanges left = holders.take(of, logged(command, release.handed()));
            holders.hold(claimer, left);
            command.narrow(claimer, new ClientFrame.Release(0, claimer.id(), 0, left));
            command.ghost = left.isEmpty();
        } else if (frame instanceof ClientFrame.CloseSession close) {
            for (ClientFrame.Handed handed : close.handed()) {
                command.consumers().stream()
                        .filter(consumer -> consumer.id() == handed.consumer())
                        .forEach(consumer -> holders.hold(consumer, holders.take(consumer, handed.entries())));
            }
        }
    }

    /** Those of the entries that the server can have over its restart. */
    private static EntryRanges logged(Command command, EntryRanges entries) {
        EntryRanges unlogged = command.unlogged();
        if (unlogged.isEmpty()) {
            return entries;
        }
        EntryRanges.Builder left = new EntryRanges.Builder();
        entries.forEach(entry -> {
            if (!unlogged.contains(entry)) {
                left.add(entry);
            }
        });
        return left.build();
    }

    /** What a server that was started again has no use for: it waits for its turn, and is then done. */
    private void dropNeedless() {
        Set<Long> opened = new HashSet<>();
        for (Command command : repeated) {
            ClientFrame frame = command.template();
            if (frame instanceof ClientFrame.Attach attach) {
                if (registry.hasConsumer(attach.consumer(), lastCommand)) {
                    command.ghost = true; // a stop; there is nothing left to give back
                } else {
                    opened.add(attach.consumer());
                }
            } else if (frame instanceof ClientFrame.Detach detach) {
                command.ghost |= !opened.contains(detach.consumer());
            } else if (frame instanceof ClientFrame.Send) {
                command.repeatToAnotherRun();
            } else if (frame instanceof ClientFrame.XaStart) {
                command.repeated |= command.sent;
            }
        }
    }

    private void rebuild() {
        for (SessionStanding session : standings) {
            if (hadSession(session.session())) {
                setUp(Command.of(new ClientFrame.OpenSession(0, session.session()), Outcome.NONE));
                Command timeout = registry.timeout(session.session(), lastCommand);
                if (timeout != null) {
                    setUp(Command.of(timeout.template(), Outcome.NONE));
                }
            }
        }
        for (Address address : registry.temporaries(lastCommand)) {
            if (!deletedTemporaries.contains(address)) {
                setUp(Command.of(new ClientFrame.CreateTemporary(0, address), Outcome.NONE));
            }
        }
        for (SessionStanding session : standings) {
            for (ConsumerStanding standing : session.consumers()) {
                if (hadSession(session.session())
                        && isOpen(standing)
                        && registry.hasConsumer(standing.consumer().id(), lastCommand)) {
                    attach(standing);
                }
            }
        }
        claimDeliveries();
        setUp.forEach(command -> command.rebuilds = true);
        registry.rebuild(setUp);
    }

    /** Whether the server had the session in an earlier run, and has not closed it. */
    private boolean hadSession(long session) {
        return registry.hasSession(session, lastCommand) && !closedSessions.contains(session);
    }

    /** Of consumers that are closed, or that only give back. */
    private void claimDeliveries() {
        for (Holders.Held held : holders.all()) {
            ConsumerRef consumer = held.consumer();
            if (hadSession(consumer.session()) && !attached.contains(consumer.id())) {
                Source source = consumer.source();
                Source claim = new Source(
                        source.address(),
                        Source.Mode.CLAIM,
                        source.subscription(),
                        source.durable(),
                        source.shared(),
                        source.noLocal(),
                        source.selector());
                attach(consumer, claim, new Generation(), Outcome.NONE);
            }
        }
    }

    // Both.

    private void attach(ConsumerStanding standing) {
        ConsumerRef consumer = standing.consumer();
        attach(consumer, consumer.source(), standing.generation(), standing.onAttach());
        attached.add(consumer.id());
    }

    private void attach(ConsumerRef consumer, Source source, Generation generation, Outcome outcome) {
        ClientFrame.Attach attach =
                new ClientFrame.Attach(0, consumer.session(), consumer.id(), 0, source, holders.heldBy(consumer.id()));
        setUp(Command.about(consumer, attach, generation, outcome));
    }

    private void setUp(Command command) {
        command.setUp = true;
        setUp.add(command);
    }

    /** What needs no repetition, in its old order. */
    List<Command> done() {
        return done;
    }

    /** What goes out, and what only waits for its turn, in order. */
    List<Command> again() {
        return again;
    }

    /** The generations that consumers receive in are the last ones that the plan opens, once it has its numbers. */
    void openGenerations() {
        Map<Long, Long> last = new HashMap<>();
        for (Command command : again) {
            if (command.generation() != null && !command.ghost) {
                last.put(command.consumers().get(0).id(), command.generation().number());
            }
        }
        for (SessionStanding session : standings) {
            for (ConsumerStanding consumer : session.consumers()) {
                Long generation = last.get(consumer.consumer().id());
                if (consumer.isOpen() && generation != null) {
                    consumer.generation().open(generation);
                }
            }
        }
    }
}
