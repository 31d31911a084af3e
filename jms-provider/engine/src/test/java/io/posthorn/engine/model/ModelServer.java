package io.posthorn.engine.model;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * As much of a server as the engine can tell. What it has done becomes durable with {@link #sync}, which also confirms;
 * {@link #crash} brings back what was durable and forgets all else.
 */
public final class ModelServer {

    /** All frames that were taken, over all links. */
    public final List<ClientFrame> frames = new ArrayList<>();

    public boolean listens = true;
    public boolean autoSync = true;
    public boolean autoServe = true;

    /** Takes frames as they come; otherwise {@link #step} takes one. */
    public boolean autoTake = true;

    public UUID serverId = new UUID(7, 7);
    public long run = 1;
    public ErrorCode refuse;
    public boolean forgets;
    public int messageLengthMax = 1 << 20;

    /** How many messages a queue takes. */
    public int messagesMax = Integer.MAX_VALUE;

    /** Hears of all that is taken, said, made durable and lost; for looking into a seed. */
    public Consumer<Object> trace = event -> {};

    private final Queue<Arrival> arrivals = new ArrayDeque<>();
    private final Map<UUID, ModelConnection> connections = new LinkedHashMap<>();
    private Map<Address, TreeMap<Long, ModelMessage>> queues = new HashMap<>();
    private Map<BranchId, ModelTransaction> branches = new HashMap<>();
    private Map<BranchId, ModelTransaction> prepared = new LinkedHashMap<>();
    private final Set<Address> temporaries = new HashSet<>();
    private long lastEntry;
    private Durable durable = new Durable(Map.of(), Map.of(), Map.of(), Map.of(), 0);

    private record Arrival(FakeTransport.FakeLink link, ClientFrame frame) {}

    private record Durable(
            Map<Address, TreeMap<Long, ModelMessage>> queues,
            Map<BranchId, ModelTransaction> prepared,
            Map<UUID, Long> lastCommands,
            Map<UUID, TreeMap<Long, ServerFrame>> outcomes,
            long lastEntry) {}

    void arrive(FakeTransport.FakeLink link, ClientFrame frame) {
        arrivals.add(new Arrival(link, frame));
    }

    void onLinkEnded(FakeTransport.FakeLink link) {
        trace.accept("link ended");
        arrivals.removeIf(arrival -> arrival.link() == link);
        for (ModelConnection connection : connections.values()) {
            if (connection.link == link) {
                connection.link = null;
                connection.outgoing.clear();
            }
        }
    }

    /** Does all that it does by itself; whether there was anything. */
    public boolean work() {
        boolean any = false;
        if (autoTake) {
            while (step()) {
                any = true;
            }
        }
        if (autoServe) {
            any |= serve();
        }
        if (autoSync) {
            any |= sync();
        }
        return any | flush();
    }

    /** Takes one frame; whether there was one. */
    public boolean step() {
        Arrival arrival = arrivals.poll();
        if (arrival == null) {
            return false;
        }
        frames.add(arrival.frame());
        trace.accept(arrival.frame());
        if (arrival.frame() instanceof ClientFrame.Connect connect) {
            accept(arrival.link(), connect);
            return true;
        }
        for (ModelConnection connection : connections.values()) {
            if (connection.link == arrival.link()) {
                long before = connection.lastCommand;
                arrival.frame().dispatch(new ModelVerbs(this, connection));
                connection.hurried |=
                        connection.lastCommand > before && (!connection.late || isAwaited(arrival.frame()));
                return true;
            }
        }
        throw new AssertionError("a frame without a greeting: " + arrival.frame());
    }

    private static boolean isAwaited(ClientFrame frame) {
        if (frame instanceof ClientFrame.Send send) {
            return send.awaited();
        }
        return !(frame instanceof ClientFrame.Acknowledge acknowledge) || acknowledge.forced();
    }

    private void accept(FakeTransport.FakeLink link, ClientFrame.Connect frame) {
        if (refuse != null) {
            link.deliver(List.of(new ServerFrame.Refused(refuse, "refused by the test")));
            return;
        }
        if (forgets) {
            connections.values().forEach(this::giveUp);
            connections.clear();
            forgets = false;
        }
        ModelConnection connection = connections.get(frame.connection());
        boolean resumed = connection != null;
        if (!resumed) {
            connection = new ModelConnection(frame.connection());
            connections.put(frame.connection(), connection);
        }
        connection.link = link;
        connection.isFirst = true;
        connection.aliases.clear();
        connection.outgoing.clear();
        connection.outcomes.headMap(frame.lastConfirmed(), true).clear();
        connection.confirmed = 0;
        connection.outgoing.add(new ServerFrame.Connected(
                serverId, run, "model 1", 1 << 20, messageLengthMax, 0, 30_000, connection.lastCommand, resumed));
        connection.outgoing.addAll(connection.outcomes.values());
        Long durablyDone = durable.lastCommands().get(connection.id);
        if (durablyDone != null) {
            confirm(connection, durablyDone);
        }
    }

    /** Delivers what credit allows; whether there was anything. */
    public boolean serve() {
        boolean any = false;
        for (ModelConnection connection : connections.values()) {
            for (ModelConsumer consumer : connection.consumers.values()) {
                any |= serve(connection, consumer);
            }
        }
        return any;
    }

    boolean serve(ModelConnection connection, ModelConsumer consumer) {
        boolean any = false;
        TreeMap<Long, ModelMessage> safe = durable.queues().getOrDefault(consumer.address(), new TreeMap<>());
        for (ModelMessage message : List.copyOf(queue(consumer.address()).values())) {
            if (message.persistent && !safe.containsKey(message.entry)) {
                continue; // a delivery does not leave before what it depends on is durable
            }
            if (consumer.closed || connection.link == null || consumer.delivered >= consumer.limit) {
                break;
            }
            if (consumer.browses() ? message.entry <= consumer.browsed : message.holder != 0 || message.staged) {
                continue;
            }
            if (consumer.browses()) {
                consumer.browsed = message.entry;
            } else {
                message.holder = consumer.id;
            }
            consumer.delivered++;
            any = true;
            connection.outgoing.add(new ServerFrame.Deliver(
                    consumer.id,
                    consumer.generation,
                    message.entry,
                    message.attempts,
                    message.redelivered,
                    message.envelope));
        }
        return any;
    }

    /** Makes durable what was done, and confirms it, unless that can wait; whether there was anything. */
    public boolean sync() {
        Map<UUID, Long> done = new HashMap<>();
        Map<UUID, TreeMap<Long, ServerFrame>> outcomes = new HashMap<>();
        boolean any = false;
        for (ModelConnection connection : connections.values()) {
            done.put(connection.id, connection.lastCommand);
            outcomes.put(connection.id, new TreeMap<>(connection.outcomes));
            any |= connection.lastCommand > connection.safe;
            connection.safe = connection.lastCommand;
            boolean now = connection.hurried || !connection.outgoing.isEmpty();
            if (connection.link != null && connection.lastCommand > connection.confirmed && now) {
                confirm(connection, connection.lastCommand);
                any = true;
            }
        }
        if (any) {
            durable = new Durable(copy(queues, true), copy(prepared), done, outcomes, lastEntry);
            trace.accept("durable " + done.values());
        }
        return any;
    }

    /** From now on what nobody waits for is confirmed only along with something else, or with {@link #tellUntold}. */
    public void beLate() {
        connections.values().forEach(connection -> connection.late = true);
    }

    /** Confirms what was left for something else to go along with; whether there was anything. */
    public boolean tellUntold() {
        boolean any = false;
        for (ModelConnection connection : connections.values()) {
            any |= connection.link != null && connection.safe > connection.confirmed && !connection.hurried;
            connection.hurried = true;
        }
        return any && sync() | flush();
    }

    private void confirm(ModelConnection connection, long command) {
        connection.confirmed = command;
        connection.hurried = false;
        connection.outgoing.add(new ServerFrame.Confirmed(command));
    }

    private static Map<Address, TreeMap<Long, ModelMessage>> copy(
            Map<Address, TreeMap<Long, ModelMessage>> from, boolean persistentOnly) {
        Map<Address, TreeMap<Long, ModelMessage>> copy = new HashMap<>();
        from.forEach((address, messages) -> {
            TreeMap<Long, ModelMessage> kept = new TreeMap<>();
            messages.forEach((entry, message) -> {
                if (message.persistent || !persistentOnly) {
                    kept.put(entry, message.copy());
                }
            });
            copy.put(address, kept);
        });
        return copy;
    }

    private static Map<BranchId, ModelTransaction> copy(Map<BranchId, ModelTransaction> from) {
        return new LinkedHashMap<>(from);
    }

    /** Sends what has gathered; whether there was anything. */
    public boolean flush() {
        boolean any = false;
        for (ModelConnection connection : connections.values()) {
            if (connection.link != null && !connection.outgoing.isEmpty()) {
                connection.outgoing.forEach(trace);
                connection.link.deliver(connection.outgoing);
                connection.outgoing.clear();
                any = true;
            }
        }
        return any;
    }

    /** Stops without warning and starts again: what was not durable is gone. Links are broken by the caller first. */
    public void crash() {
        trace.accept("crash back to " + durable.lastCommands());
        arrivals.clear();
        run++;
        queues = copy(durable.queues(), true);
        prepared = copy(durable.prepared());
        prepared.values()
                .forEach(transaction -> transaction.settled.forEach(
                        settled -> stage(queue(settled.address()).get(settled.entry()))));
        branches = new HashMap<>();
        temporaries.clear();
        lastEntry = durable.lastEntry();
        Map<UUID, ModelConnection> known = new LinkedHashMap<>(connections);
        connections.clear();
        known.keySet().retainAll(durable.lastCommands().keySet());
        for (UUID id : known.keySet()) {
            ModelConnection connection = new ModelConnection(id);
            connection.late = known.get(id).late;
            connection.lastCommand = durable.lastCommands().get(id);
            connection.outcomes.putAll(durable.outcomes().get(id));
            connections.put(id, connection);
        }
    }

    private static void stage(ModelMessage message) {
        if (message != null) {
            message.staged = true;
        }
    }

    private void giveUp(ModelConnection connection) {
        for (Map<Long, ModelMessage> messages : queues.values()) {
            messages.values().stream()
                    .filter(message -> connection.consumers.containsKey(message.holder))
                    .forEach(message -> message.back(false));
        }
    }

    TreeMap<Long, ModelMessage> queue(Address address) {
        return queues.computeIfAbsent(address, key -> new TreeMap<>());
    }

    void put(Address address, byte[] envelope) {
        long entry = ++lastEntry;
        boolean persistent = Envelope.of(envelope).persistent();
        queue(address).put(entry, new ModelMessage(entry, envelope, persistent, 0, false));
    }

    Map<BranchId, ModelTransaction> branches() {
        return branches;
    }

    Map<BranchId, ModelTransaction> prepared() {
        return prepared;
    }

    Set<Address> temporaries() {
        return temporaries;
    }

    boolean isFull(Address address) {
        return queue(address).size() >= messagesMax;
    }

    void apply(ModelTransaction transaction) {
        transaction.sends.forEach(sent -> put(sent.address(), sent.envelope()));
        transaction.settled.forEach(settled -> queue(settled.address()).remove(settled.entry()));
    }

    void undo(ModelTransaction transaction) {
        for (ModelTransaction.Settled settled : transaction.settled) {
            ModelMessage message = queue(settled.address()).get(settled.entry());
            if (message != null) {
                message.back(true);
            }
        }
    }

    // What tests do and look at.

    /** Puts a message in, durably. */
    public void preload(Address address, byte[] envelope) {
        put(address, envelope);
        durable = new Durable(
                copy(queues, true), durable.prepared(), durable.lastCommands(), durable.outcomes(), lastEntry);
    }

    /** Another consumer takes what is free. */
    public void steal(Address address) {
        queue(address).values().removeIf(message -> message.holder == 0 && !message.staged);
    }

    public List<byte[]> contents(Address address) {
        return queue(address).values().stream().map(message -> message.envelope).toList();
    }

    public List<Integer> attempts(Address address) {
        return queue(address).values().stream().map(message -> message.attempts).toList();
    }

    /** Entries that nobody has. */
    public List<Long> free(Address address) {
        return queue(address).values().stream()
                .filter(message -> message.holder == 0 && !message.staged)
                .map(message -> message.entry)
                .toList();
    }

    public List<ModelConsumer> consumers() {
        return connections.values().stream()
                .flatMap(connection -> connection.consumers.values().stream())
                .toList();
    }

    public int sessionCount() {
        return connections.values().stream()
                .mapToInt(connection -> connection.sessions.size())
                .sum();
    }

    public boolean hasTemporary(Address address) {
        return temporaries.contains(address);
    }

    /** Says something on its own account. */
    public void say(ServerFrame frame) {
        connections.values().forEach(connection -> connection.outgoing.add(frame));
        flush();
    }

    public <F extends ClientFrame> List<F> frames(Class<F> type) {
        return frames.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Claims of entries that are free; the rest is not the client's. */
    void claim(ModelConsumer consumer, EntryRanges held) {
        TreeMap<Long, ModelMessage> messages = queue(consumer.address());
        held.forEach(entry -> {
            ModelMessage message = messages.get(entry);
            if (message != null && message.holder == 0 && !message.staged) {
                message.holder = consumer.id;
            }
        });
    }

    static boolean claims(Source source) {
        return source.mode() == Source.Mode.CLAIM;
    }
}
