package io.posthorn.engine.command;

import io.posthorn.engine.command.SessionStanding.ConsumerStanding;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to say on a fresh link. Made once for each resumption, from what is known at that moment.
 *
 * <p>The rule is simple: what the server has done is not sent again, all else goes out again in its old order. Two things
 * come before that. The server is told which sessions and consumers there are, and what the application holds of each
 * consumer, as it gives everything else back. And to a server that was started again, which has lost all that was
 * volatile, also the temporary destinations and the deliveries of consumers that are closed by now; the commands of
 * transactions that are still open then join those that go out again.
 *
 * <p>A delivery counts as held when the application has it, or when a command that goes out again is about it. The first
 * opening of a session, consumer or temporary destination that the server has not done yet is sent in its old place, for
 * what comes before it may be what makes room for it.
 */
final class ResumePlan {

    private final boolean sameRun;
    private final long lastCommand;
    private final Registry registry;
    private final List<SessionStanding> standings;

    /** Done at the server, still waiting for the confirmation. */
    private final List<Command> done = new ArrayList<>();

    private final List<Command> repeated = new ArrayList<>();
    private final List<Command> setUp = new ArrayList<>();
    private final List<Command> again = new ArrayList<>();

    /** What is held of each consumer that anything is held of. */
    private final Map<Long, Held> held = new LinkedHashMap<>();

    /** Consumers that the server will know when the repeated commands arrive. */
    private final Set<Long> present = new HashSet<>();

    /** Those of them that can receive. */
    private final Set<Long> attached = new HashSet<>();

    private final Set<Long> closedSessions = new HashSet<>();
    private final Set<Long> closedConsumers = new HashSet<>();
    private final Set<Address> deletedTemporaries = new HashSet<>();

    ResumePlan(
            boolean sameRun,
            long lastCommand,
            Registry registry,
            List<Command> unconfirmed,
            List<Command> openContent,
            List<SessionStanding> standings) {
        this.sameRun = sameRun;
        this.lastCommand = lastCommand;
        this.registry = registry;
        this.standings = standings;
        sortOut(unconfirmed, openContent);
        collectHeld();
        openSessions();
        createTemporaries();
        attachConsumers();
        claimDeliveries();
        dropNeedless();
        again.addAll(setUp);
        again.addAll(repeated);
    }

