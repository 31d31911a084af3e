package io.posthorn.broker.simulation;

import io.posthorn.broker.Login;
import io.posthorn.broker.Outlet;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A client with the resumption of docs/protocol.md in its simplest form: three sessions, one that acknowledges by itself,
 * one with local transactions, one with branches, each with a consumer, and each sending too.
 */
final class Client {

    private static final int TMSUCCESS = 0x04000000;
    private static final int PLAIN = 0;
    private static final int LOCAL = 1;
    private static final int XA = 2;

    private final World world;
    private final int index;
    private final List<ClientConsumer> consumers = new ArrayList<>();
    private final ArrayDeque<Command> unconfirmed = new ArrayDeque<>();
    private final List<Command> content = new ArrayList<>();
    private final ArrayDeque<ClientFrame> outgoing = new ArrayDeque<>();
    private final ArrayDeque<ServerFrame> incoming = new ArrayDeque<>();

    private UUID id;
    private Socket socket;
    private boolean ready;
    private int awayUntilStep;
    private boolean closing;
    private long knownRun;
    private long lastNumber;
    private long confirmed;
    private long lastGeneration;
    private long lastToken;
    private long sent;
    private Ledger.Unit transaction;
    private boolean ending;
    private Branch branch;

    Client(World world, int index) {
        this.world = world;
        this.index = index;
        consumers.add(new ClientConsumer(1, 1, index == 0 ? queue(0, null) : queue(1, "odd = TRUE")));
        consumers.add(new ClientConsumer(2, 2, index % 2 == 0 ? queue(1, null) : queue(2, null)));
        consumers.add(new ClientConsumer(3, 3, index % 2 == 0 ? queue(2, "odd = FALSE") : subscription()));
        beginAnew();
    }

    /** A branch of this client's, and how far its coordinator has come. */
    private final class Branch {
        final BranchId id;
        final Ledger.Unit unit;
        Command prepare;
        boolean ended;
        boolean prepared;
        boolean decided;

        Branch() {
            id = new BranchId(1, new byte[] {(byte) index}, number(++sent));
            unit = world.ledger.new Unit(id.toString());
        }
    }

