package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import io.posthorn.wire.message.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A session of a client: sends, and does with what its consumers receive whatever chance says. Which unit of work that is, the kind of session knows. */
abstract class ClientSession {

    final Client client;
    final World world;
    final int number;
    final List<ClientConsumer> consumers;

    /** Units whose commit was asked for and not confirmed. */
    private final Map<Ledger.Unit, Command> pending = new LinkedHashMap<>();

    /** Something was refused for now. */
    private boolean blocked;

    /** It was for want of room on the disk, and nobody has said yet that there is. */
    private boolean waitsForRoom;

    /** What it tried again with last; null when it has not. */
    private Command reopening;

    ClientSession(Client client, int number) {
        this.client = client;
        this.world = client.world;
        this.number = number;
        this.consumers = Places.of(client, number);
    }

    /** The unit of work that a send or acknowledgement belongs to now; null when there is none at the moment. */
    abstract Ledger.Unit unit();

    abstract boolean isTransacted();

    /** What a resumption does with a send or an acknowledgement of this session. */
    abstract Command.Kind kindOf(boolean isVolatile);

    /** A send or acknowledgement of the unit is about to be issued. */
    abstract void onWork(Ledger.Unit unit, Command command);

    /** Goes one step further towards the end of the unit. */
    abstract void advanceUnit();

    /** Leaves nothing open. */
    abstract void endUnit();

    /** The unit that is open when the server gave the connection up; null for none. */
    abstract void onUnitLost();

    /** The broker is another one: changes what counts as done and what is sent again. */
    void onAnotherRun(long lastCommand, List<Command> done, List<Command> again) {
        consumers.forEach(consumer -> consumer.carried.addAll(consumer.handed.keySet()));
    }

    /** Whether these were done, nobody will tell any more. */
    final void onExpired() {
        onUnitLost();
        for (Ledger.Unit unit : pending.keySet()) {
            if (unit.state == Ledger.State.COMMITTING) {
                unit.state(Ledger.State.DOUBT);
            }
        }
    }

    /** Opens the session and its consumers, with what they hold, and will acknowledge {@code again}. */
    final void setUp(List<Command> again) {
        client.issue(new Command(Command.Kind.SET_UP, command -> new ClientFrame.OpenSession(command, number)));
        for (ClientConsumer consumer : consumers) {
            EntryRanges.Builder held = new EntryRanges.Builder();
            consumer.handed.keySet().forEach(held::add);
            again.stream()
                    .filter(command -> command.consumer == consumer)
                    .forEach(command -> command.entries.forEach(held::add));
            attach(consumer, held.build());
        }
    }

    private void attach(ClientConsumer consumer, EntryRanges held) {
        consumer.open(client.nextGeneration());
        client.issue(new Command(
                Command.Kind.SET_UP,
                command -> new ClientFrame.Attach(
                        command, number, consumer.id, consumer.generation, consumer.source, held)));
    }

    /** If it is one of its own commands that was refused: somebody will say when there is room, or has said so to an earlier socket. */
    final void waitForRoom(long command, long lastOfEarlierSockets) {
        boolean mine = pending.values().stream().anyMatch(refused -> refused.number == command);
        waitsForRoom |= mine && (reopening == null || command > reopening.number);
        if (command <= lastOfEarlierSockets) {
            tryAgainIfWaiting();
        }
    }

    /** Nobody may know any more whom to tell. */
    final void tryAgainIfWaiting() {
        if (waitsForRoom) {
            client.tryAgain(number);
        }
    }

    /** Refusals up to this command do not count any more. */
    final void triedAgain(Command reopen) {
        waitsForRoom = false;
        reopening = reopen;
    }

    final boolean waitsForRoom() {
        return waitsForRoom;
    }

    /** The unit's fate is that of the command. */
    final void commit(Ledger.Unit unit, Command command) {
        unit.state(Ledger.State.COMMITTING);
        pending.put(unit, command.letsIn(unit));
        command.then(() -> {
            pending.remove(unit);
            blocked |= command.failure == ErrorCode.BLOCKED;
            world.ledger.blocked += command.failure == ErrorCode.BLOCKED ? 1 : 0;
            boolean certain = command.failure == null && !command.mayBeVain;
            unit.state(
                    command.failure != null
                            ? Ledger.State.ROLLED_BACK
                            : certain ? Ledger.State.COMMITTED : Ledger.State.DOUBT);
        });
    }

    // ---- what it does

    final void act() {
        if (blocked && world.chance(100)) {
            blocked = false;
            client.tryAgain(number);
        }
        ClientConsumer consumer = consumers.get(world.random.nextInt(consumers.size()));
        switch (world.random.nextInt(14)) {
            case 0, 1, 2 -> send();
            case 3, 4, 5, 6 -> hand(consumer);
            case 7, 8, 9 -> acknowledge(consumer);
            case 10, 11 -> credit(consumer);
            case 12 -> advanceUnit();
            default -> {
                if (world.chance(300)) {
                    drainOrRelease(consumer);
                }
            }
        }
    }