    private void sortOut(List<Command> unconfirmed, List<Command> openContent) {
        Set<Command> content = new HashSet<>(openContent);
        for (Command command : unconfirmed) {
            if (command.setUp || content.contains(command)) {
                continue; // made anew, or added below
            }
            if (command.ghost || command.number() > lastCommand) {
                repeated.add(command);
            } else {
                done.add(command);
                noteClosed(command.template());
            }
        }
        repeated.addAll(openContent);
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

    private void collectHeld() {
        for (SessionStanding session : standings) {
            for (ConsumerStanding consumer : session.consumers()) {
                hold(consumer.consumer(), consumer.handed());
            }
        }
        for (Command command : repeated) {
            if (!command.ghost) {
                hold(command);
            }
        }
    }

    private void hold(Command command) {
        ClientFrame frame = command.template();
        if (frame instanceof ClientFrame.Acknowledge acknowledge) {
            hold(command.consumers().get(0), acknowledge.entries());
        } else if (frame instanceof ClientFrame.Release release) {
            hold(command.consumers().get(0), release.handed());
        } else if (frame instanceof ClientFrame.Detach detach) {
            hold(command.consumers().get(0), detach.handed());
        } else if (frame instanceof ClientFrame.Attach attach) {
            hold(command.consumers().get(0), attach.held());
            if (!registry.hasConsumer(attach.consumer(), lastCommand)) {
                present.add(attach.consumer());
            }
        } else if (frame instanceof ClientFrame.CloseSession close) {
            for (ClientFrame.Handed handed : close.handed()) {
                command.consumers().stream()
                        .filter(consumer -> consumer.id() == handed.consumer())
                        .forEach(consumer -> hold(consumer, handed.entries()));
            }
        }
    }

    private void hold(ConsumerRef consumer, EntryRanges entries) {
        if (!entries.isEmpty()) {
            EntryRanges.Builder builder =
                    held.computeIfAbsent(consumer.id(), id -> new Held(consumer, new EntryRanges.Builder())).entries;
            entries.forEach(builder::add);
        }
    }

    private EntryRanges held(long consumer) {
        Held of = held.get(consumer);
        return of == null ? EntryRanges.NONE : of.entries.build();
    }

    private void openSessions() {
        for (SessionStanding standing : standings) {
            long session = standing.session();
            if (isOpen(session)) {
                setUp(Command.of(new ClientFrame.OpenSession(0, session), Outcome.NONE));
                Command timeout = registry.timeout(session, lastCommand);
                if (!sameRun && timeout != null) {
                    setUp(Command.of(timeout.template(), Outcome.NONE));
                }
            }
        }
    }

    /** Whether the server had the session, and has not closed it. */
    private boolean isOpen(long session) {
        return registry.hasSession(session, lastCommand) && !closedSessions.contains(session);
    }

    private void createTemporaries() {
        if (!sameRun) {
            for (Address address : registry.temporaries(lastCommand)) {
                if (!deletedTemporaries.contains(address)) {
                    setUp(Command.of(new ClientFrame.CreateTemporary(0, address), Outcome.NONE));
                }
            }
        }
    }

    private void attachConsumers() {
        for (SessionStanding session : standings) {
            for (ConsumerStanding consumer : session.consumers()) {
                if (consumer.isOpen() && isOpen(session.session()) && isKnown(consumer.consumer())) {
                    attach(consumer);
                }
            }
        }
    }

    private boolean isKnown(ConsumerRef consumer) {
        return registry.hasConsumer(consumer.id(), lastCommand) && !closedConsumers.contains(consumer.id());
    }

    private void attach(ConsumerStanding standing) {
        ConsumerRef consumer = standing.consumer();
        if (sameRun && consumer.browses()) {
            // What was on its way is lost, and a browser cannot give back: it begins anew, and skips what it has seen.
            setUp(Command.about(
                    consumer, new ClientFrame.Detach(0, consumer.id(), EntryRanges.NONE), null, Outcome.NONE));
        }
        ClientFrame.Attach attach =
                new ClientFrame.Attach(0, consumer.session(), consumer.id(), 0, consumer.source(), held(consumer.id()));
        setUp(Command.about(consumer, attach, standing.generation(), standing.onAttach()));
        present.add(consumer.id());
        attached.add(consumer.id());
    }

    /** Of consumers that are closed, or will be by a command that is repeated. */
    private void claimDeliveries() {
        if (sameRun) {
            return; // the server has them still
        }
        for (Held of : held.values()) {
            ConsumerRef consumer = of.consumer;
            if (isOpen(consumer.session()) && present.add(consumer.id())) {
                Source source = consumer.source();
                Source claim = new Source(
                        source.address(),
                        Source.Mode.CLAIM,
                        source.subscription(),
                        source.durable(),
                        source.shared(),
                        source.noLocal(),
                        source.selector());
                ClientFrame.Attach attach =
                        new ClientFrame.Attach(0, consumer.session(), consumer.id(), 0, claim, of.entries.build());
                setUp(Command.about(consumer, attach, new Generation(), Outcome.NONE));
            }
        }
    }

    private void setUp(Command command) {
        command.setUp = true;
        setUp.add(command);
    }

    /** What a server that was started again has no use for: it waits for its turn, and is then done. */
    private void dropNeedless() {
        if (sameRun) {
            return;
        }
        Set<Long> attachedInPlace = new HashSet<>();
        for (Command command : repeated) {
            ClientFrame frame = command.template();
            if (frame instanceof ClientFrame.Attach attach) {
                if (registry.hasConsumer(attach.consumer(), lastCommand)) {
                    command.ghost |= !attached.contains(attach.consumer());
                } else {
                    attachedInPlace.add(attach.consumer());
                }
            } else if (frame instanceof ClientFrame.Detach detach) {
                command.ghost |= !attachedInPlace.contains(detach.consumer());
            } else if (frame instanceof ClientFrame.Release release) {
                command.ghost |= !present.contains(release.consumer());
            } else if (frame instanceof ClientFrame.Send) {
                command.ghost |= command.isVolatile();
            }
        }
    }

    /** What needs no repetition, in its old order. */
    Collection<Command> done() {
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

    /** What is held of one consumer. */
    private record Held(ConsumerRef consumer, EntryRanges.Builder entries) {}
}