    private static byte[] number(long value) {
        return new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /** One end of a socket. */
    private final class Socket implements Outlet {
        ClientFrame.Handler handler;
        boolean closed;

        @Override
        public void send(ServerFrame frame) {
            if (closed) {
                throw new AssertionError("a frame for a closed socket: " + frame);
            }
            if (socket == this) {
                incoming.add(frame);
            }
        }

        @Override
        public void flush() {
            // chance says when frames arrive
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static Source queue(int index, String selector) {
        return Source.queue(World.queue(index), selector);
    }

    static Source subscription() {
        return new Source(World.TOPIC, Source.Mode.CONSUME, "s", true, true, false, null);
    }

    private void beginAnew() {
        id = world.nextConnection();
        knownRun = 0;
        lastNumber = 0;
        confirmed = 0;
        unconfirmed.clear();
        content.clear();
        transaction = world.ledger.new Unit("transaction of " + index);
        ending = false;
        branch = null;
        for (ClientConsumer consumer : consumers) {
            consumer.handed.clear();
            consumer.open(0);
        }
    }

    // ---- the socket

    void connectIfNeeded() {
        if (socket != null || closing && unconfirmed.isEmpty()) {
            return;
        }
        Socket next = new Socket();
        socket = next;
        ready = false;
        outgoing.clear();
        incoming.clear();
        ClientFrame.Connect connect = new ClientFrame.Connect(id, null, null, null, 0, knownRun, confirmed, "sim");
        world.turn(() -> next.handler = world.broker.connect(connect, new Login("", Login.Permissions.ALL), next));
    }

    void breakSocket() {
        if (socket != null) {
            world.trace("socket of " + index + " breaks");
            Socket lost = socket;
            read(world.random.nextInt(10));
            onBrokerLost();
            awayUntilStep = world.chance(300) ? world.steps + world.random.nextInt(300) : 0;
            if (lost.handler != null && world.chance(900)) {
                world.turn(() -> world.broker.disconnected(lost.handler, lost));
            }
        }
    }

    /** Whatever was on its way is lost. */
    void onBrokerLost() {
        socket = null;
        ready = false;
        outgoing.clear();
        incoming.clear();
    }

    /** The broker gets some of what was sent; within a turn. */
    void deliverSome(int count) {
        for (int done = 0; done < count && !outgoing.isEmpty(); done++) {
            ClientFrame frame = outgoing.poll();
            world.trace(() -> index + " > " + frame);
            if (socket != null && socket.handler != null && !socket.closed) {
                frame.dispatch(socket.handler);
            }
        }
    }

    /** The client gets some of what the broker sent. */
    void read(int count) {
        for (int done = 0; done < count && !incoming.isEmpty(); done++) {
            onFrame(incoming.poll());
        }
        if (socket != null && socket.closed && incoming.isEmpty()) {
            onBrokerLost();
        }
    }

    private void onFrame(ServerFrame frame) {
        world.trace(() -> index + " < " + frame);
        if (frame instanceof ServerFrame.Connected connected) {
            onConnected(connected);
        } else if (frame instanceof ServerFrame.Refused refused) {
            onRefused(refused);
        } else if (frame instanceof ServerFrame.Confirmed confirmation) {
            onConfirmed(confirmation.command());
        } else if (frame instanceof ServerFrame.Failed failed) {
            unconfirmed.stream()
                    .filter(command -> command.number == failed.command())
                    .forEach(command -> command.failure = failed.code());
        } else if (frame instanceof ServerFrame.Deliver deliver) {
            consumer(deliver.consumer()).onDeliver(deliver);
        } else if (frame instanceof ServerFrame.Drained drained) {
            ClientConsumer consumer = consumer(drained.consumer());
            if (drained.generation() == consumer.generation && drained.token() == consumer.drainToken) {
                consumer.drainAnswered = true;
            }
        }
    }

    private ClientConsumer consumer(long number) {
        return consumers.get((int) number - 1);
    }

    private void onConfirmed(long number) {
        confirmed = Math.max(confirmed, number);
        while (!unconfirmed.isEmpty() && unconfirmed.peek().number <= number) {
            Command done = unconfirmed.poll();
            done.onDone.run();
        }
    }

    private void issue(Command command) {
        command.number = ++lastNumber;
        command.failure = null; // whatever was said of an earlier number is void
        unconfirmed.add(command);
        if (ready) {
            outgoing.add(command.frame.apply(command.number));
        }
    }

    // ---- resumption

    private void onConnected(ServerFrame.Connected connected) {
        boolean sameRun = connected.run() == knownRun;
        world.trace("client " + index + " connected, last command " + connected.lastCommand() + " of " + lastNumber
                + (sameRun ? ", same run" : ", another run"));
        knownRun = connected.run();
        List<Command> done = new ArrayList<>();
        List<Command> again = new ArrayList<>();
        for (Command command : unconfirmed) {
            boolean forgotten = !sameRun && command.kind == Command.Kind.CONTENT && content.contains(command);
            if (command.kind == Command.Kind.SET_UP || forgotten) {
                continue;
            }
            (command.number <= connected.lastCommand() ? done : again).add(command);
        }
        if (!sameRun) {
            again.removeIf(command -> command.kind == Command.Kind.VOLATILE);
            again.forEach(command -> command.mayBeVain |= command.consumer != null);
            consumers.forEach(consumer -> consumer.carried.addAll(consumer.handed.keySet()));
            forgetBranch(connected.lastCommand());
            again.removeIf(command -> command.kind == Command.Kind.BRANCH);
            boolean over = done.stream().anyMatch(command -> command.kind == Command.Kind.OTHER && isEnd(command));
            if (!over) {
                // once its commit was sent, it may have shown what is not in the log
                again.addAll(
                        0,
                        content.stream()
                                .filter(command -> !(ending && command.isVolatileContent))
                                .toList());
            }
        }
        unconfirmed.clear();
        unconfirmed.addAll(done);
        ready = true;
        for (int queue = 0; queue < World.QUEUES; queue++) {
            outgoing.add(new ClientFrame.DeclareAddress(queue, World.queue(queue)));
        }
        outgoing.add(new ClientFrame.DeclareAddress(World.QUEUES, World.TOPIC));
        if (!closing) {
            setUp(again);
        }
        again.forEach(this::issue);
    }

    private Command end;

    private boolean isEnd(Command command) {
        return command == end;
    }

    private void setUp(List<Command> again) {
        for (ClientConsumer consumer : consumers) {
            issue(new Command(Command.Kind.SET_UP, number -> new ClientFrame.OpenSession(number, consumer.session)));
            EntryRanges.Builder held = new EntryRanges.Builder();
            consumer.handed.keySet().forEach(held::add);
            again.stream()
                    .filter(command -> command.consumer == consumer)
                    .forEach(command -> command.entries.forEach(held::add));
            EntryRanges all = held.build();
            consumer.open(++lastGeneration);
            issue(new Command(
                    Command.Kind.SET_UP,
                    number -> new ClientFrame.Attach(
                            number, consumer.session, consumer.id, consumer.generation, consumer.source, all)));
        }
    }

    /** Another run knows only branches that were prepared durably. */
    private void forgetBranch(long lastCommand) {
        if (branch == null || branch.prepared) {
            return;
        }
        if (branch.prepare != null && branch.prepare.number <= lastCommand) {
            return;
        }
        branch.unit.state(Ledger.State.ROLLED_BACK);
        unconfirmed.remove(branch.prepare);
        branch = null;
    }

    private void onRefused(ServerFrame.Refused refused) {
        world.trace("client " + index + " is refused: " + refused);
        if (refused.code() != ErrorCode.RESUME_EXPIRED) {
            throw new AssertionError(refused);
        }
        for (Ledger.Unit unit : world.ledger.units) {
            boolean mine = unit == transaction || branch != null && unit == branch.unit;
            if (mine && unit.state == Ledger.State.OPEN) {
                unit.state(Ledger.State.ROLLED_BACK);
            }
        }
        // whether these were done, nobody will tell any more; a branch is asked for by the collector
        for (Ledger.Unit unit : pending) {
            boolean ofBranch = unit.name.startsWith("1:");
            if (unit.state == Ledger.State.COMMITTING && !ofBranch) {
                unit.state(Ledger.State.DOUBT);
            }
        }
        pending.clear();
        beginAnew();
        onBrokerLost();
    }

    private final List<Ledger.Unit> pending = new ArrayList<>();

    // ---- what it does

    void act() {
        if (socket == null) {
            if (world.steps >= awayUntilStep) {
                connectIfNeeded();
            }
            return;
        }
        read(1 + world.random.nextInt(8));
        if (!ready) {
            return;
        }
        for (int count = 1 + world.random.nextInt(5); count > 0; count--) {
            actOnce();
        }
    }

    private void actOnce() {
        int kind = world.random.nextInt(3);
        ClientConsumer consumer = consumers.get(kind);
        switch (world.random.nextInt(14)) {
            case 0, 1, 2 -> send(kind);
            case 3, 4, 5, 6 -> hand(consumer);
            case 7, 8, 9 -> acknowledge(kind, consumer);
            case 10, 11 -> credit(consumer);
            case 12 -> endUnit(kind);
            default -> {
                if (world.chance(300)) {
                    drainOrRelease(consumer);
                }
            }
        }
    }

    private void send(int kind) {
        if (kind == LOCAL && ending || kind == XA && !inBranch()) {
            return;
        }
        Ledger.Unit unit = kind == PLAIN ? world.ledger.new Unit("send") : kind == LOCAL ? transaction : branch.unit;
        boolean persistent = world.chance(700);
        boolean expires = world.chance(50);
        int target = world.random.nextInt(World.QUEUES + 1);
        String messageId = index + "-" + kind + "-" + (persistent ? "p" : "n") + "-" + ++sent;
        Ledger.Message message = world.ledger.new Message(messageId, unit, persistent, expires);
        message.goesTo(target == World.QUEUES ? "s" : World.queue(target).name());
        byte[] body = messageId.getBytes(StandardCharsets.UTF_8);
        EnvelopeBuilder builder = new EnvelopeBuilder()
                .persistent(persistent)
                .property("odd", sent % 2 == 1)
                .body(BodyKind.TEXT, body, body.length);
        if (expires) {
            builder.expiration(world.nowMs + world.random.nextInt(3000));
        } else if (target != 0 && world.chance(50)) {
            builder.deliveryTime(world.nowMs + world.random.nextInt(3000));
        }
        if (target != 0 && world.chance(200)) {
            builder.priority(world.random.nextInt(10));
        }
        byte[] envelope = builder.build().bytes();
        Command.Kind commandKind = kind == LOCAL
                ? Command.Kind.CONTENT
                : kind == XA ? Command.Kind.BRANCH : persistent ? Command.Kind.OTHER : Command.Kind.VOLATILE;
        Command command = new Command(
                commandKind, number -> new ClientFrame.Send(number, kind + 1, kind != PLAIN, target, envelope));
        command.isVolatileContent = !persistent;
        if (kind == PLAIN) {
            commit(unit, command);
        } else if (kind == LOCAL) {
            content.add(command);
        }
        issue(command);
    }

    /** The unit's fate is that of the command. */
    private void commit(Ledger.Unit unit, Command command) {
        unit.state(Ledger.State.COMMITTING);
        pending.add(unit);
        command.then(() -> {
            pending.remove(unit);
            boolean certain = command.failure == null && !command.mayBeVain;
            unit.state(
                    command.failure != null
                            ? Ledger.State.ROLLED_BACK
                            : certain ? Ledger.State.COMMITTED : Ledger.State.DOUBT);
        });
    }

    private void hand(ClientConsumer consumer) {
        ServerFrame.Deliver deliver = consumer.buffer.poll();
        if (deliver == null) {
            return;
        }
        String messageId = new String(Envelope.of(deliver.envelope()).body().readRemaining(), StandardCharsets.UTF_8);
        world.trace(() -> index + " is handed " + messageId + " as entry " + deliver.entry() + " of " + consumer.id);
        Ledger.Copy copy = world.ledger.onSeen(World.placeOf(consumer.source), messageId, deliver.redelivered());
        if (consumer.isAlone() && !deliver.redelivered()) {
            int dash = messageId.lastIndexOf('-');
            world.ledger.onSeenInOrder(
                    copy, messageId.substring(0, dash), Long.parseLong(messageId.substring(dash + 1)));
        }
        consumer.handed.put(deliver.entry(), copy);
        consumer.carried.remove(deliver.entry());
    }

    private void acknowledge(int kind, ClientConsumer consumer) {
        if (consumer.handed.isEmpty() || kind == LOCAL && ending || kind == XA && !inBranch()) {
            return;
        }
        long entry = consumer.handed.keySet().iterator().next();
        Ledger.Copy copy = consumer.handed.remove(entry);
        boolean forced = world.random.nextBoolean();
        Ledger.Unit unit =
                kind == PLAIN ? world.ledger.new Unit("acknowledgement") : kind == LOCAL ? transaction : branch.unit;
        unit.settle(copy);
        Command.Kind commandKind =
                kind == LOCAL ? Command.Kind.CONTENT : kind == XA ? Command.Kind.BRANCH : Command.Kind.OTHER;
        Command command = new Command(
                commandKind,
                consumer,
                EntryRanges.of(entry),
                number ->
                        new ClientFrame.Acknowledge(number, consumer.id, kind != PLAIN, forced, EntryRanges.of(entry)));
        if (kind == PLAIN) {
            command.mayBeVain = consumer.carried.contains(entry);
            commit(unit, command);
        } else if (kind == LOCAL) {
            content.add(command);
        }
        issue(command);
    }

    private void credit(ClientConsumer consumer) {
        consumer.limit = Math.max(consumer.limit, consumer.received + 1 + world.random.nextInt(6));
        outgoing.add(new ClientFrame.Credit(consumer.id, consumer.generation, consumer.limit));
    }

    private void drainOrRelease(ClientConsumer consumer) {
        if (world.random.nextBoolean()) {
            consumer.drainAnswered = false;
            consumer.drainToken = ++lastToken;
            outgoing.add(new ClientFrame.Drain(consumer.id, consumer.generation, consumer.drainToken));
            return;
        }
        release(consumer);
    }

    private void release(ClientConsumer consumer) {
        EntryRanges handed = consumer.handedEntries();
        consumer.handed.clear();
        consumer.open(++lastGeneration);
        issue(new Command(Command.Kind.OTHER, consumer, handed, number -> {
            if (consumer.generation < lastGeneration) {
                consumer.open(++lastGeneration);
            }
            return new ClientFrame.Release(number, consumer.id, consumer.generation, handed);
        }));
    }

    // ---- units of work

    private boolean inBranch() {
        return branch != null && !branch.ended;
    }

    private void endUnit(int kind) {
        if (kind == LOCAL && !ending) {
            endTransaction(world.chance(700));
        } else if (kind == XA) {
            advanceBranch(world.chance(800));
        }
    }

    private void endTransaction(boolean commits) {
        ending = true;
        Ledger.Unit unit = transaction;
        Command command = new Command(
                Command.Kind.OTHER,
                number -> commits ? new ClientFrame.Commit(number, 2) : new ClientFrame.Rollback(number, 2));
        if (commits) {
            commit(unit, command);
        } else {
            unit.state(Ledger.State.ROLLED_BACK);
        }
        Runnable outcome = command.onDone;
        command.then(() -> {
            outcome.run();
            content.clear();
            transaction = world.ledger.new Unit("transaction of " + index);
            ending = false;
        });
        end = command;
        issue(command);
    }

    private void advanceBranch(boolean well) {
        if (branch == null) {
            Branch next = new Branch();
            branch = next;
            issue(branchCommand(number -> new ClientFrame.XaStart(number, 3, next.id, 0)));
        } else if (!branch.ended) {
            branch.ended = true;
            BranchId branchId = branch.id;
            issue(branchCommand(number -> new ClientFrame.XaEnd(number, 3, branchId, TMSUCCESS)));
        } else if (branch.prepare == null) {
            prepareBranch();
        } else if (branch.prepared && !branch.decided) {
            decideBranch(well);
        }
    }

    private static Command branchCommand(java.util.function.LongFunction<ClientFrame> frame) {
        return new Command(Command.Kind.BRANCH, frame);
    }

    private void prepareBranch() {
        Branch mine = branch;
        mine.prepare = branchCommand(number -> new ClientFrame.XaPrepare(number, mine.id));
        mine.prepare.then(() -> {
            if (mine.prepare.failure != null || mine.unit.sent.isEmpty() && mine.unit.settled.isEmpty()) {
                mine.unit.state(Ledger.State.ROLLED_BACK);
                branch = null;
            } else {
                mine.prepared = true;
            }
        });
        issue(mine.prepare);
    }

    private void decideBranch(boolean commits) {
        Branch mine = branch;
        mine.decided = true;
        mine.unit.state(commits ? Ledger.State.COMMITTING : Ledger.State.ROLLED_BACK);
        Command command = new Command(
                Command.Kind.OTHER,
                number -> commits
                        ? new ClientFrame.XaCommit(number, mine.id, false)
                        : new ClientFrame.XaRollback(number, mine.id));
        command.then(() -> {
            boolean repeatedRollback = !commits && command.failure == ErrorCode.XA_UNKNOWN;
            world.ledger.check(
                    command.failure == null || repeatedRollback,
                    "the end of " + mine.unit + ": " + command.failure,
                    null);
            if (commits) {
                mine.unit.state(Ledger.State.COMMITTED);
            }
            branch = null;
        });
        issue(command);
    }

    // ---- the end

    /** Nothing is under way, so every question was answered. */
    void checkAnswered() {
        world.ledger.check(
                unconfirmed.isEmpty(), "unconfirmed at the end: " + unconfirmed.size() + " of " + index, null);
        for (ClientConsumer consumer : consumers) {
            world.ledger.check(consumer.drainAnswered, "a drain without an answer at client " + index, null);
        }
    }

    void wrapUp() {
        if (!ready) {
            return;
        }
        if (!content.isEmpty() && !ending) {
            endTransaction(world.random.nextBoolean());
        }
        if (branch != null) {
            advanceBranch(world.random.nextBoolean());
        }
        consumers.forEach(this::release);
    }

    void close() {
        closing = true;
        issue(new Command(Command.Kind.OTHER, ClientFrame.Close::new));
    }
}