    private void send() {
        Ledger.Unit unit = unit();
        if (unit == null) {
            return;
        }
        boolean persistent = world.chance(700);
        boolean expires = world.chance(50);
        int alias = Places.anyAlias(world);
        long sent = client.nextSent();
        String messageId = client.index + "-" + number + "-" + (persistent ? "p" : "n") + "-" + sent;
        Ledger.Message message = world.ledger.new Message(messageId, unit, persistent, expires);
        Places.expect(message, alias, sent % 2 == 1);
        boolean isLong = world.chance(150);
        long upload = isLong ? sent : 0;
        byte[] envelope = envelope(messageId, sent, alias, persistent, expires, upload);
        Command command = new Command(
                kindOf(!persistent),
                numbered -> new ClientFrame.Send(numbered, number, isTransacted(), sent % 3 == 0, alias, envelope));
        command.isVolatileContent = !persistent;
        if (isLong) {
            command.ahead = LongBody.upload(messageId, upload, persistent || isTransacted());
        }
        onWork(unit, command);
        client.issue(command);
    }

    /** What comes to queue 0 must come in order, so that it has neither delays nor priorities. */
    private byte[] envelope(String messageId, long sent, int alias, boolean persistent, boolean expires, long upload) {
        byte[] body = messageId.getBytes(StandardCharsets.UTF_8);
        EnvelopeBuilder builder = new EnvelopeBuilder()
                .persistent(persistent)
                .property("odd", sent % 2 == 1)
                .body(BodyKind.TEXT, body, body.length);
        if (upload != 0) {
            builder.messageId(messageId)
                    .bodyApart(BodyKind.TEXT, Manifest.ofUpload(LongBody.length(messageId), upload));
        }
        if (expires) {
            builder.expiration(world.nowMs + world.random.nextInt(3000));
        } else if (alias != 0 && world.chance(50)) {
            builder.deliveryTime(world.nowMs + world.random.nextInt(3000));
        }
        if (alias != 0 && world.chance(200)) {
            builder.priority(world.random.nextInt(10));
        }
        return builder.build().bytes();
    }

    private void hand(ClientConsumer consumer) {
        ServerFrame.Deliver deliver = consumer.buffer.poll();
        if (deliver == null) {
            return;
        }
        Envelope envelope = Envelope.of(deliver.envelope());
        String messageId = LongBody.messageId(envelope);
        world.trace(
                () -> client.index + " is handed " + messageId + " as entry " + deliver.entry() + " of " + consumer.id);
        Ledger.Copy copy = world.ledger.onSeen(
                Places.placeOf(consumer.source), messageId, deliver.redelivered(), deliver.attempts());
        if (consumer.isAlone() && !deliver.redelivered()) {
            int dash = messageId.lastIndexOf('-');
            world.ledger.onSeenInOrder(
                    copy, messageId.substring(0, dash), Long.parseLong(messageId.substring(dash + 1)));
        }
        consumer.handed.put(deliver.entry(), copy);
        consumer.carried.remove(deliver.entry());
        if (envelope.bodyIsApart()) {
            world.ledger.check(LongBody.isNamed(envelope), "a body that is not whole: " + messageId, null);
            consumer.fetched.put(deliver.entry(), messageId);
            for (int index = 0; index < LongBody.pieceCount(messageId); index++) {
                client.say(new ClientFrame.FetchPiece(consumer.id, deliver.entry(), index));
            }
        }
    }

    private void acknowledge(ClientConsumer consumer) {
        Ledger.Unit unit = consumer.handed.isEmpty() ? null : unit();
        if (unit == null) {
            return;
        }
        EntryRanges entry = EntryRanges.of(consumer.handed.keySet().iterator().next());
        boolean forced = world.random.nextBoolean();
        unit.settle(consumer.handed.remove(entry.first(0)));
        Command command = new Command(
                kindOf(false),
                consumer,
                entry,
                numbered -> new ClientFrame.Acknowledge(numbered, consumer.id, isTransacted(), forced, entry));
        command.mayBeVain = !isTransacted() && consumer.carried.contains(entry.first(0));
        onWork(unit, command);
        client.issue(command);
    }

    private void credit(ClientConsumer consumer) {
        consumer.limit = Math.max(consumer.limit, consumer.received + 1 + world.random.nextInt(6));
        client.say(new ClientFrame.Credit(consumer.id, consumer.generation, consumer.limit));
    }

    private void drainOrRelease(ClientConsumer consumer) {
        if (world.random.nextBoolean()) {
            consumer.drainAnswered = false;
            consumer.drainToken = client.nextToken();
            client.say(new ClientFrame.Drain(consumer.id, consumer.generation, consumer.drainToken));
        } else {
            release(consumer);
        }
    }

    private void release(ClientConsumer consumer) {
        EntryRanges handed = consumer.handedEntries();
        consumer.handed.clear();
        consumer.open(client.nextGeneration());
        client.issue(new Command(Command.Kind.OTHER, consumer, handed, command -> {
            if (consumer.generation < client.lastGeneration()) {
                consumer.open(client.nextGeneration());
            }
            return new ClientFrame.Release(command, consumer.id, consumer.generation, handed);
        }));
    }

    /** Others have nothing to do: keeps what was handed over, and gives back the rest. */
    final void onRecall(ClientConsumer consumer, ServerFrame.Recall recall) {
        if (recall.generation() == consumer.generation) {
            world.ledger.recalled += consumer.buffer.size();
            attach(consumer, consumer.handedEntries());
        }
    }

    final void wrapUp() {
        endUnit();
        consumers.forEach(this::release);
    }
}
